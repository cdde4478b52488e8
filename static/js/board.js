// The typist's line: Enter empties it at once and the next line can be typed while the last one
// travels. What is not stored yet waits in this browser (one entry per line, by its client id), so
// neither a lost network nor an expired session nor a closed tab costs a word. The server stores a
// client id once, so sending again is harmless.
//
// A script in <head> and no module: it listens before the first line can be typed. What needs htmx
// or the whole board waits until the page is there.
"use strict";

const ready = new Promise((done) => addEventListener("DOMContentLoaded", done)); // after htmx's own
const board = () => document.getElementById("board");
// By account too: at a shared laptop nobody sends another's lines under the own name.
const prefix = () => `outbox:${board().dataset.account}:${location.pathname}:`;
// Where the browser forbids storage the lines live as long as the page.
const storage = (() => {
  try {
    localStorage.setItem("probe", "");
    localStorage.removeItem("probe");
    return localStorage;
  } catch {
    const kept = new Map();
    return {
      keys: () => [...kept.keys()],
      getItem: (key) => kept.get(key),
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
})();
const storedKeys = () => storage.keys?.() ?? Object.keys(storage);
const words = (name) => board().dataset[name];
let sending = false;
let timer = 0;

const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID(); // only where the page came over HTTPS
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

const outbox = {
  all() {
    return storedKeys()
      .filter((key) => key.startsWith(prefix()))
      .map((key) => JSON.parse(storage.getItem(key)))
      .sort((a, b) => a.at - b.at);
  },
  put(item) {
    storage.setItem(prefix() + item.fields.client_id, JSON.stringify(item));
  },
  remove(item) {
    storage.removeItem(prefix() + item.fields.client_id);
  },
};

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const pendingId = (item) => `pending-${item.fields.client_id}`;

const listOf = (item) => document.getElementById(item.line) ?? board().querySelector(".lines");

const showPending = (item, problem = "") => {
  const state = problem || words("sending");
  const text = element("div", { class: "row__text" }, element("p", {}, item.fields.title));
  text.append(element("p", { class: problem ? "kern-error" : "muted", role: "status" }, state));
  const row = element("li", { class: "row line line--pending", id: pendingId(item) });
  row.append(element("span", { class: "code" }, "…"), text);
  if (problem) row.append(correction(item));
  const old = document.getElementById(pendingId(item));
  if (old) old.replaceWith(row);
  else listOf(item).append(row);
};

const goOn = ({ line }) => document.querySelector(`[data-line="${line}"] [name=title]`)?.focus();

// A refused line can be corrected where it stands, or given up.
const correction = (item) => {
  const input = element("input", { class: "kern-form-input__input", "aria-label": words("unsent") });
  input.value = item.fields.title;
  const button = (label) =>
    element("button", { class: "kern-btn kern-btn--secondary kern-btn--x-small", type: "button" },
      element("span", { class: "kern-label" }, label));
  const again = button(words("retry"));
  const discard = button(words("discard"));
  again.addEventListener("click", () => {
    item.fields.title = input.value;
    item.refused = false;
    outbox.put(item);
    showPending(item);
    goOn(item);
    send();
  });
  discard.addEventListener("click", () => {
    outbox.remove(item);
    document.getElementById(pendingId(item)).remove();
    goOn(item);
  });
  return element("div", { class: "row__correction" }, input, again, discard);
};

const banner = (text, link) => {
  document.getElementById("outbox-state")?.remove();
  if (!text) return;
  const box = element("div", { class: "outbox-state", id: "outbox-state", role: "status" }, text);
  if (link) box.append(" ", element("a", { href: link, class: "kern-link" }, words("loginLink")));
  board().prepend(box);
};

const stored = async (item, response) => {
  const holder = element("template");
  holder.innerHTML = await response.text();
  const row = holder.content.querySelector("li");
  outbox.remove(item);
  const pending = document.getElementById(pendingId(item));
  // A board that was drawn anew meanwhile may show the stored line already.
  if (document.getElementById(row.id)) pending?.remove();
  else if (pending) pending.replaceWith(row);
  else document.getElementById(item.line)?.append(row);
  if (row.isConnected) globalThis.htmx?.process(row); // which else looks at all of the page when it comes
};

const refuse = async (item, response) => {
  const holder = element("template");
  const said = await response.text();
  if (response.status === 422) holder.innerHTML = said;
  const isPlain = response.headers.get("Content-Type")?.startsWith("text/plain");
  const errors = [...holder.content.querySelectorAll(".kern-error")];
  const problem = isPlain ? said.trim() : errors.map((error) => error.textContent.trim()).join(" ");
  item.refused = true;
  outbox.put(item);
  showPending(item, problem || words("unsent"));
};

const post = (item) =>
  fetch(item.action, {
    method: "POST",
    headers: {
      "X-Fragment": "1",
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
    },
    body: new URLSearchParams(item.fields),
    redirect: "manual",
  });

// Lines go out one after another, so that their numbers follow the order of typing.
const send = async () => {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  try {
    for (let item; (item = outbox.all().find((each) => !each.refused)); ) {
      const response = await post(item);
      if (response.status === 401) {
        banner(words("login"), response.headers.get("X-Login"));
        return;
      }
      if (response.status >= 500 || response.status === 429) throw new Error(response.status);
      if (response.ok) await stored(item, response);
      else await refuse(item, response);
    }
    banner("");
  } catch {
    banner(words("offline"));
    timer = setTimeout(send, 3000);
  } finally {
    sending = false;
  }
};

const typed = (form) => {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrfmiddlewaretoken;
  fields.client_id = newId(); // never the form's own: "back" brings a form whose id is used up
  return { at: Date.now() + performance.now() / 1e6, action: form.action, line: form.dataset.line, fields };
};

// A goal, too, leaves its field at Enter, and the field stays while the board is drawn anew.
const goals = [];
let sendingGoals = false;
const sendGoals = async () => {
  if (sendingGoals) return;
  sendingGoals = true;
  await ready;
  for (let text; (text = goals[0]); goals.shift()) {
    const form = document.getElementById("add-goal");
    let failed = false;
    const note = (event) => (failed ||= event.detail.elt?.id === "add-goal");
    for (const name of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(name, note);
    await htmx
      .ajax("POST", form.action, { source: form, target: "#board", swap: "outerHTML", values: { text } })
      .catch(() => (failed = true));
    for (const name of ["htmx:responseError", "htmx:sendError"]) document.removeEventListener(name, note);
    const input = document.getElementById("new-goal"); // in it may stand what was typed meanwhile
    if (failed) input.value = [...goals.splice(0), input.value].filter(Boolean).join(" / ");
  }
  sendingGoals = false;
};

document.addEventListener("submit", (event) => {
  if (event.target.id !== "add-goal") return;
  event.preventDefault();
  const input = event.target.elements.text;
  if (input.value.trim()) goals.push(input.value);
  input.value = "";
  sendGoals();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest(".add-line");
  if (!form) return;
  event.preventDefault();
  const title = form.elements.title;
  if (!title.value.trim()) {
    title.focus();
    return;
  }
  const item = typed(form);
  outbox.put(item);
  form.reset();
  for (const name of ["title", "description"]) form.elements[name].value = "";
  form.querySelector(".line-errors").replaceChildren();
  showPending(item);
  title.focus();
  send();
});

let left = ""; // where a link to the board leads: "cancel" goes back to where the edit began
let underway = 0;
const held = [];
document.addEventListener("htmx:confirm", (event) => {
  const trigger = event.detail.triggeringEvent;
  if (!underway || !trigger) return;
  // Its own button would be gone with the old board before its answer arrives.
  event.preventDefault();
  held.push(trigger.submitter ?? event.target);
});
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  underway += 1;
  left = target.hash?.slice(1) ?? "";
});
document.addEventListener("htmx:afterRequest", () => {
  underway -= 1;
  while (held.length && !underway) {
    const button = held.shift();
    (button.isConnected ? button : button.id && document.getElementById(button.id))?.click();
  }
});
// A form that is open elsewhere on the board outlives the new board with what is typed in it, and so
// does the correction of a refused line. Who types in one of them goes on typing there.
let open = [];
let waiting = [];
let typing = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isLeft = (row) => !row.contains(detail.requestConfig.elt);
  const isBoard = detail.target === board();
  open = isBoard ? [...document.querySelectorAll(".row--editing")].filter(isLeft) : [];
  waiting = isBoard ? [...document.querySelectorAll(".line--pending")] : [];
  const isHere = (row) => row.contains(document.activeElement);
  typing = [...open, ...waiting].some(isHere) ? document.activeElement : null;
});
document.addEventListener("htmx:afterSettle", () => {
  for (const row of open.splice(0)) {
    document.getElementById(row.id)?.replaceWith(row);
    htmx.process(row);
  }
  for (const item of outbox.all()) {
    if (document.getElementById(pendingId(item))) continue;
    const row = waiting.find(({ id }) => id === pendingId(item));
    if (row) listOf(item).append(row);
    else showPending(item, item.refused ? words("unsent") : "");
  }
  waiting = [];
  typing?.focus({ preventScroll: true });
  typing = null;
  const form = document.querySelector(".row--editing form[data-focus]");
  if (form) {
    form.removeAttribute("data-focus");
    const wanted = form.querySelector("[role=alert]") ?? form.querySelector("input:not([type=hidden]), textarea");
    const { activeElement: now } = document; // who has gone on to write elsewhere stays there
    if (form.contains(now) || !now.matches("input, select, textarea")) wanted.focus();
  } else if (document.activeElement === document.body) {
    document.getElementById(board().dataset.at || left)?.focus();
  }
  delete board().dataset.at;
  // What has the focus may have moved out of sight, together with its line.
  if (board().contains(document.activeElement)) {
    document.activeElement.scrollIntoView({ block: "nearest" });
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest?.(".row--editing")?.querySelector("a[data-hx-get]")?.click();
});
addEventListener("online", send);
// "Back" may show the board as the browser kept it: what was stored since is fetched.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    htmx.ajax("GET", location.pathname, { target: "#board", swap: "outerHTML" });
    send();
  }
});
ready.then(() => {
  for (const item of outbox.all()) showPending(item, item.refused ? words("unsent") : "");
  send();
});
