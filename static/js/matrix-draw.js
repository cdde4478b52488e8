// Draws the matrix for a zoom that matrix-zoom.js names: axes, quadrants and lines stretch, marks
// keep their size, and one that had to make room goes to its true place as soon as there is some.
// A title keeps its place and its line; while a mark or another title is in their way it stands close
// to its mark, and goes where that is taken too.
const { axisBottom, axisLeft, scaleLinear, select } = globalThis.d3;

const INSET = 10; // of a mark that the focus is on, to the window's edge
const GAP = 2; // least room between two marks, as on the server
const FULL = 15; // radius in pixels of the screen, up to which small marks grow
const ASIDE = "translate(-9999 -9999)";

const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
let current = null;
let clips = 0;

const numbers = (text) => text.match(/-?\d+(\.\d+)?/g).map(Number);
const edges = (rect) => ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
const put = (x, y) => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;

// Decides for one zoom who goes home, and notes each mark's `spot`. At first everybody stands where
// the server put them, only further apart, so that nobody is too near to anybody; then each in turn
// takes its true place if that is free, or else one as near to it as before.
const settleDown = (marks, k) => {
  const cells = new Map();
  const most = 2 * Math.max(...marks.map(({ far }) => far), 1) + GAP;
  const key = ([x, y]) => Math.floor(x / most) * 65536 + Math.floor(y / most);
  const place = ({ home, off }, reach) => [home[0] * k + off[0] * reach, home[1] * k + off[1] * reach];
  const enter = (mark, spot) => {
    mark.spot = spot;
    cells.set(key(spot), [...(cells.get(key(spot)) ?? []), mark]);
  };
  const around = (spot) => [-65536, 0, 65536].flatMap((across) => (
    [-1, 0, 1].flatMap((down) => cells.get(key(spot) + across + down) ?? [])
  ));
  const isFree = (mark, [x, y]) => around([x, y]).every((other) => (
    other === mark
      || Math.hypot(other.spot[0] - x, other.spot[1] - y) >= mark.far + other.far + GAP - 0.01
  ));
  for (const mark of marks) {
    mark.isAway = mark.off[0] !== 0 || mark.off[1] !== 0;
    enter(mark, place(mark, k));
  }
  if (k === 1) return;
  for (const mark of marks.filter(({ isAway }) => isAway)) {
    const reach = [0, mark.size].find((each) => each < k && isFree(mark, place(mark, each)));
    if (reach === undefined) continue;
    cells.set(key(mark.spot), cells.get(key(mark.spot)).filter((other) => other !== mark));
    enter(mark, place(mark, reach));
    mark.isAway = reach > 0;
  }
};

// How far a spot is from a line from the one to the other of two.
const distance = ([x, y], [[x0, y0], [x1, y1]]) => {
  const [across, down] = [x1 - x0, y1 - y0];
  const share = ((x - x0) * across + (y - y0) * down) / (across * across + down * down || 1);
  const part = Math.max(0, Math.min(1, share));
  return Math.hypot(x0 + part * across - x, y0 + part * down - y);
};

// Where a title of that size may stand close to a mark: how far its box's corner is from the middle.
const beside = ({ width, height }, far) => [
  [far + GAP, -height / 2], [-far - GAP - width, -height / 2], [-width / 2, -far - GAP - height], [-width / 2, far + GAP],
];

class Picture {
  constructor(svg) {
    this.svg = svg;
    this.window = svg.querySelector(".matrix__window");
    this.plane = svg.querySelector(".matrix__plane");
    this.leaders = svg.querySelector(".matrix__window > .matrix__leader");
    this.dots = svg.querySelector(".matrix__true");
    this.movable = [this.leaders, this.dots, ...svg.querySelectorAll(".matrix__heads, .matrix__marks, .matrix__titles")];
    this.#readAxes();
    this.#readMarks();
    this.names = [...svg.querySelectorAll(".matrix__quadrant")].map((element, place) => ({
      element,
      edges: edges(this.plane.children[place]),
      isRight: element.getAttribute("text-anchor") === "end",
    }));
    this.measure();
  }

