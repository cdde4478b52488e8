// The frame of every page. Folds the site menu behind a button on narrow screens (without
// JavaScript the menu is open) and gives the focus back after a table was sorted.
const button = document.querySelector("[data-menu-button]");
const menu = document.querySelector("[data-menu]");

const show = (open) => {
  menu.toggleAttribute("data-open", open);
  button.setAttribute("aria-expanded", String(open));
};

if (button && menu) {
  button.addEventListener("click", () => show(!menu.hasAttribute("data-open")));
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.hasAttribute("data-open")) {
      show(false);
      button.focus();
    }
  });
}

// Sorting asks for the page anew, so the focus would be lost with the old one.
const before = document.referrer && new URL(document.referrer);
const order = (url) => new URLSearchParams(url.search).get("order");
const wasOpened = performance.getEntriesByType("navigation")[0]?.type === "navigate";
if (wasOpened && before?.pathname === location.pathname && order(before) !== order(location)) {
  document.querySelector("th[aria-sort] a.sort")?.focus();
}

// On a narrow screen the tabs scroll: begin where we are.
const tab = document.querySelector(".workshop-nav [aria-current]");
if (tab) {
  const tabs = tab.closest(".tabs");
  tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}
