// What static/js/kept.js keeps without a browser: where, under which name and for how long.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";

const DAY = 24 * 60 * 60 * 1000;

const script = readFileSync(new URL("../../static/js/kept.js", import.meta.url), "utf8");
// What a page finds that loads the script with this storage in its browser.
const load = (browser) => {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: browser });
  runInThisContext(script);
  return globalThis.Kept;
};
// A browser's storage lists its keys as its own.
const storageOf = (entries) => Object.assign({}, entries, {
  getItem(key) { return this[key] ?? null; },
  setItem(key, value) { this[key] = value; },
  removeItem(key) { delete this[key]; },
});
const since = (days) => JSON.stringify({ at: Date.now() - days * DAY, values: {} });

test("the browser's storage is looked at once and left as it was", () => {
  const storage = storageOf({});
  const { storage: found } = load(() => storage);
  assert.equal(found, storage);
  assert.equal("probe" in storage, false);
});

test("where the browser forbids it there is none", () => {
  const { storage } = load(() => { throw new Error("SecurityError"); });
  assert.equal(storage, null);
});

test("drafts are forgotten after fourteen days, and nothing else", () => {
  const storage = storageOf({
    "draft:1:/a/#old": since(15),
    "draft:1:/a/#paste-none": since(15),
    "draft:1:/a/#new": since(13),
    "outbox:1:/a/:x": since(15),
    colours: "dark",
  });
  const { draft, isDraft } = load(() => storage);
  const left = Object.keys(storage).filter((key) => key.includes(":") || key === "colours");
  assert.deepEqual(left, ["draft:1:/a/#new", "outbox:1:/a/:x", "colours"]);
  assert.equal(draft(1, "/a/", "new"), left[0]);
  assert.deepEqual([...left, null].map(isDraft), [true, false, false, false]);
});
