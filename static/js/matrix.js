// The matrix by keyboard: one tab stop, arrow keys lead to the neighbour that the server chose,
// Home and End to the best and the last. Picture and table point at each other.
const marks = () => [...document.querySelectorAll("[data-matrix] .mark")];

const rove = (to) => {
  for (const mark of marks()) mark.setAttribute("tabindex", mark === to ? "0" : "-1");
};

const prepare = () => {
  const all = marks();
  if (all.length) rove(all.find((mark) => mark === document.activeElement) ?? all[0]);
};

const directions = { ArrowUp: "up", ArrowRight: "right", ArrowDown: "down", ArrowLeft: "left" };

document.addEventListener("keydown", (event) => {
  const mark = event.target.closest?.(".mark");
  if (!mark || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = marks();
  const there = {
    Home: all[0],
    End: all.at(-1),
  }[event.key] ?? document.getElementById(`mark-${mark.dataset[directions[event.key]]}`);
  if (!(event.key in directions) && !["Home", "End"].includes(event.key)) return;
  event.preventDefault();
  if (!there) return;
  rove(there);
  there.focus();
});

const point = (target, on) => {
  const measure = target.closest?.("[data-measure]")?.dataset.measure;
  if (!measure) return;
  for (const each of document.querySelectorAll(`[data-measure="${measure}"]`)) {
    each.classList.toggle("is-pointed", on);
  }
  const card = document.getElementById("mark-card");
  const mark = document.getElementById(`mark-${measure}`);
  if (card) card.textContent = on && mark ? mark.getAttribute("aria-label") : "";
};

for (const [event, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(event, ({ target }) => point(target, on));
}
document.addEventListener("htmx:afterSettle", prepare);
// The picture to download is the one on the page.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("a[data-follows]")) link.search = location.search;
});
prepare();
