// Several work on one board: what others have changed appears, and nothing moves that somebody types
// or reads. What lies out of sight is put in its place at once; what would move something in sight
// waits behind a button, or until the own next line moves the page anyway. The board asks every few
// seconds whether it is old (workshops/audiences.py), less often without a network, never unseen.
"use strict";

const USUAL = 3000; // milliseconds until the next question
const LONGEST = 60_000;
const PATIENCE = 10_000;
const QUIET = 10_000; // between two announcements

const { board, words, ready, redraw } = Board;
const ENTRIES = "li.line[id], .goal__head, [data-idea]";

const keyOf = (element) => element.dataset.idea ?? element.id;
const wordsOf = (element) => element.textContent.replace(/\s+/g, " ").trim();
// What is not stored yet, or is being written at, is nobody else's.
const entriesOf = (root) =>
  [...root.querySelectorAll(ENTRIES)]
    .filter((each) => !each.matches(".line--pending"))
    .map((element) => ({ key: keyOf(element), text: wordsOf(element), element }));

const isSeen = (element) => {
  const { top, bottom } = element?.getBoundingClientRect() ?? { top: 0, bottom: 1 };
  return bottom > 0 && top < innerHeight;
};

let known = ""; // the state that the board shows, or that waits behind the button
let pause = USUAL;
let timer = 0;
let isAsking = false;
let told = 0; // when something was announced last

const button = () => document.getElementById("arrivals");

const sayNew = ({ added }, fresh) => {
  const ideas = added.filter((key) => fresh.querySelector(`[data-idea="${key}"]`)).length;
  const lines = added.filter((key) => key.startsWith("measure-")).length;
  const counted = (one, many, n) => (n === 1 ? words(one) : words(many).replace("{n}", n));
  const parts = [];
  if (lines) parts.push(counted("newLine", "newLines", lines));
  if (ideas) parts.push(counted("newIdea", "newIdeas", ideas));
  return parts.join(", ") || words("changed");
};

const announce = (text) => {
  const now = Date.now();
  if (now - told < QUIET) return;
  told = now;
  document.querySelector("[data-live]").textContent = text;
};

const offer = (text) => {
  button()?.remove();
  const made = Board.element("button", { type: "button", id: "arrivals", class: "arrivals no-print" }, `${text}. ${words("show")}`);
  // Not over what somebody is typing in.
  const { top = innerHeight } = document.activeElement?.getBoundingClientRect() ?? {};
  if (document.activeElement?.matches("input, textarea, select") && top < innerHeight / 3) made.classList.add("arrivals--low");
  made.addEventListener("pointerdown", (event) => event.preventDefault()); // who types goes on typing
  made.addEventListener("click", () => apply());
  document.body.append(made);
  announce(text);
};

// Leave what has this id where it was on the screen, also where the page is too short to scroll.
const hold = (id, before) => {
  const moved = () => Math.round((document.getElementById(id)?.getBoundingClientRect().top ?? before) - before);
  // The page scrolls smoothly of itself, which would show what is to be hidden.
  const follow = () => scrollBy({ top: moved(), behavior: "instant" });
  follow();
  const rest = moved();
  if (rest > 0) document.body.style.paddingBlockEnd = `${rest + parseFloat(getComputedStyle(document.body).paddingBlockEnd)}px`;
  if (rest < 0) board().style.paddingBlockStart = `${-rest}px`;
  follow();
};

// Draw the board anew while what has the focus, or else the first entry in sight, stays where it is.
const apply = async () => {
  const here = document.activeElement === button() ? document.getElementById(lastPlace) : document.activeElement;
  button()?.remove();
  const anchors = [here, ...entriesOf(board()).map(({ element }) => element)];
  const anchor = anchors.find((each) => each?.id && board().contains(each) && isSeen(each));
  const before = anchor?.getBoundingClientRect().top;
  const keep = () => {
    if (anchor) hold(anchor.id, before);
    if (document.activeElement === document.body) document.getElementById(here?.id)?.focus({ preventScroll: true });
    // The own entry was saved in the same moment and the focus went on: there the person is now.
    else if (document.activeElement.id !== here?.id) document.activeElement.scrollIntoView({ block: "nearest" });
  };
  for (const name of ["htmx:afterSwap", "htmx:afterSettle"]) document.addEventListener(name, keep, { once: true });
  await redraw().catch(() => {});
  known = board().dataset.drawn || known;
};

// Whether a new board can take the place of this one without anybody noticing.
const isQuiet = (news, mine) => {
  const { activeElement: here } = document;
  const hasPlace = !board().contains(here) || (here.id && !here.matches("select"));
  const places = [...news.gone, ...news.changed, ...news.behind];
  const isInSight = (key) => !key || isSeen(mine.find((entry) => entry.key === key)?.element);
  return hasPlace && !news.isMoved && !isComposing && !places.some(isInSight);
};

const look = async (state, signal) => {
  const response = await fetch(location.pathname, { headers: { "HX-Request": "true" }, cache: "no-store", signal });
  if (!response.ok) throw new Error(response.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  const fresh = holder.content.querySelector("#board");
  if (!fresh) return;
  const mine = entriesOf(board());
  // A line that is being written at, or whose change waits, is not news.
  const open = new Set([...board().querySelectorAll(".row--editing[id]")].map(({ id }) => id));
  for (const { row } of Board.lines.all()) open.add(row);
  const theirs = entriesOf(fresh).filter(({ key }) => !open.has(key));
  const news = globalThis.arrivals(mine.filter(({ key }) => !open.has(key)), theirs);
  known = state;
  const isOver = !fresh.dataset.paste && board().dataset.paste;
  if (!news.isAny && !isOver) button()?.remove();
  else if (!isOver && isQuiet(news, mine)) {
    announce(sayNew(news, fresh));
    await apply();
  } else offer(isOver ? words("over") : sayNew(news, fresh));
};

const ask = async () => {
  clearTimeout(timer);
  if (isAsking || document.hidden || !board().dataset.moment) return;
  isAsking = true;
  try {
    const signal = AbortSignal.timeout?.(PATIENCE);
    const response = await fetch(board().dataset.moment, { cache: "no-cache", signal });
    if (!response.ok) throw new Error(response.statusText);
    const state = await response.text();
    if (state !== known) await look(state, signal);
    pause = USUAL;
  } catch {
    pause = Math.min(2 * pause, LONGEST);
  }
  isAsking = false;
  timer = setTimeout(ask, pause * (0.8 + 0.4 * Math.random()));
};

// Where the person was last; a button that leaves gives the focus back to it.
let lastPlace = "";
document.addEventListener("focusin", ({ target }) => {
  if (target.id && board().contains(target)) lastPlace = target.id;
});
let isComposing = false;
addEventListener("compositionstart", () => (isComposing = true));
addEventListener("compositionend", () => (isComposing = false));
// The own line moves the page: now the others' may come as well.
document.addEventListener("submit", ({ target }) => {
  if (!target.closest(".add-line, .add-goal")) return;
  document.body.style.paddingBlockEnd = "";
  if (button()) apply();
});
document.addEventListener("visibilitychange", ask);
addEventListener("online", ask);
addEventListener("pageshow", ({ persisted }) => persisted && ask());
ready.then(() => {
  known = board().dataset.drawn;
  if (known) timer = setTimeout(ask, USUAL * Math.random());
});
