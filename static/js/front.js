// Projector and cockpit follow the day: they ask every few seconds whether they are old (see
// measures/hall/marks.py), and then bring themselves to what the server says now (morph.js). Nothing
// moves while a finger is down, nothing takes the focus, and one sentence at most every ten seconds
// is said to screen readers. Nothing is asked while nobody looks, and less often without a network.
const USUAL = 2000; // milliseconds until the next question, see KEPT in measures/hall/marks.py
const LONGEST = 60_000;
const PATIENCE = 10_000;
const CALM = 700; // after the last touch
const QUIET = 10_000; // between two announcements

const page = () => document.querySelector("[data-front]");
let pause = USUAL;
let timer = 0;
let isAsking = false;
let touched = -CALM;
let isDown = false;

// The timer -----------------------------------------------------------------------------------

const clocks = new WeakMap(); // by its element: what the server said, and when that is over

const tick = () => {
  for (const each of document.querySelectorAll("[data-left]")) {
    const said = `${page()?.dataset.drawn} ${each.dataset.left}`;
    if (clocks.get(each)?.said !== said) {
      clocks.set(each, { said, ends: performance.now() + 1000 * each.dataset.left });
    }
    if ("stands" in each.dataset) continue;
    const left = Math.max(0, Math.ceil((clocks.get(each).ends - performance.now()) / 1000));
    const text = [Math.floor(left / 60), left % 60].map((n) => String(n).padStart(2, "0")).join(":");
    if (each.textContent !== text) each.textContent = text;
  }
};
setInterval(tick, 250);

// What is said ----------------------------------------------------------------------------------

let said = null;
let saidAt = -QUIET;

const say = () => {
  const box = document.querySelector("[data-said]");
  const text = document.querySelector("[data-say]")?.dataset.say ?? "";
  if (!box || text === said) return;
  const wait = saidAt + QUIET - performance.now();
  if (wait > 0) {
    setTimeout(say, wait);
    return;
  }
  if (said !== null) {
    box.textContent = text; // what stood there from the beginning was read already
    saidAt = performance.now();
  }
  said = text;
};

// Bringing the page up to date -----------------------------------------------------------------

const isBusy = () => isDown || performance.now() - touched < CALM;

const calm = async () => {
  while (isBusy()) await new Promise((done) => setTimeout(done, 100));
};

// Two answers may overlap: the older one never takes the place of the newer.
let asked = 0;
let taken = 0;
const ticket = () => ++asked;

const take = async (html, number) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const front = fresh.querySelector("[data-front]");
  if (!front) return false;
  await calm();
  if (number < taken) return true;
  taken = number;
  const { screen } = page().dataset;
  document.title = fresh.title;
  if (front.dataset.screen !== screen) page().replaceWith(document.adoptNode(front));
  else globalThis.morph(page(), document.adoptNode(front));
  const { theme } = page().dataset;
  if (theme) document.documentElement.dataset.kernTheme = theme;
  else if (theme === "") delete document.documentElement.dataset.kernTheme;
  tick();
  say();
  watch();
  return true;
};

const end = () => {
  const ended = document.querySelector("[data-front-ended]");
  page()?.remove();
  if (ended) ended.hidden = false;
};

const renew = async (signal) => {
  const number = ticket();
  const answer = await fetch(location.href, { cache: "no-store", signal });
  if (answer.status === 404 && document.querySelector("[data-front-ended]")) return end();
  if (!answer.ok) throw new Error(answer.statusText);
  // Signed out meanwhile: the page of the log-in has no front.
  if (!(await take(await answer.text(), number))) location.reload();
};

// What time alone changes: a timer is over, the plan's next part begins, and the rating ends, which
// the cockpit's next look closes.
const SLACK = 300; // milliseconds, for what was rounded
let dueAt = 0;
const watch = () => {
  const { due } = page()?.dataset ?? {};
  clearTimeout(dueAt);
  if (due) dueAt = setTimeout(() => renew().catch(reportError), 1000 * due + SLACK);
};

const ask = async () => {
  clearTimeout(timer);
  if (isAsking || document.hidden || !page()) return;
  isAsking = true;
  try {
    const signal = AbortSignal.timeout?.(PATIENCE);
    const answer = await fetch(page().dataset.front, { cache: "no-cache", signal });
    const isEnded = answer.status === 404; // the code of this projector is another one by now
    if (!answer.ok && !isEnded) throw new Error(answer.statusText);
    if (isEnded || (await answer.text()) !== page().dataset.drawn) await renew(signal);
    pause = USUAL;
  } catch {
    pause = Math.min(2 * pause, LONGEST);
  }
  isAsking = false;
  timer = setTimeout(ask, pause);
};

globalThis.front = { take, ticket, renew };

for (const type of ["pointerdown", "pointerup", "pointercancel"]) {
  addEventListener(
    type,
    () => {
      isDown = type === "pointerdown";
      touched = performance.now();
    },
    { capture: true, passive: true },
  );
}
document.addEventListener("visibilitychange", ask);
addEventListener("online", ask);
addEventListener("pageshow", ({ persisted }) => persisted && ask());
tick();
say();
watch();
timer = setTimeout(ask, USUAL);
