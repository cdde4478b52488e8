// What somebody has begun to write stays in this browser until it is stored: in a form with
// data-draft="<account>", whoever leaves by a link, the back button, the tab's cross or a power cut
// finds it again. By account: at a shared laptop nobody reads another's words.
//
// A form that changes what is stored carries what its writer saw (the field "seen"). The draft keeps
// that too, so a change of somebody else meanwhile is a conflict, as if the page had stayed open.
const SENT = "draft-sent"; // in this tab: the form that has just left with its page
const SOON = 1000; // milliseconds after a form is sent in which its answer is asked for

// What is nobody's to read afterwards, data-draft-here, stays as long as this tab.
const storeOf = (form) => ("draftHere" in form.dataset ? sessionStorage : Kept.storage);

const pathOf = (form) => new URL(form.action, location).pathname;
const nameOf = (form) => Kept.draft(form.dataset.draft, pathOf(form), form.id);
const isText = (field) => field.matches("textarea, input:not([type]), input[type=text]");
const isChoice = (field) => field.matches("[type=radio], [type=checkbox]");
const isKept = (field) =>
  field.name && (field.matches("textarea, select, [name=seen], [type=date], [type=number]") || isText(field) || isChoice(field));
const fieldsOf = (form) => [...form.elements].filter(isKept);
const keyOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (isChoice(field) ? field.checked : field.value);
const isTouched = (form) => fieldsOf(form).some((field) => isText(field) && field.value !== field.defaultValue);
// The typist's empty lines: what stands in them again needs no explanation.
const isStaying = (form) => form.matches("[data-hx-preserve]");
// What the server gives back is newer than any draft.
const isAnswer = (form) => form.querySelector("[aria-invalid=true], [role=alert]") !== null;
const isRefused = () => performance.getEntriesByType("navigation")[0]?.responseStatus >= 400;

// Forms that the server has given back: what stands in them is not stored, whoever wrote it there.
const unstored = new WeakSet();
const given = new WeakSet(); // forms that somebody has cancelled: leaving them is no change
const keep = (form) => {
  if (given.has(form)) return;
  const values = Object.fromEntries(fieldsOf(form).map((field) => [keyOf(field), valueOf(field)]));
  try {
    Kept.set(nameOf(form), JSON.stringify({ at: Date.now(), values }), storeOf(form));
  } catch {
    // No room at all: the words stay on the page.
  }
};

const drop = (form) => storeOf(form).removeItem(nameOf(form));

const put = (field, value) => {
  if (isChoice(field)) field.checked = value;
  // What cannot be chosen any more stays as it is stored.
  else if (!field.matches("select") || [...field.options].some((each) => each.value === value)) field.value = value;
};

const restore = (form, isFirst) => {
  const draft = Kept.read(storeOf(form).getItem(nameOf(form)));
  if (!draft) return;
  if (isAnswer(form) || (isFirst && isRefused())) unstored.add(form);
  if (unstored.has(form)) {
    keep(form); // with what is seen now
    return;
  }
  for (const field of fieldsOf(form)) {
    if (keyOf(field) in draft.values) put(field, draft.values[keyOf(field)]);
  }
  if (isStaying(form)) return;
  form.prepend(noteFor(form));
  const part = form.closest("details");
  if (part) part.open = true; // what somebody has written is not left folded away
};

const noteFor = (form) => {
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text-button";
  button.textContent = document.body.dataset.draftDiscard;
  button.addEventListener("click", () => {
    drop(form);
    location.reload(); // what is stored by now, not what was when the draft began
  });
  note.append(document.body.dataset.draftNote, " ", button);
  return note;
};

const known = new WeakSet();
const meet = (isFirst) => {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (known.has(form)) continue;
    known.add(form);
    if (isTouched(form)) keep(form); // written before this script came
    else restore(form, isFirst);
  }
  inherit();
};

// Half a line whose goal is gone goes on among those without a goal.
const inherit = () => {
  const heir = document.querySelector("form[data-draft-heir]");
  if (!heir) return;
  const mine = nameOf(heir);
  const kin = mine.slice(0, mine.indexOf("#") + 1);
  for (const name of Object.keys(Kept.storage).filter((each) => each.startsWith(kin))) {
    const draft = Kept.read(Kept.storage.getItem(name));
    if (name === mine || !draft || document.getElementById(name.slice(kin.length))) continue;
    for (const field of fieldsOf(heir).filter(isText)) {
      field.value = [field.value, draft.values[field.name]].filter(Boolean).join(" / ");
    }
    Kept.storage.removeItem(name);
    keep(heir);
  }
};

// The answer to a form that was sent with its page is another page, or the same after a redirect.
// Unless that one says that something failed, asks who is there, is an old one, or was reached by
// another way than the form, the words are stored. What comes at once, at the address where the form
// was sent, holds it again: a preview.
const settleSent = () => {
  const [name, from, at] = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.removeItem(SENT);
  const [page] = performance.getEntriesByType("navigation");
  // Of a page that came through the service worker Firefox tells no referrer, but when it was asked for.
  const isUntold = !document.referrer && navigator.serviceWorker?.controller;
  const isTheirs = isUntold ? Math.abs(performance.timeOrigin - at) < SOON : document.referrer === from;
  const isAnother = page?.type === "navigate" && !isRefused() && isTheirs;
  if (!name || !isAnother || location.pathname.startsWith("/accounts/")) return;
  const form = [...document.querySelectorAll("form[data-draft]")].find((each) => nameOf(each) === name);
  if (form && !page.redirectCount && pathOf(form) === location.pathname) unstored.add(form);
  else if (!form || !isAnswer(form)) for (const store of [Kept.storage, sessionStorage]) store.removeItem(name);
};

const formOf = (event) => event.target.closest?.("form[data-draft]") ?? event.target.form?.closest("form[data-draft]");

// Nobody signed in, nothing to keep. Where a browser forbids all storage the page is as good as
// without this script.
if (Kept.storage && document.body.dataset.draftNote) {
  settleSent();
  meet(true);
  document.addEventListener("htmx:afterSettle", () => meet(false));
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      const form = formOf(event);
      if (!form) return;
      if (isTouched(form) || unstored.has(form)) keep(form);
      else drop(form);
    });
  }
  // "draft:stored" is what a page says that sends its lines by itself, see board.js.
  document.addEventListener("draft:stored", (event) => drop(event.target));
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig } }) => {
    const form = requestConfig.elt;
    if (!(xhr.status >= 200 && xhr.status < 300) || !form.matches("form[data-draft]")) return;
    drop(form);
    // A line that stays may hold the next words already.
    if (isStaying(form) && isTouched(form)) keep(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("form[data-draft]")) return;
    sessionStorage.setItem(SENT, JSON.stringify([nameOf(event.target), location.href.split("#")[0], Date.now()]));
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-draft-drop]")?.closest("form[data-draft]");
    if (!form) return;
    given.add(form);
    drop(form);
  });
  // Stored in another tab: what stands here of it would be stored twice.
  addEventListener("storage", ({ key, newValue, oldValue }) => {
    if (!Kept.isDraft(key) || newValue || !oldValue) return;
    const form = [...document.querySelectorAll("form[data-draft]")].find((each) => nameOf(each) === key);
    const draft = Kept.read(oldValue);
    const isSame = (field) => valueOf(field) === draft.values[keyOf(field)];
    if (form && draft && fieldsOf(form).every(isSame)) form.reset();
  });
}
