// Short messages at the lower edge. They come with the page (Django's messages), from a fragment
// (response header HX-Trigger: {"toast": {"level": "success", "text": "…"}}) or from another
// module: document.body.dispatchEvent(new CustomEvent("toast", {detail: {level, text, about}})).
// Of several messages about one thing ("undo") only the last one stays.
// Good news of a script leaves by itself. Anything to act on stays until it is dismissed, and so does
// what comes with the page: who listens to the page has not come to it after a few seconds.
const SECONDS = 8;
const FLEETING = new Set(["info", "success"]);

const box = document.querySelector("[data-toasts]");
const blank = document.querySelector("[data-toast-template]");

const leaveByItself = (toast) => {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => {
    stop();
    // The mouse or the focus may have been here before anybody listened.
    const isRead = () => toast.matches(":hover, :focus-within");
    timer = setTimeout(() => (isRead() ? start() : toast.remove()), SECONDS * 1000);
  };
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
};

const prepare = (toast, stays) => {
  const close = toast.querySelector("[data-dismiss]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if (!stays) leaveByItself(toast);
};

const dismiss = (about) => box.querySelectorAll(`[data-about="${about}"]`).forEach((toast) => toast.remove());

const add = ({ level = "info", text, about = "" }) => {
  if (!text) return;
  if (about) dismiss(about);
  const toast = blank.content.firstElementChild.cloneNode(true);
  toast.dataset.level = level;
  toast.dataset.about = about;
  toast.classList.add(`toast--${level}`);
  toast.querySelector(".kern-icon").classList.add(`kern-icon--${level}`);
  // An empty live region first, its text after: that is what screen readers announce.
  const words = toast.querySelector(".toast__text");
  words.setAttribute("role", FLEETING.has(level) ? "status" : "alert");
  box.append(toast);
  prepare(toast, !FLEETING.has(level));
  requestAnimationFrame(() => {
    words.textContent = text;
  });
};

if (box && blank) {
  for (const toast of box.querySelectorAll(".toast")) prepare(toast, true);
  document.body.addEventListener("toast", (event) => add(event.detail));
  document.body.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    // A refusal in plain text is a sentence for people; a whole page is not.
    const isPlain = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
    add({ level: "danger", text: (isPlain && xhr.responseText.trim()) || box.dataset.failed });
  });
  document.body.addEventListener("htmx:sendError", () =>
    add({ level: "danger", text: box.dataset.offline, about: "offline" }),
  );
  addEventListener("online", () => dismiss("offline"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") box.querySelector(".toast:last-child")?.remove();
  });
}

// What htmx sends proves where it came from; the token stands at the page's end, see _own.html.
document.body.addEventListener("htmx:configRequest", (event) => {
  const own = document.querySelector("[data-own] input");
  if (own) event.detail.headers["X-CSRFToken"] = own.value;
});

// Filters change the address without loading the page; who changes the language comes back to it.
document.getElementById("language-form")?.addEventListener("submit", ({ target }) => {
  const { next } = target.elements;
  if (next) next.value = location.pathname + location.search;
});
