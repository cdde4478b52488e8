// The frame of every page. Loaded in <head> without defer, so that the first touch counts. Folds the
// menu behind its button (without JavaScript it is open), says for those who cannot see it what has
// changed, and gives the focus back after a table was sorted.
(() => {
  const show = (open) => {
    for (const part of document.querySelectorAll("[data-menu]")) part.toggleAttribute("data-open", open);
    document.querySelector("[data-menu-button]").setAttribute("aria-expanded", String(open));
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-menu-button]");
    if (button) show(button.getAttribute("aria-expanded") === "false");
    else if (!target.closest("[data-menu]") && document.querySelector(".topbar [data-open]")) show(false);
  });
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape" || !target.closest("[data-menu][data-open]")) return;
    show(false);
    document.querySelector("[data-menu-button]").focus();
  });

  globalThis.announce = (text) => {
    document.querySelector("[data-live]").textContent = text;
  };

  document.addEventListener("DOMContentLoaded", () => {
    // Sorting asks for the page anew, so the focus would be lost with the old one.
    const before = document.referrer && new URL(document.referrer);
    const order = (url) => new URLSearchParams(url.search).get("order");
    const wasOpened = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    const wasSorted = before?.pathname === location.pathname && order(before) !== order(location);
    if (wasOpened && wasSorted && document.activeElement === document.body) {
      document.querySelector("th[aria-sort] a.sort")?.focus();
    }

    // On a narrow screen tabs and fields scroll: begin where we are.
    const here = ".topbar__ways [aria-current], .field-switch [aria-current]";
    for (const tab of document.querySelectorAll(here)) {
      const tabs = tab.closest("ul");
      tabs.scrollLeft ||= tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
    }
  });
})();
