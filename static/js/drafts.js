// What somebody has begun to write stays in this browser until it is stored: in a form with
// data-draft="<account>", whoever leaves by a link, the back button, the tab's cross or a power cut
// finds it again. By account: at a shared laptop nobody reads another's words.
//
// A form that changes what is stored carries what its writer saw (the field "seen"). The draft keeps
// that too, so a change of somebody else meanwhile is a conflict, as if the page had stayed open.
const SENT = "draft-sent"; // in this tab: the form that has just left with its page

const store = Kept.storage; // where that is forbidden the page is as good as without this script

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

// Forms that the server has given back: what stands in them is not stored, whoever wrote it there.
const unstored = new WeakSet();
const given = new WeakSet(); // forms that somebody has cancelled: leaving them is no change
const keep = (form) => {
  if (given.has(form)) return;
  const values = Object.fromEntries(fieldsOf(form).map((field) => [keyOf(field), valueOf(field)]));
  store.setItem(nameOf(form), JSON.stringify({ at: Date.now(), values }));
};

const drop = (form) => store.removeItem(nameOf(form));

const put = (field, value) => {
  if (isChoice(field)) field.checked = value;
  else field.value = value;
};

const restore = (form) => {
  const draft = JSON.parse(store.getItem(nameOf(form)));
  if (!draft) return;
  if (isAnswer(form)) unstored.add(form);
  if (unstored.has(form)) return;
  for (const field of fieldsOf(form)) {
    if (keyOf(field) in draft.values) put(field, draft.values[keyOf(field)]);
  }
  if (!isStaying(form)) form.prepend(noteFor(form));
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
const meet = () => {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (known.has(form)) continue;
    known.add(form);
    if (isTouched(form)) keep(form); // written before this script came
    else restore(form);
  }
};

// The answer to a form that was sent with its page is another page, or the same after a redirect.
// Unless that one says that something failed, asks who is there, or is an old one, the words are
// stored. What comes at once, at the address where the form was sent, holds it again: a preview.
const settleSent = () => {
  const name = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const [page] = performance.getEntriesByType("navigation");
  const isAnother = page?.type === "navigate" && !(page.responseStatus >= 400);
  if (!name || !isAnother || location.pathname.startsWith("/accounts/")) return;
  const form = [...document.querySelectorAll("form[data-draft]")].find((each) => nameOf(each) === name);
  if (form && !page.redirectCount && pathOf(form) === location.pathname) unstored.add(form);
  else if (!form || !isAnswer(form)) store.removeItem(name);
};

const formOf = (event) => event.target.closest?.("form[data-draft]") ?? event.target.form?.closest("form[data-draft]");

if (store) {
  settleSent();
  meet();
  document.addEventListener("htmx:afterSettle", meet);
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
  document.addEventListener("htmx:afterRequest", ({ detail: { successful, requestConfig } }) => {
    const form = requestConfig.elt;
    if (!successful || !form.matches("form[data-draft]")) return;
    drop(form);
    // A line that stays may hold the next words already.
    if (isStaying(form) && isTouched(form)) keep(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("form[data-draft]")) return;
    sessionStorage.setItem(SENT, nameOf(event.target));
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
    const { values } = JSON.parse(oldValue);
    const isSame = (field) => valueOf(field) === values[keyOf(field)];
    if (form && fieldsOf(form).every(isSame)) form.reset();
  });
}
