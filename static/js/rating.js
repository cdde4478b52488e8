// Rating: keys choose a step of the group that has the focus, and a complete pair is saved at once.
const form = document.querySelector("[data-rate]");
const state = form.querySelector("[data-state]");
const groups = ["relevance", "feasibility"].map((name) => [...form.elements[name]]);
let onward = ""; // where what is saved leads
let leaving = false; // for the next measure: a key that comes now does not mean this one

// One choice for a measure waits, the newest: it goes out after older ones have been answered, so none
// that arrives late takes its place, and nobody needs to count. It lies on this device until then.
const name = `${form.action} ${form.elements.round.value}`;
const outbox = Outbox.here;
const isMine = ({ id }) => id === name;
let isWaiting = false;
let isSaved = false;

outbox.serve("rating", {
  // What was refused before this page came is shown to be read, and not kept.
  shows: (entry) => isMine(entry) && isWaiting,
  stored(entry, address) {
    if (!isMine(entry)) return;
    [isWaiting, isSaved] = [false, true];
    // What the server has is what the page would be drawn with.
    for (const radio of groups.flat()) radio.defaultChecked = radio.value === entry.fields[radio.name];
    onward = address;
    if (onward) outbox.keep([new URL(onward, location).pathname]);
    dispatchEvent(new Event("saved"));
  },
  async refused(entry, { status }) {
    if (!isMine(entry)) return;
    // The page that says it is closed also shows what could not be taken, see outbox-page.js.
    if (status === 403) location.replace(form.action);
    else {
      await outbox.drop(entry);
      form.submit(); // the page itself then says what is wrong
    }
  },
  ended(how, login) {
    if (how === "sent" && isSaved) state.textContent = form.dataset.saved;
    if (!isWaiting) return; // that is about others
    if (how === "signed out") location.assign(login);
    if (how === "offline") state.textContent = form.dataset.failed;
  },
});

const chosen = () => groups.every((radios) => radios.some((radio) => radio.checked));

const wordOf = (radios) => {
  const radio = radios.find((each) => each.checked);
  const criterion = radio.closest("fieldset").querySelector("legend").textContent.trim();
  return `${criterion}: ${radio.labels[0].textContent.trim()}`;
};

const save = () => {
  state.textContent = form.dataset.sending;
  isWaiting = true;
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrfmiddlewaretoken;
  const label = [form.dataset.label, ...groups.map(wordOf)].join("\n");
  return outbox.put({ id: name, kind: "rating", action: form.action, label, fields });
};

// Without a connection the next measure comes from this browser, where it has one (worker.js).
const goOnOffline = async () => {
  await save();
  if (outbox.isKept && !outbox.isFleeting) outbox.go(form.dataset.next);
};

// What was chosen here before, and could not be sent yet.
outbox.ready.then(() => {
  const [entry] = outbox.all().filter(isMine);
  if (!entry || entry.refused || isWaiting) return;
  isWaiting = true;
  for (const radio of groups.flat()) radio.checked = radio.value === entry.fields[radio.name];
  state.textContent = form.dataset.failed;
});

const choose = (radios, radio) => {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  const next = groups[groups.indexOf(radios) + 1];
  if (next) (next.find((each) => each.checked) ?? next[0]).focus();
  else radio.focus();
};

form.addEventListener("change", () => {
  if (chosen()) save();
});
form.addEventListener("submit", (event) => {
  leaving = outbox.state !== "offline" && navigator.onLine;
  const isStored = onward && groups.flat().every((radio) => radio.checked === radio.defaultChecked);
  if (leaving && !isStored) return;
  event.preventDefault(); // a browser's error page would throw the choice away
  if (leaving) location.assign(onward);
  else if (chosen()) goOnOffline();
});
form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const radios = groups.find((each) => each.includes(event.target));
  if (!radios) return;
  if (leaving) {
    if (event.key !== "Tab") event.preventDefault();
    return;
  }
  const steps = radios.length - 1; // the last one is "cannot judge"
  const key = event.key.toLowerCase();
  const step = key === "0" && steps === 10 ? 10 : Number(key);
  if (key === "k") choose(radios, radios.at(-1));
  else if (/^\d$/.test(key) && step >= 1 && step <= steps) choose(radios, radios[step - 1]);
  else return;
  event.preventDefault();
});

addEventListener("pageshow", () => { leaving = false; }); // back again

// Keys work at once, but a finger on a phone does not lose the text above for the first step's sake.
const first = groups[0].find((radio) => radio.checked) ?? groups[0][0];
const isSeen = first.getBoundingClientRect().bottom <= form.querySelector("[data-bar]").getBoundingClientRect().top;
const isFree = document.activeElement === document.body; // somebody may have been faster
if (isFree && (isSeen || matchMedia("(hover: hover)").matches)) first.focus({ preventScroll: isSeen });
