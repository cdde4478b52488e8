// The point of an agenda on the projector: arrow keys lead to the neighbours. The remote control of
// a projector sends Page Up and Page Down; those keep to scrolling where there is something to scroll.
const keys = { ArrowLeft: "prev", ArrowRight: "next", PageUp: "prev", PageDown: "next" };

const scrolls = () => document.documentElement.scrollHeight > innerHeight + 1;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea")) return;
  if (!(event.key in keys) || (event.key.startsWith("Page") && scrolls())) return;
  const link = document.querySelector(`.item-bar a[rel="${keys[event.key]}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
