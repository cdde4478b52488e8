// Shows a slider's value while it moves: <input type="range" data-slider> with <output for="…">.
// The page states how to write it: data-digits (decimals), data-percent (0.5 becomes 50 %) and data-unit.
const write = (input) => {
  const output = document.querySelector(`output[for="${CSS.escape(input.id)}"]`);
  const style = "percent" in input.dataset ? "percent" : "decimal";
  const digits = Number(input.dataset.digits ?? 0);
  const text = input.valueAsNumber.toLocaleString(document.documentElement.lang, {
    style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  output.value = text + (input.dataset.unit ?? "");
  input.setAttribute("aria-valuetext", text);
};

for (const input of document.querySelectorAll("input[data-slider]")) write(input);
document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-slider]")) write(event.target);
});
