// Makes the public page quicker; without it every part of it works, too.
// The list comes while somebody types, more of it and the matrix in their place, and where a link
// leads to a measure's page a button shares its address.
const WAIT = 150; // milliseconds after a letter
const main = document.querySelector("main");
const find = document.querySelector("[data-find]");

const page = async (url, signal) => {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
};

// The list -------------------------------------------------------------------------------------------

let asked;

// Returns whether the list of this address has come; a later one overtakes it. Whoever pressed a
// button is led to the address where it did not come, who is still typing stays.
const show = async (url, isPressed = true) => {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const list = (await page(url, signal)).getElementById("list");
    if (signal.aborted) return false;
    const status = document.querySelector("#list > [role=status]");
    const [come] = list.querySelectorAll(":scope > [role=status]");
    // The line that is read out stays, only its words are new.
    status.className = come.className;
    if (status.textContent !== come.textContent) status.textContent = come.textContent;
    come.remove();
    status.parentElement.replaceChildren(status, ...list.childNodes);
    history.replaceState(history.state, "", url);
    return true;
  } catch (error) {
    if (isPressed && error.name !== "AbortError") location.assign(url);
    return false;
  }
};

const wanted = () => {
  const parameters = new URLSearchParams(new FormData(find));
  for (const [name, value] of [...parameters]) if (!value) parameters.delete(name);
  const query = String(parameters);
  return location.pathname + (query && `?${query}`);
};

if (find) {
  let waiting;
  find.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(wanted(), false), event.target.matches("select") ? 0 : WAIT);
  });
  find.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show(wanted());
  });
}

main.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-more], [data-all]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const before = document.querySelectorAll("#list > details").length;
  if (link.matches("[data-all]")) for (const each of find.elements) if (each.type !== "hidden") each.value = "";
  if (!(await show(link.href))) return;
  const next = document.querySelectorAll("#list > details")[link.matches("[data-more]") ? before : 0];
  next?.querySelector("summary").focus();
});

// An address that names a measure opens it, also one further down.
const unfold = (card) => {
  card.open = true;
  card.scrollIntoView();
};
const named = /^#measure-\d+$/.test(location.hash) && location.hash.slice(1);
const card = named && find && document.getElementById(named);
if (card) unfold(card);
else if (named && find) {
  const url = new URL(location);
  url.searchParams.set("all", "1");
  show(url.href).then(() => {
    const come = document.getElementById(named);
    if (come) unfold(come);
  });
}

// The matrix -----------------------------------------------------------------------------------------

const part = document.querySelector("[data-matrix-part]");
if (part) {
  const watch = new IntersectionObserver(
    async ([entry]) => {
      if (!entry.isIntersecting) return;
      watch.disconnect();
      try {
        part.replaceChildren((await page(part.querySelector("a").href)).querySelector(".public-matrix"));
      } catch {
        // the link stays
      }
    },
    { rootMargin: "200px" },
  );
  watch.observe(part);
}

// Sharing --------------------------------------------------------------------------------------------

const canShare = Boolean(navigator.share);
const share = async (button, link) => {
  try {
    if (canShare) {
      const title = link.closest("article, details").querySelector("h1, h3").textContent.trim();
      await navigator.share({ title, url: link.href });
    } else {
      await navigator.clipboard.writeText(link.href);
      button.nextElementSibling.textContent = main.dataset.copied;
    }
  } catch {
    // somebody thought better of it; the link is there
  }
};

const offer = (link) => {
  if (link.parentElement.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text-button";
  button.textContent = canShare ? main.dataset.share : main.dataset.copy;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  link.after(" ", button, " ", said);
  button.addEventListener("click", () => share(button, link));
};

// Beside each link that is in sight: the list is changed, and most of its cards are never opened.
if (main.dataset.copy && (canShare || navigator.clipboard)) {
  for (const link of document.querySelectorAll("article [data-share]")) offer(link);
  main.addEventListener(
    "toggle",
    (event) => {
      const link = event.target.open && event.target.querySelector(":scope > * > .public-own > [data-share]");
      if (link) offer(link);
    },
    true,
  );
}
