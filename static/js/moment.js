// A page that people have open while the day goes on: it asks every few seconds whether it is old
// (workshops/audiences.py) and then loads anew by itself. Whoever has something in hand there, which
// the server does not have yet, keeps it and is told instead; once it is saved, the page loads anew
// all the same. Nothing is asked while nobody looks, and less often without a network. A page that
// can go on in place takes the event "moment" and says so by preventDefault().
const USUAL = 3000; // milliseconds until the next question
const LONGEST = 60_000;
const PATIENCE = 10_000;

const box = document.querySelector("[data-moment]");
let pause = USUAL;
let timer = 0;
let isAsking = false;

const tell = () => {
  if (box.childElementCount === 1) box.append(box.querySelector("template").content.cloneNode(true));
};

// Whether something differs from what the page was drawn with.
const isInHand = () =>
  [...document.querySelectorAll("main :is(input, textarea)")].some((each) =>
    each.matches("[type=checkbox], [type=radio]")
      ? each.checked !== each.defaultChecked // without a value of its own a box says "on", and "" by default
      : each.value !== each.defaultValue,
  );

const goOn = () => {
  // Not reload(): a page that answers a form would send it once more.
  if (isInHand()) tell();
  else location.replace(box.dataset.then ?? location.pathname + location.search);
};

const isTaken = () =>
  !dispatchEvent(new CustomEvent("moment", { cancelable: true, detail: goOn }));

const ask = async () => {
  clearTimeout(timer);
  if (isAsking || document.hidden) return;
  isAsking = true;
  try {
    const signal = AbortSignal.timeout?.(PATIENCE);
    const response = await fetch(box.dataset.moment, { cache: "no-cache", signal });
    if (!response.ok) throw new Error(response.statusText);
    if ((await response.text()) !== box.dataset.drawn && !isTaken()) goOn();
    pause = USUAL;
  } catch {
    pause = Math.min(2 * pause, LONGEST);
  }
  isAsking = false;
  // Two hundred phones that were told of something at one moment do not go on in step.
  timer = setTimeout(ask, pause * (0.8 + 0.4 * Math.random()));
};

addEventListener("saved", () => box.childElementCount > 1 && goOn()); // it is not true any more
document.addEventListener("visibilitychange", ask);
addEventListener("online", ask);
addEventListener("pageshow", ({ persisted }) => persisted && ask());
timer = setTimeout(ask, USUAL * Math.random());
