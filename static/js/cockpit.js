// The cockpit's forms are sent without leaving the page, its checks open as dialogs, notes are saved
// by themselves, and keys lead the day. Without scripts all of it works page by page.
//
// Without a connection notes and the choice of a screen wait in the outbox, the newest of each. What
// belongs to its moment does not: a timer, a step of the day and its check.
const outbox = Outbox.here;
const bringUp = { credentials: "same-origin", headers: { Accept: "text/html" } };

// Forms -------------------------------------------------------------------------------------------

const settle = (form, sent) => {
  for (const field of form.elements) {
    if (field.matches("textarea") && sent.has(field.name)) field.defaultValue = sent.get(field.name);
    if (field.matches("[type=checkbox]")) field.defaultChecked = sent.getAll(field.name).includes(field.value);
  }
};

// What this person has seen, now that the own words are stored.
const seenIn = (html, { action }) => {
  const forms = [...new DOMParser().parseFromString(html, "text/html").forms];
  return forms.find((each) => new URL(each.getAttribute("action"), location).href === action).elements.seen.value;
};

const waitingId = (form) => `${form.action} ${form.dataset.waits}`;

const keep = async (form, button, sent) => {
  const label = sent.get("notes") ?? button.getAttribute("aria-label") ?? button.textContent.trim();
  const fields = Object.fromEntries([...sent].filter(([name]) => name !== "csrfmiddlewaretoken"));
  await outbox.put({ id: waitingId(form), kind: "step", action: form.action, label, fields });
  settle(form, sent); // the outbox says that it waits
};

outbox.serve("step", {
  shows: () => false, // what is refused is shown by outbox-page.js
  stored: () => globalThis.front.renew(),
});

const send = async (form, button, sent) => {
  // Of what was sent before the answer may be here by now: nobody conflicts with oneself.
  if (sent.has("seen")) sent.set("seen", form.elements.seen.value);
  const { waits } = form.dataset;
  // One that waits already would arrive after this one.
  if (waits && outbox.all().some(({ id, refused }) => id === waitingId(form) && !refused)) {
    await keep(form, button, sent);
    return;
  }
  const number = globalThis.front.ticket();
  let answer = null;
  try {
    // Also while the page is being left.
    const body = new URLSearchParams([...sent]);
    answer = await fetch(form.action, { ...bringUp, method: "POST", body, keepalive: true });
  } catch {
    // told below
  }
  if (!answer || answer.status === 429 || answer.status >= 500) {
    if (waits) await keep(form, button, sent);
    else {
      const text = document.querySelector("[data-toasts]").dataset.offline.trim();
      document.body.dispatchEvent(new CustomEvent("toast", { detail: { level: "danger", text, about: "offline" } }));
    }
    return;
  }
  const html = await answer.text();
  const isCockpit = answer.ok && html.includes("data-front=");
  if (isCockpit) {
    settle(form, sent);
    if (sent.has("seen")) form.elements.seen.value = seenIn(html, form);
    await globalThis.front.take(html, number);
  } else {
    // A conflict, a refusal, the log-in: the server's page says it, and brings what was typed.
    form.dataset.native = "";
    form.requestSubmit(button);
  }
};

let underWay = ""; // the notes as they were sent last

// One after the other, in the order of pressing.
let sending = Promise.resolve();

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-follow]") || "native" in form.dataset) return;
  event.preventDefault();
  if (form.matches("[data-notes]")) underWay = form.elements.notes.value;
  const sent = new FormData(form, submitter);
  sending = sending.then(() => send(form, submitter, sent)).catch(reportError);
});

// Notes are saved when nobody types for a moment, and when somebody leaves them.
let saving = 0;
const saveNotes = () => {
  clearTimeout(saving);
  const field = document.getElementById("notes");
  if (field && field.value !== field.defaultValue) field.form.requestSubmit();
};
document.addEventListener("input", ({ target }) => {
  if (target.id !== "notes") return;
  clearTimeout(saving);
  saving = setTimeout(saveNotes, 2000);
});
document.addEventListener("focusout", ({ target }) => target.id === "notes" && saveNotes());
addEventListener("beforeunload", (event) => {
  const field = document.getElementById("notes");
  const isStored = !field || [field.defaultValue, underWay].includes(field.value);
  if (!isStored && !("native" in field.form.dataset)) event.preventDefault();
});

// Checks ------------------------------------------------------------------------------------------

const dialog = document.querySelector("[data-check-dialog]");

const check = async (link) => {
  let answer;
  try {
    answer = await fetch(link.href, bringUp);
  } catch {
    location.assign(link.href);
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = fresh.querySelector("main");
  if (!answer.ok || !main || main.querySelector("[data-front]")) {
    location.assign(link.href);
    return;
  }
  const title = main.querySelector("h1");
  const heading = document.createElement("h2");
  heading.className = "kern-heading-medium";
  heading.id = "check-title";
  heading.textContent = title.textContent;
  title.closest(".page-heading")?.remove();
  main.querySelectorAll(".way, .print-only, h1, script").forEach((each) => each.remove());
  const body = document.createElement("div");
  body.className = "stack";
  body.append(heading, ...main.childNodes);
  dialog.replaceChildren(document.adoptNode(body));
  dialog.showModal();
  (dialog.querySelector("[data-safe]") ?? dialog.querySelector("a, button")).focus();
};

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest?.("[data-keys]")) keys.showModal();
  const link = event.target.closest?.("a[data-check]");
  if (link && dialog?.showModal) {
    event.preventDefault();
    check(link);
  }
  if (event.target.closest?.("dialog [data-safe]")) {
    event.preventDefault();
    dialog.close();
  }
});

// Keys --------------------------------------------------------------------------------------------

const keys = document.querySelector("[data-keys-dialog]");
const isOn = document.querySelector("[data-keys-on]");
const OFF = "cockpit-keys-off";
const stored = () => {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false; // storage may be switched off by policy
  }
};
isOn.checked = !stored();
isOn.addEventListener("change", () => {
  try {
    if (isOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // They are off for this page.
  }
});

const nextScreen = () => {
  const all = [...document.querySelectorAll(".cockpit__side .screens [name=screen]:not(:disabled)")];
  const here = all.findIndex((each) => each.getAttribute("aria-pressed") === "true");
  all[(here + 1) % all.length]?.click();
};

const DOES = {
  w: () => document.querySelector("[data-primary]")?.click(),
  l: nextScreen,
  "+": () => document.querySelector("[data-more]")?.click(),
  n: () => document.getElementById("notes")?.focus(),
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, dialog") || document.querySelector("dialog[open]")) return;
  const act = DOES[event.key.toLowerCase()];
  if (!act || (!isOn.checked && event.key !== "?")) return;
  event.preventDefault();
  act();
});
