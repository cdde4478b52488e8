// The list beside the matrix. While the slider moves it orders the rows anew, at once and without a
// request: by exact fractions of both means, which came with the page. When the slider is let go the
// page asks for the rest, and the rank ranges come anew; those of another weight are no longer shown.
const MOST = 10; // cards on a phone before one asks for all; the style sheet counts them, too
const BEYOND = 4; // rows that are put in order above and below those that are seen

const slider = () => document.getElementById("id_weight");
const list = () => document.querySelector("[data-ranks]");

// By the list: its rows by their measure, of every ranked measure, also those that a filter hides, both
// means as numerator and denominator, and the ranks at the workshop's own weight.
const known = new WeakMap();
const read = (ranks) => {
  if (!known.has(ranks)) {
    const rows = new Map([...ranks.children].map((row) => [Number(row.dataset.measure), row]));
    const fractions = JSON.parse(document.getElementById("rank-fractions").textContent);
    known.set(ranks, { rows, fractions, own: ranked(fractions, Number(slider().dataset.own)) });
  }
  return known.get(ranks);
};

// The score at a weight in percent, times 100, as numerator and denominator. Whole numbers: means of
// a thousand answers stay far below 2 ** 53; only their cross products need more.
const score = ([, rn, rd, fn, fd], weight) => [weight * rn * fd + (100 - weight) * fn * rd, rd * fd];
const isExact = (a, b) => a * b <= Number.MAX_SAFE_INTEGER;
const compare = ([a, b], [c, d]) => (
  isExact(a, d) && isExact(c, b) ? c * b - a * d : Number(BigInt(c) * BigInt(b) - BigInt(a) * BigInt(d))
);

// Ranks by measure, best first; equal scores share one (1 2 2 4).
const ranked = (fractions, weight) => {
  const scored = fractions.map((each) => [each[0], score(each, weight)]);
  scored.sort((one, other) => compare(one[1], other[1]));
  const ranks = new Map();
  let [rank, before] = [0, null];
  scored.forEach(([measure, value], place) => {
    if (!before || compare(before, value) !== 0) rank = place + 1;
    before = value;
    ranks.set(measure, rank);
  });
  return ranks;
};

const moved = (now, before) => {
  if (now === before) return "";
  return now < before ? `▲${before - now}` : `▼${now - before}`;
};

// Ranks by measure, and the rows in their order.
const ordered = (ranks, weight) => {
  const { rows, fractions } = read(ranks);
  const now = ranked(fractions, weight);
  return [now, [...now.keys()].map((measure) => rows.get(measure)).filter(Boolean)];
};

// Writes rank and ▲▼ of some rows.
const write = (ranks, now, rows) => {
  const { own } = read(ranks);
  for (const row of rows) {
    const measure = Number(row.dataset.measure);
    const [number, way] = row.firstElementChild.querySelectorAll("b, .ranks__moved");
    const rank = String(now.get(measure));
    if (number.textContent !== rank) number.textContent = rank;
    const text = moved(now.get(measure), own.get(measure));
    if (way.textContent !== text) way.textContent = text;
  }
};

// From which place to which the list can be seen, a few more included. Asked once until something
// scrolls: the browser answers only after it has laid out all that has changed.
let view = null;
const seen = (ranks) => {
  const isShort = document.querySelector("[data-more]")?.offsetHeight > 0;
  if (isShort) return [0, MOST];
  const height = ranks.scrollHeight / ranks.children.length;
  const { top } = ranks.getBoundingClientRect();
  const [first, last] = [Math.max(0, -top), Math.min(ranks.clientHeight, innerHeight - top)].map(
    (edge) => (ranks.scrollTop + edge) / height,
  );
  return [Math.max(0, Math.floor(first) - BEYOND), Math.max(0, Math.ceil(last) + BEYOND)];
};

// Puts the rows of the new order where they are seen; all others fill what is left, as they come.
// Of four hundred rows the browser has twenty to work out anew.
const arrange = (ranks) => {
  const [now, order] = ordered(ranks, slider().valueAsNumber);
  view ??= seen(ranks);
  const [from, to] = view;
  const here = order.slice(from, to);
  for (const row of ranks.querySelectorAll(".is-here")) {
    if (!here.includes(row)) leave(row);
  }
  here.forEach((row, place) => {
    row.style.gridRowStart = from + place + 1;
    row.classList.add("is-here");
  });
  write(ranks, now, here);
  ranks.classList.add("is-moving", "is-sliding");
};
const leave = (row) => {
  row.style.gridRowStart = "";
  row.classList.remove("is-here");
};

