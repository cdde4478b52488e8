// Loaded in <head> without defer, so that the chosen theme is there before the first paint.
// The choice stays in this browser: "light", "dark", or nothing, which follows the system.
(() => {
  const root = document.documentElement;
  const key = "theme";

  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be switched off by policy
    }
  };

  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.kernTheme = theme;
    else delete root.dataset.kernTheme;
  };

  const mark = () => {
    const now = stored() ?? "system";
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
    }
  };

  root.classList.add("js"); // style sheets and no one else read this
  apply(stored());

  document.addEventListener("DOMContentLoaded", mark);

  document.addEventListener("click", (event) => {
    const choice = event.target.closest?.("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) return;
    try {
      if (choice === "system") localStorage.removeItem(key);
      else localStorage.setItem(key, choice);
    } catch {
      // The theme still changes for this page.
    }
    apply(choice);
    mark();
  });

  window.addEventListener("storage", (event) => {
    if (event.key === key) {
      apply(event.newValue);
      mark();
    }
  });

  // Paper is white.
  window.addEventListener("beforeprint", () => apply("light"));
  window.addEventListener("afterprint", () => apply(stored()));
})();
