// Loaded in <head> without defer, like theme.js. A page shows before htmx and the modules have come,
// and people do not wait: what they press, choose or send meanwhile is kept and done again as soon
// as everything listens. Where a script never comes, the page does what it does without scripts.
(() => {
  const PRESSED = "a[data-hx-get]";
  const SENT = "form[data-hx-get], form[data-hx-post]";
  const CHOSEN = "form[data-hx-trigger*='change']"; // nothing else sends the choice
  const WRITTEN = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select";
  const kept = [];

  // Some modules may listen already and others not: none of them hears it before all do.
  const keep = (event, again) => {
    event.stopImmediatePropagation();
    kept.push(again);
  };

  const listeners = {
    click(event) {
      const link = event.target.closest(PRESSED);
      if (!link || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      keep(event, () => link.click());
    },
    submit(event) {
      const { target: form, submitter } = event;
      if (!form.matches(SENT)) return;
      event.preventDefault();
      // Of several buttons htmx sends the one whose click it has seen.
      keep(event, () => (submitter ? submitter.click() : form.requestSubmit()));
    },
    change(event) {
      const { target } = event;
      if (!target.form?.matches(CHOSEN)) return;
      keep(event, () => target.dispatchEvent(new Event("change", { bubbles: true })));
    },
    keydown(event) {
      const { key, repeat, target } = event;
      if (repeat || event.ctrlKey || event.altKey || event.metaKey || target.matches(WRITTEN)) return;
      keep(event, () => {
        const place = target === document.body ? document.activeElement : target;
        place.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      });
    },
  };

  for (const [name, listen] of Object.entries(listeners)) document.addEventListener(name, listen, true);
  // Comes after the last module; on the window it comes after htmx, too, which waits for the same.
  addEventListener("DOMContentLoaded", () => {
    for (const [name, listen] of Object.entries(listeners)) document.removeEventListener(name, listen, true);
    for (const again of kept) again();
  });
})();
