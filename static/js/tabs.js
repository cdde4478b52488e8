// Turns a list of links to sections of the same page into ARIA tabs. Without JavaScript the links
// jump to the sections, which are all visible. Arrow keys, Home and End move and choose.
const activate = (tabs, chosen) => {
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(tab.hash.slice(1)).hidden = !on;
  }
};

const target = (tabs, key, index) =>
  ({
    ArrowRight: tabs[(index + 1) % tabs.length],
    ArrowLeft: tabs[(index - 1 + tabs.length) % tabs.length],
    Home: tabs[0],
    End: tabs.at(-1),
  })[key];

for (const list of document.querySelectorAll("[data-tabs]")) {
  const tabs = [...list.querySelectorAll("a[href^='#']")];
  list.setAttribute("role", "tablist");
  for (const tab of tabs) {
    tab.parentElement.setAttribute("role", "presentation");
    tab.setAttribute("role", "tab");
    tab.id ||= `tab-${tab.hash.slice(1)}`;
    tab.setAttribute("aria-controls", tab.hash.slice(1));
    const panel = document.getElementById(tab.hash.slice(1));
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.tabIndex = 0;
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(history.state, "", tab.hash);
      activate(tabs, tab);
    });
    tab.addEventListener("keydown", (event) => {
      const next = target(tabs, event.key, tabs.indexOf(tab));
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.click();
    });
  }
  // An address may lead to a panel or to something inside one.
  const wanted = location.hash && document.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  const first = tabs.find((tab) => wanted && document.querySelector(tab.hash).contains(wanted));
  activate(tabs, first ?? tabs[0]);
}
