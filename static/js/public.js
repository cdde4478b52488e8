// Makes the public page quicker; without it every part of it works, too.
// The list comes while somebody types, more of it and the matrix in their place, paper gets all of
// it, and a measure's page has a button that passes its address on.
const WAIT = 150; // milliseconds after a letter
const main = document.querySelector("main");
const find = document.querySelector("[data-find]");
const isNarrow = matchMedia("(max-width: 36rem)");

const page = async (url, signal) => {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return new DOMParser().parseFromString(await response.text(), "text/html");
};

// The list -------------------------------------------------------------------------------------------

let asked;

// Returns whether the list of this address has come; a later one overtakes it. Whoever pressed a
// button is led to the address where it did not come, who is still typing stays.
const show = async (url, isPressed = true) => {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await page(url, signal);
    if (signal.aborted) return false;
    const list = answer.getElementById("list");
    const status = document.querySelector("#list > [role=status]");
    const [come] = list.querySelectorAll(":scope > [role=status]");
    // The line that is read out stays, only its words are new.
    status.className = come.className;
    if (status.textContent !== come.textContent) status.textContent = come.textContent;
    come.remove();
    status.parentElement.replaceChildren(status, ...list.childNodes);
    document.getElementById("head").replaceChildren(...answer.getElementById("head").childNodes);
    history.replaceState(history.state, "", url);
    return true;
  } catch (error) {
    if (isPressed && error.name !== "AbortError") location.assign(url);
    return false;
  }
};

const found = () => {
  const status = document.getElementById("found");
  status.focus({ preventScroll: true });
  status.scrollIntoView();
};

const wanted = () => {
  const parameters = new URLSearchParams(new FormData(find));
  for (const [name, value] of [...parameters]) if (!value) parameters.delete(name);
  const query = String(parameters);
  return location.pathname + (query && `?${query}`);
};

if (find) {
  let waiting;
  find.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(
      async () => {
        // A keyboard on the screen leaves room for little more than the search and its first hits.
        if ((await show(wanted(), false)) && isNarrow.matches) find.scrollIntoView();
      },
      event.target.matches("select") ? 0 : WAIT,
    );
  });
  find.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show(wanted()).then((isShown) => {
      if (isShown) found();
    });
  });
}

main.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-more], [data-all], [data-print]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const before = document.querySelectorAll("#list > details").length;
  if (link.matches("[data-all]")) for (const each of find.elements) if (each.type !== "hidden") each.value = "";
  if (!(await show(link.href))) return;
  if (link.matches("[data-print]")) {
    found();
    print();
    return;
  }
  const next = document.querySelectorAll("#list > details")[link.matches("[data-more]") ? before : 0];
  next?.querySelector("summary").focus();
});

// An address that names a measure opens it, also one further down.
const unfold = (card) => {
  card.open = true;
  card.scrollIntoView();
};
const named = /^#measure-\d+$/.test(location.hash) && location.hash.slice(1);
const card = named && find && document.getElementById(named);
if (card) unfold(card);
else if (named && find) {
  const url = new URL(location);
  url.searchParams.set("all", "1");
  show(url.href).then(() => {
    const come = document.getElementById(named);
    if (come) unfold(come);
  });
}

// The matrix -----------------------------------------------------------------------------------------

const part = document.querySelector("[data-matrix-part]");
if (part) {
  const watch = new IntersectionObserver(
    async ([entry]) => {
      if (!entry.isIntersecting) return;
      watch.disconnect();
      try {
        part.replaceChildren((await page(part.querySelector("a").href)).querySelector(".public-matrix"));
      } catch {
        // the link stays
      }
    },
    { rootMargin: "200px" },
  );
  watch.observe(part);
}

// Passing on: a measure's address, the code of the frame ---------------------------------------------

const shared = document.querySelector("[data-share]");
if (shared && (navigator.share || navigator.clipboard)) {
  const [button, said] = shared.children;
  const url = shared.dataset.share;
  button.firstElementChild.textContent = navigator.share ? main.dataset.passOn : main.dataset.copy;
  shared.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) {
        await navigator.share({ title: document.querySelector("h1").textContent.trim(), url });
      } else {
        await navigator.clipboard.writeText(url);
        said.textContent = main.dataset.copied;
      }
    } catch {
      // somebody thought better of it; the address is in the browser's own bar
    }
  });
}

const copied = document.querySelector("[data-copies]");
if (copied && navigator.clipboard) {
  const [button, said] = copied.children;
  copied.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(copied.dataset.copies).textContent.trim());
      said.textContent = copied.dataset.copied;
    } catch {
      // the code can be marked by hand
    }
  });
}
