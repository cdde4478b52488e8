// What every page on a phone in the hall does: it goes along with the day in place where it can, and
// keeps a choice of the person in this browser.
globalThis.Habits = {
  /** Return a habit of the person at this browser, "" where none is, or may be, kept. */
  get(name, storage = "localStorage") {
    try {
      return globalThis[storage].getItem(`phone:${name}`) ?? "";
    } catch {
      return "";
    }
  },
  set(name, value, storage = "localStorage") {
    try {
      globalThis[storage].setItem(`phone:${name}`, value);
    } catch {
      // forbidden here; each page then is as if it were the first
    }
  },
};

const closing = document.querySelector("[data-closing]");
const box = document.querySelector("[data-moment]");
const rating = document.querySelector("[data-rate]");

// Take what the page would say now of how long the rating is open, so that nothing moves under a
// finger and half an answer stays in hand. Something else there: the page as a whole.
const goOnInPlace = async (goOn) => {
  try {
    const response = await fetch(location.href, { cache: "no-cache" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const [now, heard] = ["[data-closing]", "[data-moment]"].map((part) => page.querySelector(part));
    if (response.redirected || !response.ok || !page.querySelector("[data-rate]")) return goOn();
    closing.replaceChildren(...now.childNodes);
    box.dataset.drawn = heard.dataset.drawn;
    box.querySelector(".notice")?.remove(); // it is not true any more
    const isSoon = Boolean(closing.querySelector("[data-left]"));
    document.querySelector("[data-announced]").textContent = isSoon ? closing.dataset.said : "";
  } catch {
    // asked again with the next answer
  }
};

if (rating && box && closing) {
  addEventListener("moment", (event) => {
    event.preventDefault();
    goOnInPlace(event.detail);
  });
  // A phone that slept has not counted.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && closing.querySelector("[data-left]")) goOnInPlace(() => location.reload());
  });
}

const setting = document.querySelector("[data-switch]");
if (setting) {
  const choice = setting.querySelector("input");
  choice.checked = choice.defaultChecked = Habits.get("auto") !== "off";
  choice.addEventListener("change", () => {
    choice.defaultChecked = choice.checked; // nothing that waits to be sent
    Habits.set("auto", choice.checked ? "" : "off");
  });
  setting.hidden = false;
}
