// The card beside the mark that is pointed at, by mouse, focus or finger. It stays while the mouse
// is over it, Escape closes it, and a finger pins it: the first tap shows the card, the second
// opens the measure. Every sentence and every rounded number comes from the server.
const OPEN = 80; // milliseconds, so that a mouse on its way does not leave a trail of cards
const CLOSE = 250; // enough to move from the mark to its card
const NEAR = 16; // pixels between the two, without the edge of a focused mark
const EDGE = 8; // pixels to the window's edge
const FINGER = 24; // pixels around the place that a finger touches

const phone = matchMedia("(max-width: 40rem)"); // as in matrix.css

let shown = null; // the mark
let pinned = false;
let held = false; // by the mouse, which is on the card
let returning = false; // the focus, from a card that was closed: no reason to open it again
let timer = 0;

const card = () => document.getElementById("mark-card");
const slot = (name) => card().querySelector(`[data-slot="${name}"]`);
const say = (name, text) => {
  slot(name).textContent = text;
  slot(name).hidden = !text;
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const markOf = (target) => {
  const part = target.closest?.("[data-matrix] :is(.mark, .title)");
  if (!part?.matches(".title")) return part;
  return part.closest("svg").querySelector(`.mark[data-measure="${part.dataset.measure}"]`);
};
// The wide picture's mark says of a measure what the phone's does not repeat.
const sourceOf = (mark) => document.getElementById(`mark-${mark.dataset.measure}`) ?? mark;

const drawn = (name, attributes, text = "") => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};

