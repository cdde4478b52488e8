// The queue of static/js/queue.js without a browser: what goes out, what stays, what is told.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import "../../static/js/queue.js";

const { Queue } = globalThis;
const LOGIN = "/accounts/login/?next=/";
const REFUSALS = [0, 302, 400, 403, 404, 409, 422];
const PASSING = [429, 500, 502, 503];

let answers; // what the server says, one after the other; an error is a network that failed
let requests; // what it was asked
let timers; // what was to run later: [run, milliseconds] or null
let now;

const say = (status, { text = "", type = "text/html", login = null } = {}) => ({
  status,
  headers: new Map([["Content-Type", type], ["HX-Redirect", login]]),
  text: async () => text,
});
const lost = () => new TypeError("Failed to fetch");

beforeEach(() => {
  [answers, requests, timers, now] = [[], [], [], 1000];
  globalThis.fetch = async (action, { body, ...asked }) => {
    requests.push({ action, body: String(body), ...asked });
    const answer = await answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  globalThis.setTimeout = (run, milliseconds) => timers.push([run, milliseconds]);
  globalThis.clearTimeout = (timer) => {
    if (timer) timers[timer - 1] = null;
  };
  Date.now = () => now;
});

// A page that writes down what it is told.
const open = (storage = Queue.memory(), prefix = "lines:") => {
  const told = [];
  const queue = new Queue({
    storage,
    prefix: () => prefix,
    token: () => "secret",
    stored: ({ id }, html) => told.push(["stored", id, html]),
    refused: ({ id, refused }, answer) => told.push(["refused", id, refused, answer]),
    ended: (state, login) => told.push([state, login]),
  });
  return { queue, told };
};
// A browser's storage keeps no order.
const backwards = (storage) => {
  const key = (index) => storage.key(storage.length - 1 - index);
  return Object.create(storage, { key: { value: key } });
};
const line = (id) => ({ id, action: "/add/", fields: { title: id } });
const sent = () => requests.map(({ body }) => body.replace("title=", ""));
const waiting = (queue) => queue.all().map(({ id, refused }) => (refused ? `${id} refused` : id));

// Holds an answer back until it is called.
const later = () => {
  let arrive;
  answers.push(new Promise((done) => (arrive = done)));
  return arrive;
};

test("an entry goes out as a script's form with the token, and leaves the storage when stored", async () => {
  const { queue, told } = open();
  answers = [say(201, { text: "<li>Bus</li>" })];
  await queue.put({ id: "a", action: "/add/", line: "lines-1", fields: { title: "Bus & Bahn" } });
  assert.deepEqual(requests, [
    {
      action: "/add/",
      body: "title=Bus+%26+Bahn",
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRFToken": "secret" },
      redirect: "manual",
    },
  ]);
  assert.deepEqual(told, [["stored", "a", "<li>Bus</li>"], ["sent", null]]);
  assert.deepEqual([queue.state, queue.all(), timers], ["sent", [], []]);
});

test("an answer without a body is one, too", async () => {
  const { queue, told } = open();
  answers = [say(204)];
  await queue.put(line("a"));
  assert.deepEqual(told, [["stored", "a", ""], ["sent", null]]);
});

test("one is under way at a time, in the order of entering", async () => {
  const { queue, told } = open(backwards(Queue.memory()));
  const arrive = later();
  const sending = queue.put(line("a"));
  answers.push(say(201), say(201));
  now = 500; // the clock is put back meanwhile
  await queue.put(line("c"));
  await queue.put(line("b"));
  assert.deepEqual([sent(), waiting(queue)], [["a"], ["a", "c", "b"]]);
  arrive(say(201));
  await sending;
  assert.deepEqual(sent(), ["a", "c", "b"]);
  assert.deepEqual(told, [["stored", "a", ""], ["stored", "c", ""], ["stored", "b", ""], ["sent", null]]);
});

test("without a network all wait, and are sent again after three seconds", async () => {
  const { queue, told } = open();
  answers = [lost()];
  await queue.put(line("a"));
  answers = [lost()];
  await queue.put(line("b"));
  assert.deepEqual([sent(), waiting(queue), queue.state], [["a", "a"], ["a", "b"], "offline"]);
  const [first, [again, milliseconds]] = timers;
  assert.deepEqual([first, milliseconds], [null, 3000]); // one clock runs, not two
  answers = [say(201), say(201)];
  await again();
  assert.deepEqual(sent(), ["a", "a", "a", "b"]);
  assert.deepEqual(told, [
    ["offline", null], ["offline", null], ["stored", "a", ""], ["stored", "b", ""], ["sent", null],
  ]);
  assert.deepEqual(waiting(queue), []);
});

test("an answer that breaks off half way is no answer", async () => {
  const { queue, told } = open();
  answers = [{ ...say(201), text: async () => { throw lost(); } }];
  await queue.put(line("a"));
  assert.deepEqual([told, waiting(queue), timers.length], [[["offline", null]], ["a"], 1]);
});

for (const status of PASSING) {
  test(`a server that answers ${status} is asked again, and nothing is refused`, async () => {
    const { queue, told } = open();
    answers = [say(status, { text: "later", type: "text/plain" })];
    await queue.put(line("a"));
    assert.deepEqual([told, waiting(queue), timers.length], [[["offline", null]], ["a"], 1]);
  });
}

test("who is signed out is told where to sign in, and nothing goes out by itself", async () => {
  const { queue, told } = open();
  answers = [say(401, { login: LOGIN })];
  await queue.put(line("a"));
  assert.deepEqual([told, waiting(queue), timers], [[["signed out", LOGIN]], ["a"], []]);
  answers = [say(201)];
  await queue.send();
  assert.deepEqual([sent(), queue.state, waiting(queue)], [["a", "a"], "sent", []]);
});

for (const status of REFUSALS) {
  test(`what is refused with ${status} stays for the person, and the next one goes`, async () => {
    const { queue, told } = open();
    const arrive = later();
    const sending = queue.put(line("a"));
    queue.put(line("b"));
    answers.push(say(201));
    arrive(say(status, { text: "too long" }));
    await sending;
    assert.deepEqual(told, [
      ["refused", "a", true, { status, text: "too long", isPlain: false }],
      ["stored", "b", ""],
      ["refused", null],
    ]);
    assert.deepEqual([waiting(queue), queue.state, timers], [["a refused"], "refused", []]);
  });
}

test("a refusal in plain words says so", async () => {
  const { queue, told } = open();
  answers = [say(404, { text: "It is gone.\n", type: "text/plain; charset=utf-8" })];
  await queue.put(line("a"));
  assert.deepEqual(told[0], ["refused", "a", true, { status: 404, text: "It is gone.\n", isPlain: true }]);
});

test("what was refused is not sent again until it is corrected, and then before younger ones", async () => {
  const { queue, told } = open();
  answers = [say(422), lost()];
  await queue.put(line("a"));
  await queue.put(line("b"));
  assert.deepEqual([sent(), waiting(queue)], [["a", "b"], ["a refused", "b"]]);
  answers = [say(201), say(201)];
  const [refused] = queue.all();
  await queue.put({ ...refused, fields: { title: "A" } });
  assert.deepEqual([sent(), waiting(queue)], [["a", "b", "A", "b"], []]);
  assert.deepEqual(told.at(-1), ["sent", null]);
});

test("what was refused can be given up", async () => {
  const { queue, told } = open();
  answers = [say(422)];
  await queue.put(line("a"));
  queue.drop(queue.all()[0]);
  await queue.send();
  assert.deepEqual([sent(), waiting(queue), told.at(-1)], [["a"], [], ["sent", null]]);
});

test("of one id the newest is kept: what is under way does not take it along", async () => {
  const { queue, told } = open();
  const choice = (title) => ({ ...line("choice"), fields: { title } });
  const arrive = later();
  const sending = queue.put(choice("1"));
  for (const title of ["2", "3", "1"]) queue.put(choice(title));
  answers.push(say(204));
  arrive(say(204));
  await sending;
  assert.deepEqual([sent(), waiting(queue)], [["1", "1"], []]);
  assert.deepEqual(told.at(-1), ["sent", null]);
});

test("a refusal of the older one does not refuse the newer one", async () => {
  const { queue } = open();
  const arrive = later();
  const sending = queue.put({ ...line("choice"), fields: { title: "1" } });
  queue.put({ ...line("choice"), fields: { title: "2" } });
  answers.push(say(204));
  arrive(say(422));
  await sending;
  assert.deepEqual([sent(), waiting(queue), queue.state], [["1", "2"], [], "sent"]);
});

test("another page finds what an earlier one could not send, and only its own", async () => {
  const storage = Queue.memory();
  const earlier = open(storage);
  answers = [lost(), lost()];
  await earlier.queue.put(line("a"));
  await open(storage, "others:").queue.put(line("x"));
  const { queue, told } = open(storage);
  assert.deepEqual(queue.all(), [{ ...line("a"), at: 1000, refused: false }]);
  answers = [say(201)];
  await queue.send();
  assert.deepEqual([told, sent()], [[["stored", "a", ""], ["sent", null]], ["a", "x", "a"]]);
  assert.deepEqual([storage.length, storage.key(0)], [1, "others:x"]);
});

test("what another tab has sent meanwhile is not put back", async () => {
  const storage = Queue.memory();
  const { queue } = open(storage);
  const arrive = later();
  const sending = queue.put(line("a"));
  open(storage).queue.drop({ id: "a" });
  arrive(say(403));
  await sending;
  assert.deepEqual(waiting(queue), []);
});

test("a page that cannot read an answer keeps the entry, and the next sending goes out", async () => {
  const storage = Queue.memory();
  const stored = () => { throw new Error("no line in it"); };
  const queue = new Queue({ storage, token: () => "", stored, ended: () => {} });
  answers = [say(200), say(200)];
  await assert.rejects(queue.put(line("a")), /no line in it/);
  assert.deepEqual(waiting(queue), ["a"]);
  await assert.rejects(queue.send(), /no line in it/);
  assert.deepEqual(sent(), ["a", "a"]);
});

test("nothing is sent where nothing waits", async () => {
  const { queue, told } = open();
  await queue.send();
  assert.deepEqual([requests, told], [[], [["sent", null]]]);
});

test("the next entry goes out when the page has shown the last one", async () => {
  let shown;
  const told = [];
  const queue = new Queue({
    storage: Queue.memory(),
    token: () => "",
    stored: ({ id }) => new Promise((done) => { shown = () => { told.push(id); done(); }; }),
    ended: () => {},
  });
  answers = [say(201), say(201)];
  const sending = Promise.all([queue.put(line("a")), queue.put(line("b"))]);
  await new Promise(setImmediate);
  assert.deepEqual([sent(), waiting(queue)], [["a"], ["a", "b"]]);
  shown();
  await new Promise(setImmediate);
  assert.deepEqual([sent(), waiting(queue), told], [["a", "b"], ["b"], ["a"]]);
  shown();
  await sending;
  assert.deepEqual(waiting(queue), []);
});

test("fields whose names come again are kept and sent in their order", async () => {
  const storage = Queue.memory();
  answers = [lost(), say(201)];
  const fields = [["title", "a"], ["title", "b"], ["take", "2"]];
  await open(storage).queue.put({ id: "p", action: "/paste/", fields });
  await open(storage).queue.send();
  assert.deepEqual(requests.map(({ body }) => body), Array(2).fill("title=a&title=b&take=2"));
});

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("ids are random ones of version 4, also where the page did not come over HTTPS", () => {
  const { randomUUID } = crypto;
  const ids = [Queue.newId(), Queue.newId()];
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  ids.push(Queue.newId(), Queue.newId());
  Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true });
  assert.deepEqual([ids.map((id) => ID.test(id)), new Set(ids).size], [[true, true, true, true], 4]);
});
