// The table of many entries by keyboard alone, as in a sheet: Enter goes down its column. Rows in
// which nothing stands are not sent.
const form = document.querySelector("[data-status-table]");
const rowOf = (cell) => cell.closest("tr");
const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];
const isText = (cell) => cell.matches("input[type=text]");

const go = (from, step) => {
  const place = cellsOf(rowOf(from)).indexOf(from);
  const row = step > 0 ? rowOf(from).nextElementSibling : rowOf(from).previousElementSibling;
  const cell = row && cellsOf(row)[place];
  if (!cell) return;
  cell.focus();
  if (isText(cell)) cell.select();
};

form?.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (!target.matches("[data-cell]") || event.isComposing) return;
  const isWalking = !(event.ctrlKey || event.altKey || event.metaKey);
  if (key === "Enter" && !isWalking) {
    if (!event.repeat && !event.altKey) form.requestSubmit();
  } else if (key === "Enter") go(target, event.shiftKey ? -1 : 1);
  else if (isText(target) && isWalking && !event.shiftKey && key === "ArrowDown") go(target, 1);
  else if (isText(target) && isWalking && !event.shiftKey && key === "ArrowUp") go(target, -1);
  else return;
  event.preventDefault();
});

form?.addEventListener("formdata", ({ formData }) => {
  for (const row of form.querySelectorAll("tbody tr")) {
    const cells = cellsOf(row);
    if (cells.some((cell) => cell.value.trim())) continue;
    for (const cell of cells) formData.delete(cell.name);
  }
});

form?.querySelector("[data-keys]").removeAttribute("hidden");
