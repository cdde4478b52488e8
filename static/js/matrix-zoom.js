// Zooms and moves the matrix; matrix-draw.js draws it. Ctrl + wheel, two fingers, buttons and the
// keys + − 0 zoom, dragging and buttons move the window, and so does the focus. The plain wheel and
// one finger stay the page's own. Without this module the picture is simply not zoomed.
const { select, zoom, zoomIdentity } = globalThis.d3;

const CLOSEST = 12; // times
const STEP = 1.6; // of a button or key
const SHARE = 0.3; // of the window, by which a button moves it

const still = matchMedia("(prefers-reduced-motion: reduce)");
let kept = zoomIdentity; // stays when the server sends a new picture
let svg = null;
let frame = null; // the window's corners
let selection = null;

const tell = (name, detail) => svg.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

const behaviour = zoom()
  .extent(() => frame)
  .scaleExtent([1, CLOSEST])
  .clickDistance(4)
  // A notch of a wheel counts a hundred pixels, a step of a pinch a few.
  .wheelDelta(({ deltaY, deltaMode }) => Math.max(-0.5, Math.min(0.5, -deltaY * (deltaMode ? 0.15 : 0.01))))
  .filter((event) => {
    if (event.type === "wheel") return event.ctrlKey || event.metaKey;
    if (event.type === "touchstart") return event.touches.length > 1;
    return event.type === "mousedown" && !event.button && !event.ctrlKey && kept.k > 1;
  })
  .on("zoom", ({ transform }) => {
    kept = transform;
    tell("matrix:zoom", transform);
  })
  .on("end", () => {
    const controls = document.querySelector(".zoom");
    controls.querySelector(".zoom__pan").hidden = kept.k === 1;
    controls.querySelector("output").value = `${Math.round(kept.k * 100)} %`;
    tell("matrix:end");
  });

const prepare = () => {
  const found = [...document.querySelectorAll("[data-matrix]")].find((each) => each.getClientRects().length);
  if (!found || found === svg) return;
  const isOther = svg && svg.getAttribute("viewBox") !== found.getAttribute("viewBox");
  if (isOther) kept = zoomIdentity; // the phone's, or the wide one again
  svg = found;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => (
    Number(svg.querySelector(".matrix__frame").getAttribute(name))
  ));
  frame = [[x, y], [x + width, y + height]];
  selection = select(svg).call(behaviour.translateExtent(frame));
  // At either end of the zoom d3 leaves the wheel to the browser, which would enlarge the page.
  svg.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) event.preventDefault();
  }, { passive: false });
  document.querySelector(".zoom").hidden = false;
  selection.call(behaviour.transform, kept);
};

// The middle of a mark, or else of what is seen.
const centre = (mark) => {
  const seen = (mark ?? svg).getBoundingClientRect();
  const inverse = svg.getScreenCTM().inverse();
  const from = new DOMPoint(seen.left, seen.top).matrixTransform(inverse);
  const to = new DOMPoint(seen.right, seen.bottom).matrixTransform(inverse);
  const [[left, top], [right, bottom]] = frame;
  const middle = (low, high, least, most) => (Math.max(low, least) + Math.min(high, most)) / 2;
  return [middle(from.x, to.x, left, right), middle(from.y, to.y, top, bottom)];
};

const shift = (by, [across, down]) => by.call(behaviour.translateBy, across / kept.k, down / kept.k);

const turn = (way, mark) => {
  const by = still.matches ? selection : selection.transition().duration(180);
  const [[left, top], [right, bottom]] = frame;
  const [across, down] = [SHARE * (right - left), SHARE * (bottom - top)];
  if (way === "in") by.call(behaviour.scaleBy, STEP, centre(mark));
  if (way === "out") by.call(behaviour.scaleBy, 1 / STEP, centre(mark));
  if (way === "fit") by.call(behaviour.transform, zoomIdentity);
  if (way === "left") shift(by, [across, 0]);
  if (way === "right") shift(by, [-across, 0]);
  if (way === "up") shift(by, [0, down]);
  if (way === "down") shift(by, [0, -down]);
};

const keys = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit" };

document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("[data-matrix], .zoom") || !(event.key in keys)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  turn(keys[event.key], event.target.closest(".mark"));
});
document.addEventListener("click", ({ target }) => {
  const way = target.closest?.("[data-zoom]")?.dataset.zoom;
  if (way) turn(way);
});
document.addEventListener("matrix:reveal", ({ detail }) => shift(selection.interrupt(), detail));
document.addEventListener("htmx:afterSettle", prepare);
matchMedia("(max-width: 40rem)").addEventListener("change", prepare); // as in matrix.css
prepare();
