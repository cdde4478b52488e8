// What is new on a board that others have changed, told by its entries as they were and as they are:
// lists of {key, text} in reading order. It knows no page and is tested without one (tests/js/).
"use strict";

globalThis.arrivals = (before, after) => {
  const old = new Map(before.map(({ key, text }) => [key, text]));
  const now = new Map(after.map(({ key, text }) => [key, text]));
  const added = after.filter(({ key }) => !old.has(key)).map(({ key }) => key);
  const gone = before.filter(({ key }) => !now.has(key)).map(({ key }) => key);
  const changed = before.filter(({ key, text }) => now.has(key) && now.get(key) !== text).map(({ key }) => key);
  const stayed = (entries, others) => entries.filter(({ key }) => others.has(key)).map(({ key }) => key);
  const isMoved = stayed(before, now).join(" ") !== stayed(after, old).join(" ");
  // Behind which entry each new one stands: there the page would grow.
  const behind = added.map((key) => {
    const place = after.findIndex((entry) => entry.key === key);
    return after.slice(0, place).reverse().find((entry) => old.has(entry.key))?.key ?? "";
  });
  return { added, gone, changed, isMoved, behind, isAny: isMoved || added.length + gone.length + changed.length > 0 };
};