  #readAxes() {
    const [x, y, width, height] = edges(this.svg.querySelector(".matrix__frame"));
    this.extent = [[x, y], [x + width, y + height]];
    const [left, right, bottom, top] = this.svg.dataset.domain.split(" ").map(Number);
    this.x = scaleLinear([left, right], [x, x + width]);
    this.y = scaleLinear([bottom, top], [y + height, y]);
    this.steps = Math.floor(Math.max(right - left, top - bottom)) + 1;
    this.ticks = [...this.svg.querySelectorAll(".matrix__ticks")];
    clips += 1;
    this.clip = `matrix-clip-${clips}`;
    const rect = select(this.svg).append("clipPath").attr("id", this.clip).append("rect");
    rect.attr("x", x).attr("y", y).attr("width", width).attr("height", height);
  }

  #readMarks() {
    this.marks = [...this.svg.querySelectorAll(".mark")].map((element) => {
      const placed = numbers(element.getAttribute("transform"));
      const home = numbers(element.dataset.true ?? element.getAttribute("transform"));
      const reach = Number(element.dataset.reach ?? this.svg.dataset.reach);
      return { element, home, off: [placed[0] - home[0], placed[1] - home[1]], reach };
    });
    const byMeasure = new Map(this.marks.map((mark) => [mark.element.dataset.measure, mark]));
    this.heads = [...this.svg.querySelectorAll(".matrix__heads > *")].map((element) => {
      const [x, y, angle] = numbers(element.getAttribute("transform"));
      return { element, home: [x, y], angle, mark: byMeasure.get(element.dataset.measure) };
    });
    this.titles = [...this.svg.querySelectorAll(".title")].map((element) => {
      const line = element.querySelector(".matrix__leader");
      const at = line ? numbers(line.getAttribute("d")) : [];
      const spots = at.flatMap((x, place) => (place % 2 ? [] : [[x, at[place + 1]]]));
      const parts = spots.slice(1).map((spot, place) => [spots[place], spot]);
      const text = element.querySelector("text");
      return { element, text, line, parts, mark: byMeasure.get(element.dataset.measure) };
    });
  }

  // Pixels of the screen for one of the picture; asked seldom, for it costs a layout.
  measure() {
    this.unit = this.svg.getScreenCTM()?.a || 1;
    this.k = undefined;
  }

  draw(transform) {
    const { k, x, y } = transform;
    this.transform = transform;
    if (this.svg.classList.toggle("is-zoomed", k > 1) !== this.window.hasAttribute("clip-path")) {
      if (k > 1) this.window.setAttribute("clip-path", `url(#${this.clip})`);
      else this.window.removeAttribute("clip-path");
    }
    this.plane.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    this.#drawAxes(transform);
    this.#drawNames(transform);
    this.#drawMarks(transform);
    this.svg.dispatchEvent(new CustomEvent("matrix:moved", { bubbles: true }));
  }

  #drawAxes(transform) {
    const [[left], [, bottom]] = this.extent;
    const axes = [
      [this.ticks[0], axisBottom, transform.rescaleX(this.x), 8, (at) => [at, 0], put(0, bottom)],
      [this.ticks[1], axisLeft, transform.rescaleY(this.y), 8, (at) => [0, at], put(left, 0)],
    ];
    for (const [group, axis, scale, padding, place, origin] of axes) {
      const steps = scale.ticks(this.steps).join(" ");
      // New labels make the browser look through the whole page; moving them costs nothing.
      if (group.dataset.steps !== steps) {
        if (!group.dataset.steps) group.replaceChildren(); // the server's
        group.dataset.steps = steps;
        group.setAttribute("transform", origin);
        select(group).call(axis(scale).ticks(this.steps).tickSize(0).tickPadding(padding).tickFormat(format.format));
      }
      select(group).selectAll(".tick").attr("transform", (step) => put(...place(scale(step))));
    }
  }

  // Each name stands beside what is seen of its quadrant, and goes with it.
  #drawNames({ k, x, y }) {
    const [[left, top], [right, bottom]] = this.extent;
    for (const name of this.names) {
      const [qx, qy, width, height] = name.edges;
      const [x0, x1] = [Math.max(left, qx * k + x), Math.min(right, (qx + width) * k + x)];
      const [y0, y1] = [Math.max(top, qy * k + y), Math.min(bottom, (qy + height) * k + y)];
      name.length ??= name.element.getComputedTextLength();
      const fits = k === 1 || (x1 - x0 > name.length && y1 - y0 > INSET);
      name.element.toggleAttribute("hidden", !fits);
      name.element.setAttribute("x", (name.isRight ? x1 : x0).toFixed(1));
    }
  }

  // Where a mark stands depends on the zoom only; moving the window moves all of them at once. Those
  // that cannot be seen are put aside and cost nothing until they can.
  #drawMarks({ k, x, y }) {
    const isNew = k !== this.k;
    if (isNew) {
      this.k = k;
      // Marks that a crowd or a small screen made smaller than others grow as room grows.
      for (const mark of this.marks) {
        mark.size = Math.min(k, Math.max(1, FULL / (mark.reach * this.unit)));
        mark.far = mark.reach * mark.size;
      }
      settleDown(this.marks, k);
      this.#drawLines(k);
      this.#drawTitles(k);
    }
    for (const group of this.movable) group.setAttribute("transform", put(x, y));
    for (const mark of this.marks) {
      const size = mark.size === 1 ? "" : ` scale(${mark.size.toFixed(2)})`;
      mark.at = [mark.spot[0] + x, mark.spot[1] + y];
      const shown = this.isOutside(mark.at, -2 * mark.far) ? ASIDE : put(...mark.spot) + size;
      if (shown !== mark.shown) mark.element.setAttribute("transform", shown);
      mark.shown = shown;
    }
  }

  #drawLines(k) {
    const away = this.marks.filter(({ isAway }) => isAway);
    const at = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    const from = ({ home }) => `M${at([home[0] * k, home[1] * k])}`;
    this.leaders.setAttribute("d", away.map((mark) => `${from(mark)}L${at(mark.spot)}`).join(""));
    this.dots.setAttribute("d", away.map((mark) => `${from(mark)}h0`).join(""));
    for (const { element, home, angle, mark } of this.heads) {
      const gap = mark.isAway ? 0 : -mark.far;
      const turned = angle === undefined ? "" : ` rotate(${angle}) translate(${gap})`;
      element.setAttribute("transform", put(home[0] * k, home[1] * k) + turned);
    }
  }

  // In the order of the ranking; the server has made room for all of them where nothing is zoomed.
  #drawTitles(k) {
    const taken = [];
    for (const title of this.titles) {
      const { element, text, mark, line } = title;
      title.box ??= text.getBBox();
      const { x: left, y: top } = title.box;
      const places = [[0, 0]];
      if (k > 1) places.push(...beside(title.box, mark.far).map(([x, y]) => [x - left, y - top]));
      const place = places.findIndex((by, number) => this.#isFree(title, by, number ? [] : title.parts, taken, k));
      element.toggleAttribute("hidden", place < 0);
      element.setAttribute("transform", put(...mark.spot));
      line?.toggleAttribute("hidden", place > 0);
      if (place > 0) text.setAttribute("transform", put(...places[place]));
      else text.removeAttribute("transform");
      if (place >= 0) taken.push(this.#boxOf(title, places[place]));
    }
  }

  #boxOf({ box, mark }, by) {
    const [left, top] = [mark.spot[0] + box.x + by[0], mark.spot[1] + box.y + by[1]];
    return { left, top, right: left + box.width, bottom: top + box.height };
  }

  // Whether no mark and no other title is where a title would be, nor a mark on its line.
  #isFree(title, by, parts, taken, k) {
    if (k === 1) return true;
    const box = this.#boxOf(title, by);
    const [x, y] = title.mark.spot;
    return this.marks.every((mark) => {
      const [px, py] = mark.spot;
      const across = Math.max(box.left - px, px - box.right, 0);
      const down = Math.max(box.top - py, py - box.bottom, 0);
      return Math.hypot(across, down) >= mark.far
        && (mark === title.mark || parts.every((part) => distance([px - x, py - y], part) >= mark.far));
    }) && taken.every((other) => (
      box.left > other.right || box.right < other.left || box.top > other.bottom || box.bottom < other.top
    ));
  }

  isOutside([px, py], margin = 0) {
    const [[left, top], [right, bottom]] = this.extent;
    return px < left + margin || px > right - margin || py < top + margin || py > bottom - margin;
  }

  settle() {
    for (const { element, at } of this.marks) element.toggleAttribute("data-outside", this.isOutside(at));
    this.svg.dispatchEvent(new CustomEvent("matrix:settled", { bubbles: true }));
  }

  // Asks for the window to move just so far that a mark is in it.
  reveal(element) {
    const mark = this.marks.find((each) => each.element === element);
    const margin = (mark?.far ?? 0) + INSET;
    if (!mark || this.k === 1 || !this.isOutside(mark.at, margin)) return;
    const [[left, top], [right, bottom]] = this.extent;
    const shift = (at, low, high) => Math.max(low + margin - at, 0) + Math.min(high - margin - at, 0);
    const detail = [shift(mark.at[0], left, right), shift(mark.at[1], top, bottom)];
    this.svg.dispatchEvent(new CustomEvent("matrix:reveal", { bubbles: true, detail }));
  }
}

document.addEventListener("matrix:zoom", ({ target, detail }) => {
  if (target !== current?.svg) current = new Picture(target);
  current.draw(detail);
});
document.addEventListener("matrix:end", () => current.settle());
document.addEventListener("focusin", ({ target }) => {
  const mark = target.closest?.("[data-matrix] .mark");
  if (mark) current?.reveal(mark);
});
document.addEventListener("matrix:told", ({ target }) => current?.reveal(target));
addEventListener("resize", () => {
  current?.measure();
  current?.draw(current.transform);
});
