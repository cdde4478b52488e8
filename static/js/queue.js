// What people enter travels to the server through this queue: the lines of the board (board.js) and
// the choice of a rating (rating.js). One entry at a time, in the order of entering: so numbers
// follow the typing, and no older choice arrives last and wins. An entry stays in the storage until
// the server has it, so neither a lost network nor an expired session nor a closed tab costs a word.
// The server takes an id once, so sending again is harmless.
//
// It knows no page and is tested without one (tests/js/). A plain script and no module, because
// board.js needs it before the first line can be typed.
"use strict";

globalThis.Queue = class Queue {
  static AGAIN = 3000; // milliseconds until what could not be sent is sent again

  // How sending ended: "sent" (nothing is left), "refused" (what is left waits for the person),
  // "offline" (what is left is sent again by itself) or "signed out" (it is sent after the log-in).
  state = "sent";
  #page;
  #isSending = false;
  #timer = 0;

  /**
   * Takes what differs from page to page: `storage` like the browser's; `prefix()` of the keys in
   * it; `token()` against forged requests; `stored(entry, html)` and `refused(entry, answer)`, told
   * of each entry and awaited, with `{text, status, isPlain}` for an answer; `ended(state, login)`,
   * told how sending ended, and where people sign in.
   */
  constructor({ storage, prefix = () => "", token, stored = () => {}, refused = () => {}, ended }) {
    this.#page = { storage, prefix, token, stored, refused, ended };
  }

  /** Return what waits, in the order of entering. */
  all() {
    const { storage } = this.#page;
    const prefix = this.#page.prefix();
    return Array.from({ length: storage.length }, (_, index) => storage.key(index))
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ ...JSON.parse(storage.getItem(key)), id: key.slice(prefix.length) }))
      .sort((one, other) => one.at - other.at);
  }

  /**
   * Keep an entry `{id, action, fields}` (and whatever else the page wants to find in it) and send
   * it; `fields` by their names, or as pairs where names come again. It takes the place of one with the same id, also of one that is under way. What was refused
   * and is put again keeps its place in the order.
   */
  put(entry) {
    const last = this.all().at(-1)?.at ?? 0; // a clock can be put back
    this.#keep({ ...entry, at: entry.at ?? Math.max(Date.now(), last + 1), refused: false });
    return this.send();
  }

  drop({ id }) {
    this.#page.storage.removeItem(this.#page.prefix() + id);
  }

  /** Send all but what was refused. Harmless at any time. */
  async send() {
    clearTimeout(this.#timer);
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let entry; (entry = this.all().find(({ refused }) => !refused)); ) {
        const answer = await this.#post(entry);
        if (answer.means === "offline" || answer.means === "signed out") {
          this.#end(answer.means, answer.login);
          return;
        }
        await this.#settle(entry, answer);
      }
      this.#end(this.all().length ? "refused" : "sent");
    } finally {
      this.#isSending = false;
    }
  }

  async #post({ action, fields }) {
    const headers = { "HX-Request": "true", "X-CSRFToken": this.#page.token() };
    const body = new URLSearchParams(fields);
    try {
      // Another page is no answer to an entry.
      const response = await fetch(action, { method: "POST", headers, body, redirect: "manual" });
      return {
        means: Queue.#meaning(response.status),
        status: response.status,
        text: await response.text(),
        isPlain: Boolean(response.headers.get("Content-Type")?.startsWith("text/plain")),
        login: response.headers.get("HX-Redirect"),
      };
    } catch {
      return { means: "offline" };
    }
  }

  async #settle(entry, { means, status, text, isPlain }) {
    // Another one may have taken its place meanwhile, and is sent next.
    const isKept = () => this.all().some(({ id, at }) => id === entry.id && at === entry.at);
    if (means === "sent") {
      await this.#page.stored(entry, text); // a page that cannot read the answer costs no word either
      if (isKept()) this.drop(entry);
    } else {
      if (isKept()) this.#keep({ ...entry, refused: true, status });
      await this.#page.refused({ ...entry, refused: true }, { status, text, isPlain });
    }
  }

  #end(state, login = null) {
    this.state = state;
    if (state === "offline") this.#timer = setTimeout(() => this.send(), Queue.AGAIN);
    this.#page.ended(state, login);
  }

  #keep({ id, ...entry }) {
    this.#page.storage.setItem(this.#page.prefix() + id, JSON.stringify(entry));
  }

  static #meaning(status) {
    if (status === 401) return "signed out";
    if (status === 429 || status >= 500) return "offline";
    return status >= 200 && status < 300 ? "sent" : "refused";
  }

  /** Return a storage that lives as long as the page. */
  static memory() {
    const kept = new Map();
    return {
      get length() {
        return kept.size;
      },
      key: (index) => [...kept.keys()][index],
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }

  static newId() {
    if (crypto.randomUUID) return crypto.randomUUID(); // only where the page came over HTTPS
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
};
