// Rating on a phone. A complete pair is saved at once; chosen by finger or mouse, the page moves on
// by itself. Arrow keys choose while they pass, and a screen reader's taps look for their way: there
// the button waits. Keys choose a step of the question that has the focus.
const form = document.querySelector("[data-rate]");
if (form) rate();

function rate() {
  const LOOK = 900; // milliseconds in which one sees what was chosen
  const [mark, go, back] = ["mark", "go", "back"].map((name) => form.querySelector(`[data-${name}]`));
  const questions = [...form.querySelectorAll("fieldset")].map((fieldset) => ({
    radios: [...fieldset.querySelectorAll("input")],
    asked: fieldset.querySelector("[data-asked]"),
    said: fieldset.querySelector("[data-said]"),
  }));
  let onward = form.dataset.skip; // where what is saved leads
  let timer = 0;
  let isByHand = false;
  let isMoving = false; // as soon as what is chosen is saved
  let isLeaving = false; // for the next measure: a key that comes now does not mean this one
  let isUp = false; // the time; what is in hand is still taken

  const chosenOf = ({ radios }) => radios.find((radio) => radio.checked);
  const isWhole = () => questions.every(chosenOf);
  const isTouched = () =>
    questions.some(({ radios }) => radios.some((each) => each.checked !== each.defaultChecked));

  // A browser's error page would throw the choice away.
  const isOffline = () => choice.state === "offline" || !navigator.onLine;

  const leave = (address) => {
    stay();
    isLeaving = true;
    Habits.set("keys", isByHand ? "" : "yes", "sessionStorage");
    const { here } = Outbox;
    if (here.isFleeting) location.assign(address);
    else here.go(address); // what waits is on the device
  };

  const stay = () => {
    clearTimeout(timer);
    isMoving = false;
    go.classList.remove("runs");
  };

  const moveOn = () => {
    isMoving = !isLeaving && (isTouched() || isOffline());
    if (!isMoving && !isLeaving) leave(onward);
  };

  const tell = (name) => {
    mark.textContent = (name === "saved" ? "✓ " : "") + form.dataset[name];
    mark.className = { saved: "mark mark--ok", failed: "mark mark--wait" }[name] ?? "mark";
  };

  const choice = Choice(form, {
    stored(fields, address) {
      // What the server has is what the page would be drawn with.
      for (const { radios } of questions) {
        for (const radio of radios) radio.defaultChecked = radio.value === fields[radio.name];
      }
      onward = address;
      dispatchEvent(new Event("saved"));
    },
    ended(how, login) {
      if (how === "signed out") location.assign(login);
      else if (how === "refused") form.submit(); // the page itself then says what is wrong
      else tell(how === "sent" ? "saved" : "failed");
      if (how === "sent" && (isMoving || isUp) && !isTouched()) leave(onward);
    },
    restored(fields) {
      for (const { radios } of questions) {
        for (const radio of radios) radio.checked = radio.value === fields[radio.name];
      }
      show();
      tell("failed");
    },
  });

  // Whoever comes back to change something may change both.
  const wasWhole = isWhole();

  const show = () => {
    for (const question of questions) {
      const chosen = chosenOf(question);
      question.asked.hidden = Boolean(chosen);
      question.said.textContent = chosen ? chosen.dataset.words : "";
    }
    go.classList.toggle("btn--main", isWhole());
    go.firstElementChild.textContent = form.dataset[isWhole() ? "next" : "skipping"];
  };

  const wordOf = (question) => {
    const chosen = chosenOf(question);
    const criterion = chosen.closest("fieldset").querySelector("legend b").textContent.trim();
    return `${criterion}: ${chosen.dataset.words}`;
  };

  const save = () => {
    tell("sending");
    return choice.save([form.dataset.label, ...questions.map(wordOf)].join("\n"));
  };

  // Without a connection the next measure comes from this browser, where it has one (worker.js).
  const goOnOffline = async () => {
    await save();
    const { here } = Outbox;
    if (here.isKept && !here.isFleeting) here.go(form.dataset.onward);
  };

  form.addEventListener("change", () => {
    stay();
    show();
    if (!isWhole()) return;
    save();
    if (!isByHand || wasWhole || Habits.get("auto") === "off") return;
    go.classList.add("runs");
    timer = setTimeout(moveOn, LOOK);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isLeaving) return;
    if (!isWhole()) {
      if (!isOffline()) leave(form.dataset.skip);
    } else if (isOffline()) {
      goOnOffline();
    } else {
      if (isTouched()) save();
      moveOn();
    }
  });

  // A finger has a size and a mouse presses; what a screen reader sends does neither.
  form.addEventListener("pointerdown", ({ width, height, pressure }) => {
    isByHand = width > 1 || height > 1 || pressure > 0;
  });

  const choose = ({ radios }, radio) => {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const next = questions[questions.findIndex((each) => each.radios === radios) + 1];
    if (next) (chosenOf(next) ?? next.radios[0]).focus();
    else radio.focus();
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    isByHand = false;
    const question = questions.find(({ radios }) => radios.includes(event.target));
    if (!question) return;
    if (isLeaving) {
      if (event.key !== "Tab") event.preventDefault();
      return;
    }
    const steps = question.radios.length - 1; // the last one is "cannot judge"
    const key = event.key.toLowerCase();
    const step = key === "0" && steps === 10 ? 10 : Number(key);
    if (key === "k") choose(question, question.radios[steps]);
    else if (/^\d$/.test(key) && step >= 1 && step <= steps) choose(question, question.radios[step - 1]);
    else return;
    event.preventDefault();
  });

  // Where one came from. Of a page that came through the service worker Firefox tells no referrer: so
  // each says when it is left, which is later than the next one is asked for.
  const [leftAt = 0, left = ""] = Habits.get("left", "sessionStorage").split(" ");
  const [visit] = performance.getEntriesByType("navigation");
  const isNew = visit?.type === "navigate" && leftAt > performance.timeOrigin && left !== location.href;
  if (isNew) history.replaceState({ left }, "");
  addEventListener("pagehide", () => Habits.set("left", `${Date.now()} ${location.href}`, "sessionStorage"));

  // The way back is where one came from: the measure before, drawn as it was left.
  back.addEventListener("click", (event) => {
    const start = new URL(back.href).pathname;
    const before = document.referrer || history.state?.left;
    const from = before && new URL(before);
    const isMeasure = from && from.origin === location.origin && from.pathname.startsWith(start) &&
      /^\d+\/$/.test(from.pathname.slice(start.length));
    if (!isMeasure || history.length < 2) return;
    event.preventDefault();
    stay();
    history.back();
  });

  // Who has half a pair in hand, or one that is not sent, may end it in the grace.
  addEventListener("up", (event) => {
    if (!isTouched()) return;
    event.preventDefault();
    isUp = true;
    const [told, clock] = ["told", "left"].map((name) => document.querySelector(`[data-closing] [data-${name}]`));
    told.textContent = form.dataset.up;
    document.querySelector("[data-announced]").textContent = form.dataset.up;
    clock.hidden = true;
  });

  addEventListener("pageshow", () => { isLeaving = false; }); // back again
  show();
  if (isWhole() && isTouched()) save(); // chosen before this listened, or kept by the browser

  // Whoever goes by keys has the focus on the first question of each page; nobody else sees a frame.
  if (Habits.get("keys", "sessionStorage") && document.activeElement === document.body) {
    (chosenOf(questions[0]) ?? questions[0].radios[0]).focus();
  }
}
