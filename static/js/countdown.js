// How long the rating is still open, where a page says so. The server tells how many seconds are
// left, and they are counted from when they arrived: a device's clock may be wrong. When the time is
// up the page goes where it says, unless somebody takes the event "up" (js/rating.js); then it goes
// when the grace is over as well.
const seen = new WeakMap();
const SPREAD = 3; // seconds in which two hundred phones come one after another

const written = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

const goTo = (place, seconds) => {
  setTimeout(() => location.replace(place.dataset.then), 1000 * (seconds + SPREAD * Math.random()));
};

const count = () => {
  const place = document.querySelector("[data-left]");
  if (!place) return;
  if (!seen.has(place)) seen.set(place, { began: performance.now(), isUp: false });
  const state = seen.get(place);
  const passed = (performance.now() - state.began) / 1000;
  const left = Math.max(0, Math.ceil(place.dataset.left - passed));
  if (place.textContent !== written(left)) place.textContent = written(left);
  if (left || state.isUp) return;
  state.isUp = true;
  const isWaiting = "wait" in place.dataset || !dispatchEvent(new CustomEvent("up", { cancelable: true }));
  goTo(place, isWaiting ? Number(place.dataset.grace) : 0);
};

count();
setInterval(count, 500);
