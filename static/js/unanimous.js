// One key says that all who take part voted alike: anywhere but where words are typed. In the fields
// of numbers a letter is no number, so it works there as well.
"use strict";

for (const votes of document.querySelectorAll("[data-unanimous]")) {
  const key = votes.dataset.unanimous;
  const box = votes.querySelector('[name="is_unanimous"]');
  votes.querySelector("[data-unanimous-hint]").hidden = false;
  box.setAttribute("aria-keyshortcuts", key);
  document.addEventListener("keydown", (event) => {
    const { target, ctrlKey, metaKey, altKey, isComposing } = event;
    if (event.key.toLowerCase() !== key || ctrlKey || metaKey || altKey || isComposing) return;
    const isNumber = votes.contains(target) && target.inputMode === "numeric";
    if (target.matches("textarea, select, [contenteditable]") || (target.matches('input:not([type="radio"], [type="checkbox"])') && !isNumber)) return;
    event.preventDefault();
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.focus();
  });
}
