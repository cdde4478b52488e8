// What a board tells of the changes of others, without a browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

(0, eval)(readFileSync(new URL("../../static/js/arrivals.js", import.meta.url), "utf8"));

const entries = (...texts) => texts.map((each) => ({ key: each.split(" ")[0], text: each }));

test("nothing is new on a board that is the same", () => {
  const same = entries("m1 WLAN", "m2 Bus");
  assert.deepEqual(globalThis.arrivals(same, same), {
    added: [], gone: [], changed: [], isMoved: false, behind: [], isAny: false,
  });
});

test("a new line is told with the one behind which it stands", () => {
  const found = globalThis.arrivals(entries("m1 WLAN", "m2 Bus"), entries("m1 WLAN", "m3 Bahn", "m4 Rad", "m2 Bus"));
  assert.deepEqual([found.added, found.behind, found.isMoved], [["m3", "m4"], ["m1", "m1"], false]);
});

test("a line before all others stands behind none", () => {
  assert.deepEqual(globalThis.arrivals(entries("m1 WLAN"), entries("m2 Bus", "m1 WLAN")).behind, [""]);
});

test("what is removed, changed or moved is told apart", () => {
  const found = globalThis.arrivals(entries("m1 WLAN", "m2 Bus", "m3 Rad"), entries("m3 Rad", "m1 WLAN überall"));
  assert.deepEqual([found.gone, found.changed, found.isMoved], [["m2"], ["m1"], true]);
});
