// Semantic zoom of the matrix: axes, quadrants and lines stretch, marks keep their size, and one
// that had to make room goes to its true place as soon as zooming has made some. Ctrl + wheel, two
// fingers, buttons and the keys + − 0 zoom; dragging and buttons move the window. The plain wheel
// and one finger stay the page's own. Without this module the picture is simply not zoomed.
const { axisBottom, axisLeft, scaleLinear, select, zoom, zoomIdentity } = globalThis.d3;

const CLOSEST = 12; // times
const STEP = 1.6; // of a button or key
const SHARE = 0.3; // of the window, by which a button moves it
const INSET = 10; // of a quadrant's name, as on the server
const GAP = 2; // least room between two marks, as on the server

const still = matchMedia("(prefers-reduced-motion: reduce)");
const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
let kept = zoomIdentity; // stays when the server sends a new picture
let current = null;
let clips = 0;

const numbers = (text) => text.match(/-?\d+(\.\d+)?/g).map(Number);
const put = (x, y) => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;

class Matrix {
  constructor(svg) {
    this.svg = svg;
    this.window = svg.querySelector(".matrix__window");
    this.plane = svg.querySelector(".matrix__plane");
    this.leaders = svg.querySelector(".matrix__leader");
    this.radius = Number(svg.dataset.radius);
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => this.#frame(name));
    this.extent = [[x, y], [x + width, y + height]];
    this.#readAxes();
    this.marks = [...svg.querySelectorAll(".mark")].map((element) => {
      const placed = numbers(element.getAttribute("transform"));
      const home = numbers(element.dataset.true ?? element.getAttribute("transform"));
      return { element, home, off: [placed[0] - home[0], placed[1] - home[1]], at: placed };
    });
    const byMeasure = new Map(this.marks.map((mark) => [mark.element.dataset.measure, mark]));
    this.heads = [...svg.querySelectorAll(".matrix__heads > *")].map((element) => {
      const [hx, hy, angle] = numbers(element.getAttribute("transform"));
      return { element, home: [hx, hy], angle, mark: byMeasure.get(element.dataset.measure) };
    });
    this.names = [...svg.querySelectorAll(".matrix__quadrant")].map((element, place) => ({
      element,
      edges: ["x", "y", "width", "height"].map((name) => Number(this.plane.children[place].getAttribute(name))),
      isRight: element.getAttribute("text-anchor") === "end",
      isTop: ["start", "prepare"].includes(element.dataset.quadrant),
    }));
    this.#clip(x, y, width, height);
    this.measure();
    this.behaviour = zoom()
      .extent(this.extent)
      .translateExtent(this.extent)
      .scaleExtent([1, CLOSEST])
      .clickDistance(4)
      .wheelDelta((event) => Math.max(-0.5, Math.min(0.5, -event.deltaY * (event.deltaMode ? 0.15 : 0.01))))
      .filter((event) => {
        if (event.type === "wheel") return event.ctrlKey || event.metaKey;
        if (event.type === "touchstart") return event.touches.length > 1;
        return event.type === "mousedown" && !event.button && !event.ctrlKey && kept.k > 1;
      })
      .on("zoom", ({ transform }) => this.draw(transform))
      .on("end", () => this.settle());
    this.selection = select(svg).call(this.behaviour);
    // At either end of the zoom d3 lets the browser have it, which would enlarge the whole page.
    svg.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) event.preventDefault();
    }, { passive: false });
  }

  #frame(name) {
    return Number(this.svg.querySelector(".matrix__frame").getAttribute(name));
  }

  #readAxes() {
    const [[left, top], [right, bottom]] = this.extent;
    const domain = this.svg.dataset.domain.split(" ").map(Number);
    this.x = scaleLinear(domain, [left, right]);
    this.y = scaleLinear(domain, [bottom, top]);
    this.steps = Math.floor(domain[1] - domain[0]) + 1;
    this.ticks = [...this.svg.querySelectorAll(".matrix__ticks")];
  }

  #clip(x, y, width, height) {
    clips += 1;
    this.clip = `matrix-clip-${clips}`;
    const rect = select(this.svg).append("clipPath").attr("id", this.clip).append("rect");
    rect.attr("x", x).attr("y", y).attr("width", width).attr("height", height);
  }

  draw(transform) {
    const { k, x, y } = transform;
    kept = transform;
    this.svg.classList.toggle("is-zoomed", k > 1);
    if (k === 1) this.window.removeAttribute("clip-path");
    else this.window.setAttribute("clip-path", `url(#${this.clip})`);
    this.plane.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
    this.#drawAxes(transform);
    this.#drawNames(transform);
    this.#drawMarks(transform);
    this.svg.dispatchEvent(new CustomEvent("matrix:moved", { bubbles: true }));
  }

  #drawAxes(transform) {
    const [[left], [, bottom]] = this.extent;
    const axes = [
      [this.ticks[0], axisBottom(transform.rescaleX(this.x)).tickPadding(16), put(0, bottom)],
      [this.ticks[1], axisLeft(transform.rescaleY(this.y)).tickPadding(12), put(left, 0)],
    ];
    for (const [group, axis, place] of axes) {
      if (!group.hasAttribute("transform")) group.replaceChildren(); // the server's
      group.setAttribute("transform", place);
      select(group).call(axis.ticks(this.steps).tickSize(0).tickFormat(format.format));
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

  #drawMarks({ k, x, y }) {
    if (k !== this.k || this.unit !== this.drawnUnit) this.#settleDown(k);
    const size = this.size === 1 ? "" : ` scale(${this.size.toFixed(2)})`;
    let leaders = "";
    for (const mark of this.marks) {
      const [hx, hy] = [mark.home[0] * k + x, mark.home[1] * k + y];
      mark.at = [hx + mark.off[0] * mark.reach, hy + mark.off[1] * mark.reach];
      mark.element.setAttribute("transform", put(...mark.at) + size);
      if (mark.isAway) leaders += `M${hx.toFixed(1)} ${hy.toFixed(1)}L${mark.at[0].toFixed(1)} ${mark.at[1].toFixed(1)}`;
    }
    this.leaders.setAttribute("d", leaders);
    for (const { element, home, angle, mark } of this.heads) {
      const turned = angle === undefined ? "" : ` rotate(${angle}) translate(${mark.isAway ? 0 : -this.radius * this.size})`;
      element.setAttribute("transform", put(home[0] * k + x, home[1] * k + y) + turned);
    }
  }

  // Decides for one zoom who goes home. At first everybody stands where the server put them, only
  // further apart, so that nobody is too near to anybody; then each in turn takes its true place
  // if that is free, or else one as near to it as before. On a small screen the marks grow, up to
  // the size they have on a large one: there is always room, for distances grow as fast.
  #settleDown(k) {
    [this.k, this.drawnUnit] = [k, this.unit];
    this.size = Math.min(k, Math.max(1, 1 / this.unit));
    const least = (2 * this.radius + GAP) * this.size - 0.01;
    const cells = new Map();
    const key = ([px, py]) => Math.floor(px / least) * 65536 + Math.floor(py / least);
    const place = (mark, reach) => [mark.home[0] * k + mark.off[0] * reach, mark.home[1] * k + mark.off[1] * reach];
    const enter = (mark, reach) => {
      mark.reach = reach;
      mark.spot = place(mark, reach);
      const cell = key(mark.spot);
      cells.set(cell, [...(cells.get(cell) ?? []), mark]);
    };
    const isFree = (mark, spot) => {
      for (const across of [-1, 0, 1]) {
        for (const down of [-1, 0, 1]) {
          for (const other of cells.get(key(spot) + across * 65536 + down) ?? []) {
            if (other !== mark && Math.hypot(other.spot[0] - spot[0], other.spot[1] - spot[1]) < least) return false;
          }
        }
      }
      return true;
    };
    for (const mark of this.marks) {
      mark.isAway = mark.off[0] !== 0 || mark.off[1] !== 0;
      enter(mark, mark.isAway ? k : 0);
    }
    if (k === 1) return;
    for (const mark of this.marks.filter((each) => each.isAway)) {
      const reach = [0, this.size].find((each) => each < k && isFree(mark, place(mark, each)));
      if (reach === undefined) continue;
      const cell = key(mark.spot);
      cells.set(cell, cells.get(cell).filter((other) => other !== mark));
      enter(mark, reach);
      mark.isAway = reach > 0;
    }
  }

  // How many pixels of the screen are one of the picture; asked seldom, for it costs a layout.
  measure() {
    this.unit = this.svg.getScreenCTM()?.a || 1;
  }

  isOutside([px, py], margin = 0) {
    const [[left, top], [right, bottom]] = this.extent;
    return px < left + margin || px > right - margin || py < top + margin || py > bottom - margin;
  }

  settle() {
    for (const { element, at } of this.marks) element.toggleAttribute("data-outside", this.isOutside(at));
    const controls = document.querySelector(".zoom");
    controls.querySelector(".zoom__pan").hidden = kept.k === 1;
    controls.querySelector("output").value = format.format(Math.round(kept.k * 100)) + " %";
    this.svg.dispatchEvent(new CustomEvent("matrix:settled", { bubbles: true }));
  }

  #moving() {
    return still.matches ? this.selection : this.selection.transition().duration(180);
  }

  turn(way) {
    const [[left, top], [right, bottom]] = this.extent;
    const [across, down] = [(SHARE * (right - left)) / kept.k, (SHARE * (bottom - top)) / kept.k];
    const { behaviour } = this;
    ({
      in: () => this.#moving().call(behaviour.scaleBy, STEP),
      out: () => this.#moving().call(behaviour.scaleBy, 1 / STEP),
      fit: () => this.#moving().call(behaviour.transform, zoomIdentity),
      left: () => this.#moving().call(behaviour.translateBy, across, 0),
      right: () => this.#moving().call(behaviour.translateBy, -across, 0),
      up: () => this.#moving().call(behaviour.translateBy, 0, down),
      down: () => this.#moving().call(behaviour.translateBy, 0, -down),
    })[way]();
  }

  // Moves the window just so far that a mark is in it.
  reveal(element) {
    const mark = this.marks.find((each) => each.element === element);
    const margin = this.radius * this.size + INSET;
    if (!mark || !this.isOutside(mark.at, kept.k > 1 ? margin : -Infinity)) return;
    const [[left, top], [right, bottom]] = this.extent;
    const shift = (at, low, high) => Math.max(low + margin - at, 0) + Math.min(high - margin - at, 0);
    const [across, down] = [shift(mark.at[0], left, right), shift(mark.at[1], top, bottom)];
    this.selection.interrupt().call(this.behaviour.translateBy, across / kept.k, down / kept.k);
  }
}

const prepare = () => {
  const svg = document.querySelector("[data-matrix]");
  if (!svg || svg === current?.svg) return;
  current = new Matrix(svg);
  document.querySelector(".zoom").hidden = false;
  current.selection.call(current.behaviour.transform, kept);
};

const keys = { "+": "in", "-": "out", "−": "out", 0: "fit" };

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("[data-matrix], .zoom") || !(event.key in keys)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  current.turn(keys[event.key]);
});
document.addEventListener("click", ({ target }) => {
  const way = target.closest?.("[data-zoom]")?.dataset.zoom;
  if (way) current.turn(way);
});
document.addEventListener("focusin", ({ target }) => {
  const mark = target.closest?.("[data-matrix] .mark");
  if (mark) current?.reveal(mark);
});
addEventListener("resize", () => {
  current?.measure();
  current?.draw(kept);
});
document.addEventListener("htmx:afterSettle", prepare);
prepare();
