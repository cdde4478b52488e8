// The picture on the whole screen: arrow keys and two buttons lead from the first to the last rank,
// and what is chosen stands below it in letters for the back row. Escape leaves, and so does the
// button that led there. Where a browser has no whole screen to give, as on some phones, the picture
// takes the window.
const stage = () => document.querySelector(".results__matrix .matrix-stage");
const marks = () => [...stage().querySelectorAll(".mark")].filter((mark) => mark.getClientRects().length);
const isFull = () => Boolean(stage()?.matches(".is-full"));

let back = null; // what had the focus before
let told = null; // the mark whose words stand below

const choose = (mark) => {
  told?.classList.remove("is-told");
  told = mark;
  told?.classList.add("is-told");
};

const tell = (mark) => {
  choose(mark);
  const facts = document.getElementById(`mark-${mark.dataset.measure}`).dataset;
  const text = stage().querySelector(".matrix-told__text");
  const [relevance, feasibility] = facts.means.split(" ");
  const values = { rank: facts.rank, relevance, feasibility };
  const fill = (words) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  stage().querySelector(".matrix-told__rank").textContent = facts.rank;
  const title = document.createElement("strong");
  title.textContent = facts.name;
  const rest = document.createElement("span");
  rest.textContent = [fill(text.dataset.rank), fill(text.dataset.means), facts.extra].filter(Boolean).join(" · ");
  text.replaceChildren(title, " ", rest);
};

const show = (on) => {
  stage().classList.toggle("is-full", on);
  stage().querySelector(".matrix-told").hidden = !on;
  const button = stage().querySelector("[data-full]");
  button.textContent = on ? button.dataset.leave : button.dataset.enter;
  dispatchEvent(new Event("resize")); // the others measure anew
};

const enter = () => {
  back = document.activeElement;
  show(true);
  stage().requestFullscreen?.().catch(() => {}); // refused: the window is what there is
  const current = marks().find((mark) => mark === back) ?? marks()[0];
  current?.focus({ preventScroll: true });
  if (current) tell(current);
};

const leave = () => {
  if (!isFull()) return;
  choose(null);
  show(false);
  if (document.fullscreenElement) document.exitFullscreen();
  (back?.isConnected ? back : stage().querySelector("[data-full]")).focus();
};

// The mark so many ranks further on, or the last one that way.
const next = (step) => {
  const all = marks();
  return all[Math.max(0, Math.min(all.indexOf(told) + step, all.length - 1))];
};

const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

// Before matrix.js, whose arrows lead to the neighbour in the picture.
document.addEventListener("keydown", (event) => {
  if (!isFull()) return;
  if (event.key === "Escape") leave();
  if (!(event.key in steps)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next(steps[event.key])?.focus({ preventScroll: true });
}, { capture: true });
document.addEventListener("focusin", ({ target }) => {
  const mark = isFull() && target.closest?.(".matrix-stage .mark");
  if (mark) tell(mark);
});
document.addEventListener("click", ({ target }) => {
  const step = target.closest?.("[data-step]")?.dataset.step;
  const mark = step && isFull() && next(Number(step));
  if (mark) {
    tell(mark);
    mark.dispatchEvent(new CustomEvent("matrix:told", { bubbles: true }));
  }
  if (!target.closest?.("[data-full]")) return;
  if (isFull()) leave();
  else enter();
});
// The browser's own ways out: Escape does not reach the page while it has the whole screen.
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) leave();
});
const prepare = () => {
  const button = stage()?.querySelector("[data-full]");
  if (button) button.hidden = false;
};
document.addEventListener("htmx:afterSettle", prepare);
prepare();
