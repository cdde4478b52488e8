// Draws the matrix for a zoom that matrix-zoom.js names: axes, quadrants and lines stretch, marks
// keep their size, and one that had to make room goes to its true place as soon as there is some.
const { axisBottom, axisLeft, scaleLinear, select } = globalThis.d3;

const INSET = 10; // of a quadrant's name, as on the server
const GAP = 2; // least room between two marks, as on the server
const FULL = 13; // radius in pixels of the screen, up to which small marks grow
const ASIDE = "translate(-9999 -9999)";

const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
let current = null;
let clips = 0;

const numbers = (text) => text.match(/-?\d+(\.\d+)?/g).map(Number);
const edges = (rect) => ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
const put = (x, y) => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;

// Decides for one zoom who goes home, and notes each mark's `spot`. At first everybody stands where
// the server put them, only further apart, so that nobody is less than `least` from anybody; then
// each in turn takes its true place if that is free, or else one as near to it as before.
const settleDown = (marks, k, size, least) => {
  const cells = new Map();
  const key = ([x, y]) => Math.floor(x / least) * 65536 + Math.floor(y / least);
  const place = ({ home, off }, reach) => [home[0] * k + off[0] * reach, home[1] * k + off[1] * reach];
  const enter = (mark, spot) => {
    mark.spot = spot;
    cells.set(key(spot), [...(cells.get(key(spot)) ?? []), mark]);
  };
  const around = (spot) => [-65536, 0, 65536].flatMap((across) => (
    [-1, 0, 1].flatMap((down) => cells.get(key(spot) + across + down) ?? [])
  ));
  const isFree = (mark, [x, y]) => around([x, y]).every((other) => (
    other === mark || Math.hypot(other.spot[0] - x, other.spot[1] - y) >= least
  ));
  for (const mark of marks) {
    mark.isAway = mark.off[0] !== 0 || mark.off[1] !== 0;
    enter(mark, place(mark, k));
  }
  if (k === 1) return;
  for (const mark of marks.filter(({ isAway }) => isAway)) {
    const reach = [0, size].find((each) => each < k && isFree(mark, place(mark, each)));
    if (reach === undefined) continue;
    cells.set(key(mark.spot), cells.get(key(mark.spot)).filter((other) => other !== mark));
    enter(mark, place(mark, reach));
    mark.isAway = reach > 0;
  }
};

class Picture {
  constructor(svg) {
    this.svg = svg;
    this.window = svg.querySelector(".matrix__window");
    this.plane = svg.querySelector(".matrix__plane");
    this.leaders = svg.querySelector(".matrix__leader");
    this.movable = [this.leaders, ...svg.querySelectorAll(".matrix__heads, .matrix__marks")];
    this.radius = Number(svg.dataset.radius);
    this.#readAxes();
    this.#readMarks();
    this.names = [...svg.querySelectorAll(".matrix__quadrant")].map((element, place) => ({
      element,
      edges: edges(this.plane.children[place]),
      isRight: element.getAttribute("text-anchor") === "end",
      isTop: ["start", "prepare"].includes(element.dataset.quadrant),
    }));
    this.measure();
  }

  #readAxes() {
    const [x, y, width, height] = edges(this.svg.querySelector(".matrix__frame"));
    this.extent = [[x, y], [x + width, y + height]];
    const domain = this.svg.dataset.domain.split(" ").map(Number);
    this.x = scaleLinear(domain, [x, x + width]);
    this.y = scaleLinear(domain, [y + height, y]);
    this.steps = Math.floor(domain[1] - domain[0]) + 1;
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
      return { element, home, off: [placed[0] - home[0], placed[1] - home[1]] };
    });
    const byMeasure = new Map(this.marks.map((mark) => [mark.element.dataset.measure, mark]));
    this.heads = [...this.svg.querySelectorAll(".matrix__heads > *")].map((element) => {
      const [x, y, angle] = numbers(element.getAttribute("transform"));
      return { element, home: [x, y], angle, mark: byMeasure.get(element.dataset.measure) };
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
      [this.ticks[0], axisBottom, transform.rescaleX(this.x), 16, (at) => [at, 0], put(0, bottom)],
      [this.ticks[1], axisLeft, transform.rescaleY(this.y), 12, (at) => [0, at], put(left, 0)],
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

  // Each name stands in the outer corner of what is seen of its quadrant.
  #drawNames({ k, x, y }) {
    const [[left, top], [right, bottom]] = this.extent;
    for (const name of this.names) {
      const [qx, qy, width, height] = name.edges;
      const [x0, x1] = [Math.max(left, qx * k + x), Math.min(right, (qx + width) * k + x)];
      const [y0, y1] = [Math.max(top, qy * k + y), Math.min(bottom, (qy + height) * k + y)];
      name.length ??= name.element.getComputedTextLength();
      const fits = k === 1 || (x1 - x0 > name.length + 2 * INSET && y1 - y0 > 4 * INSET);
      name.element.toggleAttribute("hidden", !fits);
      name.element.setAttribute("x", (name.isRight ? x1 - INSET : x0 + INSET).toFixed(1));
      name.element.setAttribute("y", (name.isTop ? y0 + INSET : y1 - INSET).toFixed(1));
    }
  }

  // Where a mark stands depends on the zoom only; moving the window moves all of them at once. Those
  // that cannot be seen are put aside and cost nothing until they can.
  #drawMarks({ k, x, y }) {
    const isNew = k !== this.k;
    if (isNew) {
      this.k = k;
      // Marks that a crowd or a small screen made smaller than others grow as room grows.
      this.size = Math.min(k, Math.max(1, FULL / (this.radius * this.unit)));
      settleDown(this.marks, k, this.size, (2 * this.radius + GAP) * this.size - 0.01);
      this.#drawLines(k);
    }
    for (const group of this.movable) group.setAttribute("transform", put(x, y));
    const size = this.size === 1 ? "" : ` scale(${this.size.toFixed(2)})`;
    for (const mark of this.marks) {
      mark.at = [mark.spot[0] + x, mark.spot[1] + y];
      const shown = this.isOutside(mark.at, -2 * this.radius * this.size) ? ASIDE : put(...mark.spot) + size;
      if (shown !== mark.shown) mark.element.setAttribute("transform", shown);
      mark.shown = shown;
    }
  }

  #drawLines(k) {
    const away = this.marks.filter(({ isAway }) => isAway);
    this.leaders.setAttribute("d", away.map(({ home, spot }) => (
      `M${(home[0] * k).toFixed(1)} ${(home[1] * k).toFixed(1)}L${spot[0].toFixed(1)} ${spot[1].toFixed(1)}`
    )).join(""));
    for (const { element, home, angle, mark } of this.heads) {
      const gap = mark.isAway ? 0 : -this.radius * this.size;
      const turned = angle === undefined ? "" : ` rotate(${angle}) translate(${gap})`;
      element.setAttribute("transform", put(home[0] * k, home[1] * k) + turned);
    }
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
    const margin = this.radius * this.size + INSET;
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
addEventListener("resize", () => {
  current?.measure();
  current?.draw(current.transform);
});
