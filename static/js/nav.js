// Folds the site menu behind a button on narrow screens. Without JavaScript the menu is open.
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
