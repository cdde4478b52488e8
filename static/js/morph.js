// Brings what stands on a page to what the server says now, with as few changes as possible: what is
// the same stays the same element, so focus, selection, scroll and running animations stay. What
// somebody has in hand (a field that differs from what was drawn, a list that is open, a dialog) is
// left alone until it is saved or closed.
globalThis.morph = (() => {
  const keyOf = (node) => node.id || node.dataset?.key || "";

  const isSame = (old, fresh) =>
    old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);

  const isChanged = (each) =>
    each.matches("[type=checkbox], [type=radio]")
      ? each.checked !== each.defaultChecked
      : each.matches("textarea, input") && each.value !== each.defaultValue;

  // What somebody has seen of a row stays with what they write over it.
  const isBesideChange = (each) =>
    each.matches("[name=seen]") && [...(each.form?.elements ?? [])].some(isChanged);

  const isInHand = (each) =>
    isChanged(each) ||
    isBesideChange(each) ||
    (each.matches("select") && each === document.activeElement) ||
    each.matches("dialog, [data-keep]");

  const attributes = (old, fresh) => {
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !(name === "open" && old.matches("details"))) {
        old.removeAttribute(name);
      }
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  };

  // What stands next and is the same as the wanted one; nothing is skipped that holds the focus.
  const next = (here, wanted) => {
    for (let each = here; each; each = each.nextSibling) {
      if (isSame(each, wanted)) return each;
      if (wanted.nodeType !== Node.ELEMENT_NODE || each.contains(document.activeElement)) return null;
    }
    return null;
  };

  const children = (old, fresh) => {
    let here = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
      const found = next(here, wanted);
      if (!found) {
        old.insertBefore(wanted, here);
        continue;
      }
      while (here !== found) {
        const gone = here;
        here = here.nextSibling;
        gone.remove();
      }
      here = found.nextSibling;
      morph(found, wanted);
    }
    while (here) {
      const gone = here;
      here = here.nextSibling;
      gone.remove();
    }
  };

  const morph = (old, fresh) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    if (isInHand(old)) return;
    attributes(old, fresh);
    if (old.matches("textarea")) {
      if (old.defaultValue !== fresh.defaultValue) old.defaultValue = fresh.defaultValue;
      old.value = fresh.defaultValue;
      return;
    }
    if (old.matches("input")) {
      if (old.value !== fresh.value) old.value = fresh.value;
      old.checked = fresh.checked;
      return;
    }
    children(old, fresh);
  };

  return morph;
})();
