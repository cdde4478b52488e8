// The matrix by keyboard: one tab stop, arrow keys lead to the nearest mark in that direction, Home
// and End to the best and the last, Page Down and Page Up along the ranking. What belongs to the
// same measure is pointed at together, in the picture and in the table.
const phone = matchMedia("(max-width: 40rem)"); // as in matrix.css: another picture
const picture = () => [...document.querySelectorAll("[data-matrix]")].find((svg) => svg.getClientRects().length);
const marks = () => [...picture()?.querySelectorAll(".mark") ?? []]; // best first
const nameOf = (mark) => document.getElementById(`mark-${mark.dataset.measure}`)?.dataset.name;

// How far another mark lies ahead and aside.
const ways = {
  ArrowUp: ([x, y]) => [-y, x],
  ArrowRight: ([x, y]) => [x, y],
  ArrowDown: ([x, y]) => [y, x],
  ArrowLeft: ([x, y]) => [-x, y],
};

// Where the server put the marks; they are noted before matrix-zoom.js moves any.
const places = new WeakMap();

// The nearest mark within 45 degrees of straight ahead.
const neighbour = (mark, key) => {
  const [x, y] = places.get(mark);
  let [nearest, least] = [undefined, Infinity];
  for (const other of marks()) {
    const [otherX, otherY] = places.get(other);
    const [ahead, aside] = ways[key]([otherX - x, otherY - y]);
    const distance = Math.hypot(ahead, aside);
    if (ahead > 0 && Math.abs(aside) <= ahead && distance < least) [nearest, least] = [other, distance];
  }
  return nearest;
};

// Says what lies around a mark, for people who cannot see it: read after its name.
const describe = (mark) => {
  const text = document.getElementById("mark-around");
  if (!text) return;
  const around = Object.keys(ways).flatMap((key) => {
    const next = neighbour(mark, key);
    const name = next && nameOf(next);
    return name ? [text.dataset[key.slice(5).toLowerCase()].replace("{name}", () => name)] : [];
  });
  text.textContent = around.length ? text.dataset.around.replace("{list}", () => around.join(", ")) : "";
  mark.setAttribute("aria-describedby", text.id);
};

const rove = (to) => {
  picture()?.querySelector(".mark[tabindex='0']")?.setAttribute("tabindex", "-1");
  to?.setAttribute("tabindex", "0");
};

// The tab stop never lies outside a window that was zoomed in.
const settle = () => {
  const seen = (mark) => mark && !mark.hasAttribute("data-outside");
  const stop = picture()?.querySelector(".mark[tabindex='0']");
  if (!seen(stop)) rove(marks().find(seen) ?? stop);
};

// What belongs to a measure, in the picture and beside it; looking for it through the page would take
// longer than all else that a move of the mouse sets off.
let parts = new Map();

const collect = () => {
  for (const row of pointed) if (!row.isConnected) pointRow(row, false);
  parts = new Map();
  for (const each of document.querySelectorAll("[data-measure]")) {
    const { measure } = each.dataset;
    if (parts.has(measure)) parts.get(measure).push(each);
    else parts.set(measure, [each]);
  }
};

const prepare = () => {
  collect();
  for (const mark of marks()) {
    if (places.has(mark)) continue;
    const { e, f } = mark.transform.baseVal.getItem(0).matrix;
    places.set(mark, [e, f]);
    mark.setAttribute("tabindex", mark === document.activeElement ? "0" : "-1");
  }
  settle();
};

const steps = {
  Home: () => 0,
  End: (place, all) => all.length - 1,
  PageDown: (place) => place + 1,
  PageUp: (place) => place - 1,
};

document.addEventListener("keydown", (event) => {
  const mark = event.target.closest?.("[data-matrix] .mark");
  if (!mark || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const { key } = event;
  if (!(key in ways) && !(key in steps)) return;
  event.preventDefault();
  const all = marks();
  const there = key in ways ? neighbour(mark, key) : all[steps[key](all.indexOf(mark), all)];
  there?.focus({ preventScroll: true }); // where it is before matrix-zoom.js has moved it here
});

// A row takes its colour when it is in sight, or a screen away: of a long table, which browsers paint
// as a whole, that costs more than a frame has time for.
const pointed = new Set(); // rows
let frame = 0;

const colour = () => {
  frame = 0;
  const edges = [...pointed].map((row) => row.getBoundingClientRect());
  [...pointed].forEach((row, place) => {
    const { top, bottom } = edges[place];
    row.classList.toggle("is-pointed", bottom > -innerHeight && top < 2 * innerHeight);
  });
};
const colourSoon = () => {
  if (pointed.size) frame ||= requestAnimationFrame(colour);
};

const pointRow = (row, on) => {
  if (on) pointed.add(row);
  else if (pointed.delete(row)) row.classList.remove("is-pointed");
  colourSoon();
};

const point = (target, on) => {
  const measure = target.closest?.("[data-measure]")?.dataset.measure;
  for (const each of parts.get(measure) ?? []) {
    if (each.matches("tr, li")) pointRow(each, on);
    else each.classList.toggle("is-pointed", on);
  }
};

const arrive = (target) => {
  const mark = target.closest?.("[data-matrix] .mark");
  if (!mark) return;
  rove(mark);
  describe(mark);
  requestAnimationFrame(() => mark.scrollIntoView({ block: "nearest", inline: "nearest" }));
};

// What the focus is on, and the mouse, before anybody listens or when a page is shown again.
const meet = (here) => {
  for (const row of pointed) pointRow(row, false);
  for (const each of document.querySelectorAll(".is-pointed")) each.classList.remove("is-pointed");
  for (const each of document.querySelectorAll(`[data-measure]:is(${here})`)) point(each, true);
};

for (const [event, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(event, ({ target }) => point(target, on));
}
addEventListener("scroll", colourSoon, { capture: true, passive: true });
document.addEventListener("focusin", ({ target }) => arrive(target));
document.addEventListener("htmx:afterSettle", ({ target }) => {
  prepare();
  // The list came anew, with its ranges, while somebody points at a mark or a row.
  if (target.id === "rank-list") meet(":hover, :focus-within");
});
phone.addEventListener("change", prepare);
// htmx takes leave of every element that it replaces, one by one: with 300 measures that takes
// longer than everything else. It has nothing to do with those inside the results.
document.addEventListener("htmx:beforeSwap", ({ detail: { shouldSwap, target } }) => {
  if (!shouldSwap || target.id !== "results" || target.contains(document.activeElement)) return;
  const page = target.closest(".dash") ?? target;
  page.style.minBlockSize = `${page.offsetHeight}px`; // nothing below may move up meanwhile
  target.replaceChildren();
});
document.addEventListener("matrix:settled", settle);
// The picture to download is the one on the page, and so is the view to save.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("a[data-follows]")) link.search = location.search;
  for (const form of document.querySelectorAll("form[data-follows]")) {
    form.action = form.action.replace(/\?.*|$/, () => location.search);
  }
});
// A page may have been drawn days before it is printed.
addEventListener("beforeprint", () => {
  const today = new Date().toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  for (const time of document.querySelectorAll("[data-today]")) time.textContent = today;
});
// After "back" the browser knows where the mouse is only when it moves.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  meet(":focus-within");
  addEventListener("pointermove", () => meet(":hover, :focus-within"), { once: true });
});
prepare();
meet(":hover, :focus-within");
arrive(document.activeElement);
