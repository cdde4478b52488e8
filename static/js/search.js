// The search on the workshop's bar, a link to its page that opens a dialog instead: a field with
// suggestions (ARIA combobox), which htmx fetches. Loaded in <head>, so that the first "/" counts.
// Enter opens the chosen one; the best one is opened by the server, which has it sooner than we do.
const OFF = "search-key-off"; // in localStorage: who dictates can do without a key of one sign
const WRITTEN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";

const part = (id) => document.getElementById(id);
const options = () => [...document.querySelectorAll("#search-options [role=option]")];
const chosen = () => document.querySelector("#search-options [aria-selected='true']");

const isOff = () => {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // storage may be switched off by policy
  }
};

const open = () => {
  part("search").showModal();
  document.querySelector("[data-search-key]").checked = !isOff();
  part("search-field").select();
};

const choose = (option) => {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) part("search-field").setAttribute("aria-activedescendant", option.id);
  else part("search-field").removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  const all = options();
  const here = all.indexOf(chosen());
  choose(all[here < 0 && by < 0 ? all.length - 1 : (here + by + all.length) % all.length]);
};

const inField = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => chosen().click(),
};

document.addEventListener("click", (event) => {
  const { target } = event;
  const dialog = part("search");
  if (target.closest("[data-search-open]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open();
  } else if (target === dialog || target.closest("[data-search-close], #search a")) {
    dialog.close(); // a result may stand on this very page
  }
});

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (target.id === "search-field" && Object.hasOwn(inField, key)) {
    if (key === "Enter" ? !chosen() : !options().length) return;
    event.preventDefault();
    inField[key]();
  } else if (key === "/" && !target.closest(WRITTEN) && !isOff()) {
    if (!part("search") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  }
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "search-field") choose(null); // what is offered is what was typed before
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-search-key]")) return;
  try {
    if (target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "");
  } catch {
    // The key stays as it is.
  }
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "search-list") part("search-field").setAttribute("aria-expanded", String(options().length > 0));
});

// Who comes back finds the page, not the dialog in front of it.
addEventListener("pagehide", () => part("search")?.close());