// One column per step of the scale: its count above, the step below.
const bars = (box, counts, mean, low, highest) => {
  const [width, height, foot] = [150, 44, 16];
  const each = width / counts.length;
  const svg = box.querySelector("svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height + foot + 14}`);
  svg.setAttribute("aria-label", counts.map((count, place) => `${low + place}: ${count}`).join(", "));
  svg.replaceChildren(drawn("path", { d: `M0 ${height + 14}H${width}` }));
  counts.forEach((count, place) => {
    const [x, size] = [each * (place + 0.5), highest ? (height * count) / highest : 0];
    const top = height + 14 - size;
    svg.append(drawn("rect", { x: x - each * 0.4, y: top, width: each * 0.8, height: size }));
    if (count) svg.append(drawn("text", { x, y: top - 3 }, count));
    svg.append(drawn("text", { x, y: height + 14 + 12, class: "columns__step" }, low + place));
  });
  box.querySelector("[data-mean]").textContent = fill(card().dataset.mean, { mean });
};

// Rank ranges are computed later than the page and may not have come yet. Of many measures they are
// long, and a mouse on its way shows many cards.
const read = new WeakMap();
const ranges = () => {
  const source = document.getElementById("rank-ranges");
  if (!source) return {};
  if (!read.has(source)) read.set(source, JSON.parse(source.textContent || "{}"));
  return read.get(source);
};

const write = (mark) => {
  const facts = sourceOf(mark).dataset;
  const { name, rank, n, field, quadrant, measure, extra = "" } = facts;
  const entry = document.querySelector(`.legend [data-field="${field}"]`);
  // A group has ranks of its own, but not its own ranges.
  const ranked = mark.closest("[data-foreign-ranks]") ? {} : ranges();
  const [low, high, codes = "", code, percent, word = ""] = ranked[measure] ?? [];
  const series = /series-\d+/.exec(mark.getAttribute("class"))[0];
  card().className = card().className.replace(/ ?series-\d+/, "") + ` ${series}`;
  say("title", name);
  slot("title").href = mark.getAttribute("href");
  say("field", entry?.textContent.trim() ?? "");
  card().querySelector(".legend__shape").setAttribute("d", entry?.querySelector("path").getAttribute("d") ?? "");
  const one = fill(low === high ? card().dataset.rank : card().dataset.range, { rank, low, high });
  say("rank", rank && one);
  say("quadrant", document.querySelector(`.matrix__quadrant[data-quadrant="${quadrant}"]`).textContent);
  say("n", fill(card().dataset.n, { n }));
  say("lead", word && fill(card().dataset.lead, { code, percent, word }));
  say("open", codes && fill(card().dataset.open, { codes }));
  say("extra", extra);
  const first = Number(mark.closest("svg").dataset.low);
  // A public picture keeps the distributions to itself, and so does one that too few judged.
  const every = [...card().querySelectorAll("[data-criterion]")];
  for (const box of every) box.hidden = !facts[box.dataset.criterion];
  const boxes = every.filter((box) => !box.hidden);
  card().querySelector(".mark-card__bars").hidden = !boxes.length;
  const counts = boxes.map((box) => facts[box.dataset.criterion].split(",").map(Number));
  const means = facts.means.split(" ");
  const highest = Math.max(...counts.flat());
  boxes.forEach((box, place) => bars(box, counts[place], means[place], first, highest));
};

// Above the mark, or below, or beside it: where the window has room, and never over it.
const place = () => {
  const box = card();
  for (const edge of ["maxBlockSize", "left", "top"]) box.style[edge] = "";
  if (box.matches(".is-sheet")) return;
  const mark = shown.querySelector(".marker").getBoundingClientRect();
  const stage = box.parentElement.getBoundingClientRect();
  const [width, height] = [box.offsetWidth, box.offsetHeight];
  const [across, down] = [document.documentElement.clientWidth, window.innerHeight];
  const room = { above: mark.top - NEAR - EDGE, below: down - mark.bottom - NEAR - EDGE };
  const between = (low, value, high) => Math.max(low, Math.min(value, high));
  let x = between(EDGE, mark.left + mark.width / 2 - width / 2, across - width - EDGE);
  let y = mark.top - NEAR - height;
  if (room.above < height) {
    y = mark.bottom + NEAR;
    if (room.below < height) {
      const right = across - mark.right - NEAR - EDGE >= width;
      if (right || mark.left - NEAR - EDGE >= width) {
        x = right ? mark.right + NEAR : mark.left - NEAR - width;
        y = between(EDGE, mark.top + mark.height / 2 - height / 2, down - height - EDGE);
      } else {
        box.style.maxBlockSize = `${Math.max(room.above, room.below)}px`;
        if (room.above > room.below) y = EDGE;
      }
    }
  }
  box.style.left = `${x - stage.left}px`;
  box.style.top = `${y - stage.top}px`;
};

const hide = () => {
  clearTimeout(timer);
  [shown, pinned, held] = [null, false, false];
  if (card()) card().hidden = true;
};

const show = (mark, pin = false) => {
  clearTimeout(timer);
  [shown, pinned, held] = [mark, pin, false];
  write(mark);
  card().hidden = false;
  card().querySelector("[data-close]").hidden = !pin;
  card().classList.toggle("is-pinned", pin);
  card().classList.toggle("is-sheet", pin && phone.matches);
  card().setAttribute("role", pin ? "dialog" : "group");
  // Enter on the mark does the same: no second stop, unless a finger asked for the card.
  slot("title").tabIndex = pin ? 0 : -1;
  place();
  if (pin) card().focus({ preventScroll: true });
};

// By the person: the focus goes back from the card to its mark.
const close = () => {
  const back = (pinned || card().contains(document.activeElement)) && shown;
  hide();
  returning = true;
  if (back) back.focus({ preventScroll: true });
  returning = false;
};

const later = (act, delay) => {
  clearTimeout(timer);
  timer = setTimeout(act, delay);
};

// Back to the mark that has the keyboard, if one has it.
const leave = () => {
  const mark = markOf(document.activeElement);
  if (mark?.matches(":focus-visible")) show(mark);
  else hide();
};

// Mouse and focus may be on a mark before anybody listens.
const meet = () => {
  const mark = matchMedia("(hover: hover)").matches && document.querySelector("[data-matrix] .mark:hover");
  if (mark) show(mark);
  else leave();
};

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch" || pinned) return;
  const mark = markOf(target);
  held = Boolean(target.closest?.("#mark-card"));
  if (mark && mark !== shown) later(() => show(mark), OPEN);
  else if (mark || held) clearTimeout(timer);
});
document.addEventListener("pointerout", ({ target, pointerType }) => {
  if (pointerType === "touch" || pinned) return;
  if (markOf(target) || target.closest?.("#mark-card")) later(leave, CLOSE);
});
document.addEventListener("focusin", ({ target }) => {
  const mark = markOf(target);
  // On the whole screen it stands below the picture, see matrix-full.js.
  if (!returning && mark?.matches(":focus-visible") && !mark.closest(".is-full")) show(mark);
});
document.addEventListener("focusout", ({ target }) => {
  if (!pinned && markOf(target) === shown) hide();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) close();
});
// The mark that a finger meant: the one that it touched, or the nearest.
const touched = ({ target, clientX, clientY }) => {
  const svg = target.closest?.("[data-matrix]");
  if (!svg || target.closest(".mark")) return markOf(target);
  const away = (mark) => {
    const { x, y, width, height } = mark.querySelector(".marker").getBoundingClientRect();
    return Math.hypot(x + width / 2 - clientX, y + height / 2 - clientY);
  };
  const [near] = [...svg.querySelectorAll(".mark")].map((mark) => [away(mark), mark])
    .filter(([distance]) => distance < FINGER).sort(([one], [other]) => one - other);
  return near?.[1] ?? markOf(target);
};

document.addEventListener("click", (event) => {
  const byFinger = event.pointerType === "touch" && !event.ctrlKey && !event.metaKey;
  const mark = byFinger ? touched(event) : markOf(event.target);
  if (mark && byFinger && !(pinned && mark === shown)) {
    event.preventDefault();
    show(mark, true);
  } else if (event.target.closest?.("[data-close]")) close();
  else if (pinned && !event.target.closest?.("#mark-card")) hide();
});
document.addEventListener("matrix:moved", () => {
  if (shown?.isConnected) place();
});
addEventListener("resize", () => shown?.isConnected && place());
phone.addEventListener("change", hide); // another picture
// The page carries the card along. One that the mouse is on is not put to the mark's other side: it
// would be gone from under the mouse, and soon closed.
addEventListener("scroll", () => shown?.isConnected && !held && place(), { capture: true, passive: true });
// A new picture: the card of the same measure, if it is still there.
document.addEventListener("htmx:afterSettle", () => {
  if (!shown || shown.isConnected) return;
  const mark = [...document.querySelectorAll(`.mark[data-measure="${shown.dataset.measure}"]`)]
    .find((each) => each.getClientRects().length);
  if (mark && pinned) show(mark, true);
  else meet();
});
// "Back" may show the page as it was left, with the card of a mark that the mouse is not on any more;
// the browser itself knows only when the mouse moves.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted || pinned) return;
  leave();
  addEventListener("pointermove", meet, { once: true });
});
meet();