// Marks that were drawn before their ranges were known say them, too.
const nameRanges = (section) => {
  const source = document.getElementById("rank-ranges");
  if (!source || !("range" in section.dataset)) return;
  for (const [measure, [low, high]] of Object.entries(JSON.parse(source.textContent))) {
    const mark = document.getElementById(`mark-${measure}`);
    const told = section.dataset.range.replace("{low}", low).replace("{high}", high);
    if (!mark || !low || low === high) continue;
    mark.setAttribute("aria-label", `${mark.getAttribute("aria-label")}; ${told}`);
  }
};

const prepare = () => {
  const ranks = list();
  if (!ranks || !slider()) return;
  // Ranges on their way to a list that is not there any more are nobody's.
  const section = ranks.parentElement;
  section.addEventListener("htmx:beforeSwap", ({ detail }) => {
    detail.shouldSwap &&= section.isConnected;
  });
  nameRanges(section);
  write(ranks, ...ordered(ranks, slider().valueAsNumber));
};

// Once, when the new results are there: how many, at which weight, and what is in front.
const say = () => {
  const rows = [...(list()?.children ?? [])];
  const names = rows.slice(0, 3).map((row) => row.querySelector(".ranks__title").textContent);
  const said = slider().dataset.said.replace("{n}", rows.length).replace("{weight}", slider().value);
  const empty = document.querySelector(".dash__empty .kern-title");
  globalThis.announce(empty ? empty.textContent : said.replace("{names}", () => names.join(", ")));
};

document.addEventListener("input", ({ target }) => {
  const ranks = list();
  if (target !== slider() || !ranks) return;
  arrange(ranks);
  const back = document.querySelector("[data-weight-back]");
  back.hidden = target.value === back.dataset.weightBack;
});

// Whoever scrolls with the slider in hand sees other rows.
document.addEventListener("scroll", () => {
  view = null;
  const ranks = list();
  if (ranks?.matches(".is-sliding")) arrange(ranks);
}, { capture: true, passive: true });

// Let go: what is seen becomes the order that is read, too.
document.addEventListener("change", ({ target }) => {
  const ranks = list();
  if (target !== slider() || !ranks) return;
  const [now, order] = ordered(ranks, target.valueAsNumber);
  const focused = document.activeElement;
  write(ranks, now, order);
  ranks.append(...order);
  for (const row of ranks.querySelectorAll(".is-here")) leave(row);
  ranks.classList.remove("is-sliding");
  view = null;
  if (ranks.contains(focused)) focused.focus({ preventScroll: true });
});

document.addEventListener("click", ({ target }) => {
  const back = target.closest?.("[data-weight-back]");
  if (back) {
    slider().value = back.dataset.weightBack;
    for (const name of ["input", "change"]) slider().dispatchEvent(new Event(name, { bubbles: true }));
    slider().focus();
  }
  if (target.closest?.("[data-more]")) {
    list().classList.add("is-whole");
    list().children[MOST]?.querySelector("a").focus();
  }
  // The panel of filters closes when one presses elsewhere.
  const fold = document.querySelector("[data-drop][open]");
  if (fold && !fold.contains(target)) fold.open = false;
});
document.addEventListener("keydown", ({ key, target }) => {
  const fold = target.closest?.("[data-drop][open]");
  if (key !== "Escape" || !fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
});

// The address names what differs from the usual, and "all" where nothing does: without a word the
// committee's own start would come.
document.addEventListener("htmx:configRequest", ({ target, detail: { formData } }) => {
  if (target.id !== "filters") return;
  if (String(formData.getAll("col")) === target.dataset.columns) formData.delete("col");
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  if (formData.get("weight") === slider()?.dataset.own) formData.delete("weight");
  if ([...formData].length === 0) formData.set("view", "all");
});

// Panels that were open are open after the results came anew.
let open = [];
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (target.id === "results") open = [...target.querySelectorAll(".panel[open]")].map(({ id }) => id);
});
document.addEventListener("htmx:afterSettle", ({ detail: { target } }) => {
  if (target.id === "results") {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    target.closest(".dash").style.minBlockSize = "";
    say();
  }
  prepare();
});
prepare();
