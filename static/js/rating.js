// Rating: keys choose a step of the group that has the focus, and a complete pair is saved at once.
const form = document.querySelector("[data-rate]");
const state = form.querySelector("[data-state]");
const groups = ["relevance", "feasibility"].map((name) => [...form.elements[name]]);
let onward = ""; // where what is saved leads
let leaving = false; // for the next measure: a key that comes now does not mean this one

const choice = Choice(form, {
  stored(fields, address) {
    // What the server has is what the page would be drawn with.
    for (const radio of groups.flat()) radio.defaultChecked = radio.value === fields[radio.name];
    onward = address;
    dispatchEvent(new Event("saved"));
  },
  ended(how, login) {
    if (how === "signed out") location.assign(login);
    else if (how === "refused") form.submit(); // the page itself then says what is wrong
    else state.textContent = form.dataset[how === "sent" ? "saved" : "failed"];
  },
  restored(fields) {
    for (const radio of groups.flat()) radio.checked = radio.value === fields[radio.name];
    state.textContent = form.dataset.failed;
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
  return choice.save([form.dataset.label, ...groups.map(wordOf)].join("\n"));
};

// Without a connection the next measure comes from this browser, where it has one (worker.js).
const goOnOffline = async () => {
  await save();
  const { here } = Outbox;
  if (here.isKept && !here.isFleeting) here.go(form.dataset.next);
};

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
  leaving = choice.state !== "offline" && navigator.onLine;
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
