// The outbox of static/js/outbox.js without a browser: what goes out, what stays, what is told.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "../../static/js/outbox.js";

const { Outbox } = globalThis;
const LOGIN = "/accounts/login/?next=/";
const REFUSALS = [0, 302, 400, 403, 404, 409, 422];
const PASSING = [429, 500, 502, 503];
const DAY = 24 * 60 * 60 * 1000;

let answers; // what the server says, one after the other; an error is a network that failed
let requests; // what it was asked
let timers; // what was to run later: [run, milliseconds] or null
let now;

const say = (status, { text = "", type = "text/html", login = null, token = null, turn = null } = {}) => ({
  status,
  headers: new Map([
    ["Content-Type", type], ["HX-Redirect", login], ["X-CSRFToken", token], ["X-Rating-Turn", turn],
  ]),
  text: async () => text,
});
const lost = () => new TypeError("Failed to fetch");
const settled = () => new Promise(setImmediate);

beforeEach(() => {
  [answers, requests, timers, now] = [[], [], [], 1000];
  globalThis.fetch = async (action, { body, signal, ...asked }) => {
    requests.push({ action, body: String(body), ...asked });
    const answer = await answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  globalThis.setTimeout = (run, milliseconds) => timers.push([run, milliseconds]);
  globalThis.clearTimeout = (timer) => {
    if (timer) timers[timer - 1] = null;
  };
  globalThis.reportError = (error) => assert.fail(error);
  Date.now = () => now;
  Math.random = () => 0.5;
});

// A device with the promises of IndexedDB, shared by its tabs; `isFull` refuses what is new.
const deviceOf = () => {
  const entries = new Map();
  const leases = new Map();
  const keyOf = (owner, id) => `${owner} ${id}`;
  const at = (owner, id) => entries.get(keyOf(owner, id))?.at;
  return {
    entries,
    isFull: false,
    async all(owner) { return [...entries.values()].filter((row) => row.owner === owner).reverse(); },
    async put(row, before) {
      if (this.isFull) throw new Error("QuotaExceededError");
      if (before === null || at(row.owner, row.id) === before) entries.set(keyOf(row.owner, row.id), row);
    },
    async remove(owner, id, before) {
      if (at(owner, id) === before) entries.delete(keyOf(owner, id));
    },
    async forget(before) {
      for (const [key, row] of entries) if (row.at < before) entries.delete(key);
    },
    async take(owner, tab, until) {
      const found = leases.get(owner);
      const isFree = !found || found.tab === tab || found.until < now;
      if (isFree) leases.set(owner, { tab, until });
      return isFree;
    },
    async release(owner, tab) {
      if (leases.get(owner)?.tab === tab) leases.delete(owner);
    },
  };
};
const none = () => {
  const refuse = async () => { throw new Error("SecurityError"); };
  return { all: refuse, put: refuse, remove: refuse, forget: refuse, take: refuse, release: refuse };
};

// A page that writes down what it is told.
const open = (device = deviceOf(), { owner = "anna", page = "/board/", lock = Outbox.lock(device), channel } = {}) => {
  const told = [];
  const outbox = Outbox.make({ owner, page, device, lock, channel, token: () => "secret" });
  outbox.serve("line", {
    stored: ({ id }, html) => told.push(["stored", id, html]),
    refused: ({ id, refused }, answer) => told.push(["refused", id, refused, answer]),
    ended: (state, login) => told.push([state, login]),
  });
  return { outbox, told, device };
};
const line = (id) => ({ id, kind: "line", action: "/add/", fields: { title: id } });
const sent = () => requests.map(({ body }) => body.replace("title=", ""));
const waiting = ({ outbox }) => outbox.all().map(({ id, refused }) => (refused ? `${id} refused` : id));
const kept = ({ device }) => [...device.entries.values()].map(({ id }) => id);
const put = async ({ outbox }, ...entries) => {
  await Promise.all(entries.map(outbox.put));
  await outbox.send();
};

// Holds an answer back until it is called.
const later = () => {
  let arrive;
  answers.push(new Promise((done) => (arrive = done)));
  return arrive;
};

test("an entry is kept first, goes out as a script's form, and leaves the device when stored", async () => {
  const page = open();
  const arrive = later();
  await page.outbox.put({ id: "a", kind: "line", action: "/add/", list: "1", fields: { title: "Bus & Bahn" } });
  assert.deepEqual([kept(page), requests, page.outbox.count], [["a"], [], 1]);
  await settled();
  assert.deepEqual(requests, [
    {
      action: "/add/",
      body: "title=Bus+%26+Bahn",
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": "secret", "X-Outbox-Owner": "anna" },
      redirect: "manual",
    },
  ]);
  arrive(say(201, { text: "<li>Bus</li>" }));
  await page.outbox.send();
  assert.deepEqual(page.told, [["stored", "a", "<li>Bus</li>"], ["sent", null]]);
  assert.deepEqual([page.outbox.state, page.outbox.count, waiting(page), kept(page)], ["sent", 0, [], []]);
});

test("that something waits is said when this device has it", async () => {
  const page = open();
  const arrive = later();
  await page.outbox.put(line("a"));
  await settled();
  let write;
  const { device } = page;
  const usual = device.put.bind(device);
  device.put = async (...given) => {
    await new Promise((done) => (write = done));
    return usual(...given);
  };
  const putting = page.outbox.put(line("b"));
  await settled();
  arrive(lost());
  await settled();
  assert.deepEqual([page.told, page.outbox.state, kept(page)], [[], "sent", ["a"]]);
  write();
  await putting;
  await settled();
  assert.deepEqual([page.told[0], page.outbox.state, kept(page)], [["offline", null], "offline", ["a", "b"]]);
});

test("one is under way at a time, in the order of entering", async () => {
  const page = open();
  const arrive = later();
  await page.outbox.put(line("a"));
  answers.push(say(201), say(201));
  now = 500; // the clock is put back meanwhile
  await page.outbox.put(line("c"));
  await page.outbox.put(line("b"));
  await settled();
  assert.deepEqual([sent(), waiting(page)], [["a"], ["a", "c", "b"]]);
  arrive(say(201));
  await page.outbox.send();
  assert.deepEqual(sent(), ["a", "c", "b"]);
  assert.deepEqual(page.told, [["stored", "a", ""], ["stored", "c", ""], ["stored", "b", ""], ["sent", null]]);
});

test("without a network all wait and are sent again, less and less often until something arrives", async () => {
  const page = open();
  answers = Array(6).fill(lost());
  await put(page, line("a"));
  assert.deepEqual([waiting(page), page.outbox.state], [["a"], "offline"]);
  for (let again = 1; again < 6; again += 1) {
    timers.at(-1)[0]();
    await page.outbox.send();
  }
  answers = [say(201), lost()];
  await put(page, line("b"));
  const pauses = timers.map((timer) => timer?.[1] ?? null);
  assert.deepEqual(pauses, [null, null, null, null, null, null, 3000]); // one clock runs at a time
  assert.deepEqual([sent(), waiting(page)], [[..."aaaaaaa", "b"], ["b"]]);
});

test("the pauses grow from three seconds to a minute", async () => {
  const page = open();
  const pauses = [];
  answers = Array(7).fill(lost());
  await put(page, line("a"));
  for (let again = 0; again < 6; again += 1) {
    pauses.push(timers.at(-1)[1]);
    await page.outbox.send();
  }
  assert.deepEqual(pauses, [3000, 6000, 12_000, 24_000, 48_000, 60_000]);
});

test("an answer that breaks off half way is no answer", async () => {
  const page = open();
  answers = [{ ...say(201), text: async () => { throw lost(); } }];
  await put(page, line("a"));
  assert.deepEqual([page.told, waiting(page), timers.length], [[["offline", null]], ["a"], 1]);
});

for (const status of PASSING) {
  test(`a server that answers ${status} is asked again, and nothing is refused`, async () => {
    const page = open();
    answers = [say(status, { text: "later", type: "text/plain" })];
    await put(page, line("a"));
    assert.deepEqual([page.told, waiting(page), timers.length], [[["offline", null]], ["a"], 1]);
  });
}

test("what the server fails at again and again lets the others pass, and is tried on", async () => {
  const page = open();
  const broken = say(500);
  answers = [broken, broken, broken, broken, say(201), say(201), broken];
  await put(page, line("a"), line("b"), line("c"));
  for (let again = 0; again < 3; again += 1) await page.outbox.send();
  assert.deepEqual([sent(), waiting(page), page.outbox.state], [[..."aaaabc"], ["a"], "offline"]);
  await page.outbox.send();
  assert.deepEqual([sent().at(-1), waiting(page), page.outbox.state], ["a", ["a"], "offline"]);
});

test("while the server answers nobody the order stays", async () => {
  const page = open();
  answers = [...Array(5).fill(say(503)), say(201), say(201)];
  await put(page, line("a"), line("b"));
  for (let again = 0; again < 4; again += 1) await page.outbox.send();
  assert.deepEqual([sent(), waiting(page)], [[..."aaaabab"], []]);
});

test("who is signed out is told where to sign in, and nothing goes out by itself", async () => {
  const page = open();
  answers = [say(401, { login: LOGIN })];
  await put(page, line("a"));
  assert.deepEqual([page.told, waiting(page), timers], [[["signed out", LOGIN]], ["a"], []]);
  answers = [say(201)];
  await page.outbox.send();
  assert.deepEqual([sent(), page.outbox.state, waiting(page)], [["a", "a"], "sent", []]);
});

test("a token from before a log-in is renewed and what was entered is sent once more", async () => {
  const page = open();
  answers = [say(403, { token: "new" }), say(201), say(201)];
  await put(page, line("a"));
  await put(page, line("b"));
  const tokens = requests.map(({ headers }) => headers["X-CSRFToken"]);
  assert.deepEqual([sent(), tokens], [["a", "a", "b"], ["secret", "new", "new"]]);
});

test("what comes after a newer turn than it knew goes once more, behind that", async () => {
  const page = open();
  answers = [say(409, { turn: "7" }), say(200)];
  await put(page, { ...line("a"), fields: { relevance: "3", turn: 2 } });
  const bodies = requests.map(({ body }) => body);
  assert.deepEqual(bodies, ["relevance=3&turn=2", "relevance=3&turn=8"]);
  assert.deepEqual([waiting(page), page.outbox.state], [[], "sent"]);
});

for (const status of REFUSALS) {
  test(`what is refused with ${status} stays for the person, and the next one goes`, async () => {
    const page = open();
    answers = [say(status, { text: "too long" }), say(201)];
    await put(page, line("a"), line("b"));
    assert.deepEqual(page.told, [
      ["refused", "a", true, { status, text: "too long", isPlain: false }],
      ["stored", "b", ""],
      ["refused", null],
    ]);
    assert.deepEqual([waiting(page), kept(page), page.outbox.state, timers], [["a refused"], ["a"], "refused", []]);
    assert.equal(page.outbox.count, 0);
  });
}

test("a refusal in plain words says so", async () => {
  const page = open();
  answers = [say(404, { text: "It is gone.\n", type: "text/plain; charset=utf-8" })];
  await put(page, line("a"));
  assert.deepEqual(page.told[0], ["refused", "a", true, { status: 404, text: "It is gone.\n", isPlain: true }]);
});

test("what was refused is not sent again until it is corrected, and then before younger ones", async () => {
  const page = open();
  answers = [say(422), lost()];
  await put(page, line("a"), line("b"));
  assert.deepEqual([sent(), waiting(page)], [["a", "b"], ["a refused", "b"]]);
  answers = [say(201), say(201)];
  const [refused] = page.outbox.all();
  await put(page, { ...refused, fields: { title: "A" } });
  assert.deepEqual([sent(), waiting(page)], [["a", "b", "A", "b"], []]);
  assert.deepEqual(page.told.at(-1), ["sent", null]);
});

test("what was refused can be given up", async () => {
  const page = open();
  answers = [say(422)];
  await put(page, line("a"));
  await page.outbox.drop(page.outbox.all()[0]);
  await page.outbox.send();
  assert.deepEqual([sent(), waiting(page), kept(page), page.told.at(-1)], [["a"], [], [], ["sent", null]]);
});

test("of one id the newest is kept: what is under way does not take it along", async () => {
  const page = open();
  const choice = (title) => ({ ...line("choice"), fields: { title } });
  const arrive = later();
  await page.outbox.put(choice("1"));
  await settled();
  for (const title of ["2", "3", "1"]) await page.outbox.put(choice(title));
  answers.push(say(204));
  arrive(say(204));
  await page.outbox.send();
  assert.deepEqual([sent(), waiting(page), kept(page)], [["1", "1"], [], []]);
  assert.deepEqual(page.told.at(-1), ["sent", null]);
});

test("a refusal of the older one does not refuse the newer one", async () => {
  const page = open();
  const arrive = later();
  await page.outbox.put({ ...line("choice"), fields: { title: "1" } });
  await settled();
  await page.outbox.put({ ...line("choice"), fields: { title: "2" } });
  answers.push(say(204));
  arrive(say(422));
  await page.outbox.send();
  assert.deepEqual([sent(), waiting(page), page.outbox.state], [["1", "2"], [], "sent"]);
});

// Who and where ---------------------------------------------------------------------------------

test("another page of the same owner sends what an earlier one could not, and shows none of it", async () => {
  const device = deviceOf();
  const board = open(device);
  answers = [lost()];
  await put(board, line("a"));
  const rating = open(device, { page: "/rate/1/" });
  await rating.outbox.ready;
  assert.deepEqual([waiting(rating), rating.outbox.count], [[], 1]);
  answers = [say(201)];
  await rating.outbox.send();
  assert.deepEqual([rating.told, kept(rating)], [[["sent", null]], []]);
});

test("nobody sends or sees what another person left at this device, and it waits for its owner", async () => {
  const device = deviceOf();
  answers = [lost()];
  await put(open(device), line("a"));
  const bert = open(device, { owner: "bert" });
  await bert.outbox.send();
  assert.deepEqual([sent(), waiting(bert), bert.outbox.count, kept(bert)], [["a"], [], 0, ["a"]]);
  answers = [say(201)];
  const anna = open(device);
  await anna.outbox.send();
  assert.deepEqual([sent(), anna.told, kept(anna)], [["a", "a"], [["stored", "a", ""], ["sent", null]], []]);
});

test("after sixty days what nobody has come back for is forgotten", async () => {
  const device = deviceOf();
  answers = [lost(), lost()];
  await put(open(device), line("a"));
  now += 59 * DAY;
  await put(open(device, { owner: "bert" }), line("b"));
  assert.deepEqual([...device.entries.values()].map(({ id }) => id), ["a", "b"]);
  now += 2 * DAY;
  await open(device, { owner: "bert" }).outbox.ready;
  assert.deepEqual([...device.entries.values()].map(({ id }) => id), ["b"]);
});

test("where nothing can be kept entries are sent all the same, and it is said that they are fleeting", async () => {
  const page = open(none());
  answers = [lost()];
  await put(page, line("a"));
  assert.deepEqual([waiting(page), page.outbox.isFleeting], [["a"], true]);
  answers = [say(201)];
  await page.outbox.send();
  assert.deepEqual([sent(), waiting(page), page.outbox.isFleeting], [["a", "a"], [], false]);
});

test("when there is room again, what there was none for is kept, too", async () => {
  const page = open();
  answers = [lost(), lost()];
  page.device.isFull = true;
  await put(page, line("a"));
  assert.deepEqual([kept(page), page.outbox.isFleeting], [[], true]);
  page.device.isFull = false;
  await put(page, line("b"));
  assert.deepEqual([kept(page).sort(), page.outbox.isFleeting], [["a", "b"], false]);
});

// Several tabs ----------------------------------------------------------------------------------

test("of two tabs one sends, and what the other one typed meanwhile goes out once", async () => {
  const device = deviceOf();
  const [one, two] = [open(device), open(device)];
  const arrive = later();
  await one.outbox.put(line("a"));
  await settled();
  now += 1;
  await two.outbox.put(line("b"));
  await settled();
  assert.deepEqual(sent(), ["a"]);
  answers.push(say(201, { text: "b" }));
  arrive(say(201, { text: "a" }));
  await one.outbox.send();
  assert.deepEqual([sent(), kept(one)], [["a", "b"], []]);
  await timers.filter(Boolean).at(-1)[0](); // the other one has waited for its turn
  await two.outbox.send();
  assert.deepEqual([sent(), waiting(two), two.outbox.state], [["a", "b"], [], "sent"]);
  assert.deepEqual(two.told.slice(0, 1), [["stored", "b", ""]]); // it learns that, not with which answer
});

test("a choice that was changed in another tab is not taken along by the answer to the older one", async () => {
  const device = deviceOf();
  const [one, two] = [open(device), open(device)];
  const arrive = later();
  await one.outbox.put({ ...line("choice"), fields: { title: "1" } });
  await settled();
  now += 1;
  await two.outbox.put({ ...line("choice"), fields: { title: "2" } });
  answers.push(say(204));
  arrive(say(204));
  await one.outbox.send();
  assert.deepEqual([sent(), kept(one)], [["1", "2"], []]);
});

test("a tab whose turn another one has taken does not go on with the next entry", async () => {
  let isMine = true;
  const page = open(deviceOf(), { lock: (_owner, work) => work(() => isMine) });
  const arrive = later();
  await Promise.all([page.outbox.put(line("a")), page.outbox.put(line("b"))]);
  await settled();
  isMine = false;
  arrive(say(201));
  await page.outbox.send();
  assert.deepEqual([sent(), kept(page)], [["a"], ["b"]]);
});

test("what a tab has refused shows in the others", async () => {
  const device = deviceOf();
  const [one, two] = [open(device), open(device)];
  answers = [say(403)];
  await two.outbox.ready;
  await one.outbox.put(line("a"));
  await two.outbox.refresh();
  await one.outbox.send();
  await two.outbox.refresh();
  assert.deepEqual(two.told, [["refused", "a", true, { status: 403, text: "", isPlain: false }]]);
});

// The page --------------------------------------------------------------------------------------

test("a page that cannot read an answer keeps the entry, and the next sending goes out", async () => {
  const page = open();
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  page.outbox.serve("line", { stored: () => { throw new Error("no line in it"); } });
  answers = [say(200), say(200)];
  await page.outbox.put(line("a"));
  await settled();
  assert.deepEqual([reported, waiting(page)], [["no line in it"], ["a"]]);
  await assert.rejects(page.outbox.send(), /no line in it/);
  assert.deepEqual(sent(), ["a", "a"]);
});

test("nothing is sent where nothing waits", async () => {
  const page = open();
  await page.outbox.send();
  assert.deepEqual([requests, page.told], [[], [["sent", null]]]);
});

test("the next entry goes out when the page has shown the last one", async () => {
  let shown;
  const page = open();
  page.outbox.serve("line", { stored: () => new Promise((done) => { shown = done; }) });
  answers = [say(201), say(201)];
  await page.outbox.put(line("a"));
  await page.outbox.put(line("b"));
  await settled();
  assert.deepEqual([sent(), waiting(page)], [["a"], ["a", "b"]]);
  shown();
  await settled();
  assert.deepEqual([sent(), waiting(page)], [["a", "b"], ["b"]]);
  shown();
  await page.outbox.send();
  assert.deepEqual(waiting(page), []);
});

test("fields whose names come again are kept and sent in their order", async () => {
  const device = deviceOf();
  answers = [lost(), say(201)];
  const fields = [["title", "a"], ["title", "b"], ["take", "2"]];
  await put(open(device), { id: "p", kind: "paste", action: "/paste/", fields });
  await open(device).outbox.send();
  assert.deepEqual(requests.map(({ body }) => body), Array(2).fill("title=a&title=b&take=2"));
});

test("an entry that is put before it is known who is here waits for that", async () => {
  let arrive;
  const page = open(deviceOf(), { owner: new Promise((done) => { arrive = done; }) });
  answers = [say(201)];
  const putting = page.outbox.put(line("a"));
  await settled();
  assert.deepEqual([sent(), waiting(page), kept(page)], [[], ["a"], []]);
  arrive("anna");
  await putting;
  await page.outbox.send();
  assert.deepEqual([sent(), page.outbox.owner], [["a"], "anna"]);
});

test("a script says which refused entries of its page it shows; all others are the page's to show", async () => {
  const page = open();
  const serves = () => page.outbox.every().map(page.outbox.serves);
  answers = [say(422), say(422), say(403)];
  await put(page, line("a"), { ...line("b"), kind: "other" }, { ...line("c"), page: "/elsewhere/" });
  assert.deepEqual(serves(), [true, false, false]);
  page.outbox.serve("line", { shows: ({ id }) => id !== "a" });
  assert.deepEqual(serves(), [false, false, false]);
  assert.deepEqual(page.outbox.all().map(({ id }) => id), ["a", "b"]);
});

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("ids are random ones of version 4, also where the page did not come over HTTPS", () => {
  const { randomUUID } = crypto;
  const ids = [Outbox.newId(), Outbox.newId()];
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  ids.push(Outbox.newId(), Outbox.newId());
  Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true });
  assert.deepEqual([ids.map((id) => ID.test(id)), new Set(ids).size], [[true, true, true, true], 4]);
});
