// What people enter travels to the server through this queue: the lines of the board, the choice of a
// rating, a sheet. An entry is kept on this device first (IndexedDB) and then sent, one at a time, in
// the order of entering: so numbers follow the typing, and no older choice arrives last and wins. It
// stays until the server has answered, so neither a lost network nor an expired session, a closed tab
// or an empty battery costs a word. The server takes an id once: sending again is harmless.
//
// A queue belongs to its owner, an opaque mark that the page carries (workshops/outbox.py): nobody else
// sees or sends it at this device. Of several tabs one sends.
//
// It knows no page and is tested without one (tests/js/). A plain script and no module, because
// board.js needs it before the first line can be typed. No private methods: phones from Safari 14.
"use strict";

globalThis.Outbox = (() => {
  const AGAIN = 3000; // milliseconds until what could not be sent is sent again, at first
  const LONGEST = 60_000;
  const PATIENCE = 20_000; // for an answer
  const LEASE = 30_000; // for which a tab may send without saying so again
  const STUCK = 3; // answers that the server cannot, after which an entry lets the others pass
  const DAYS = 60; // as long as a guest's ballot; then what was left at this device is forgotten
  const OWNER = "X-Outbox-Owner";
  const TOKEN = "X-CSRFToken";
  const TURN = "X-Rating-Turn";

  const meaning = (status) => {
    if (status === 401) return "signed out";
    if (status === 429 || status >= 500) return "offline";
    return status >= 200 && status < 300 ? "sent" : "refused";
  };

  /**
   * Make the queue of a page. `owner`: the mark or a promise of it, "" for nobody; `page`: its path;
   * `device`: see below; `lock(owner, work)`: lets one tab work at a time; `token()`: against forged
   * requests; `channel`: where tabs tell each other that something has changed; `changed()`: told
   * whenever `state` or what waits may be another; `sent()`: told of each entry that was stored.
   *
   * `state` says how sending ended: "sent" (nothing is left), "refused" (what is left waits for the
   * person), "offline" (it is sent again by itself), "signed out" (it is sent after the log-in).
   */
  const make = ({ owner: asked, page, device, lock, token, channel = null, changed = () => {}, sent = () => {} }) => {
    const rows = new Map(); // what this page knows to wait, by id
    const unsaved = new Set(); // ids of rows that this page alone holds
    const served = new Map(); // what is told of each kind of entry
    let owner = "";
    let state = "sent";
    const fleeting = new Set(); // ids of those that this device could not keep
    const keeping = new Set(); // what is on its way to this device
    const failures = new Map(); // by id, how often the server answered that it cannot
    let saves = 0;
    let fresh = null; // a token that the server gave in place of the page's
    let pause = AGAIN;
    let timer = 0;
    let sending = null;
    let isWanted = false;

    const queued = () => [...rows.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
    const waiting = () => queued().filter(({ refused }) => !refused);

    const tell = async (what, row, ...said) => {
      if (row.page === page) await served.get(row.kind)?.[what]?.(row, ...said);
    };

    const say = () => {
      channel?.postMessage(owner);
      changed();
    };

    // Another tab may have sent, added or been refused something.
    const refresh = async () => {
      let found;
      try {
        let before;
        do {
          before = saves;
          found = await device.all(owner);
        } while (saves !== before); // what is being saved would seem to be gone
      } catch {
        return; // what this page knows goes out nevertheless
      }
      const kept = new Map(found.map((row) => [row.id, row]));
      const told = [];
      for (const row of [...rows.values()].filter(({ id }) => !unsaved.has(id))) {
        const now = kept.get(row.id);
        if (!now) {
          rows.delete(row.id);
          told.push(["stored", row, ""]);
        } else if (now.refused && !row.refused) {
          told.push(["refused", now, { status: now.status, text: "", isPlain: false }]);
        }
      }
      for (const [id, row] of kept) if (!unsaved.has(id)) rows.set(id, row);
      for (const [what, row, said] of told) await tell(what, row, said);
      changed();
    };

    const opened = Promise.resolve(asked).then(async (mark) => {
      owner = mark;
      if (!owner) return;
      await device.forget(Date.now() - DAYS * 24 * 60 * 60 * 1000).catch(() => {});
      await refresh();
    });

    // With `at` only in place of the entry of that time: a newer one stays.
    const save = (row, at = null) => {
      const kept = keep(row, at).finally(() => keeping.delete(kept));
      keeping.add(kept);
      return kept;
    };

    // A device that does not answer keeps nobody from sending again.
    const written = () => keeping.size && Promise.race([
      Promise.all(keeping),
      new Promise((done) => setTimeout(done, AGAIN)),
    ]);

    const keep = async (row, at) => {
      rows.set(row.id, row);
      unsaved.add(row.id);
      saves += 1;
      await opened;
      try {
        if (!owner) throw new Error("Nobody is here.");
        await device.put({ ...row, owner }, at);
        if (rows.get(row.id) === row) unsaved.delete(row.id);
        fleeting.delete(row.id);
        const [id] = fleeting; // there is room again
        if (id) await keep(rows.get(id), null);
      } catch {
        fleeting.add(row.id); // no room, or no storage at all: it stays on the page and is sent from here
      }
      saves += 1;
      say();
    };

    /**
     * Keep an entry `{id, kind, action, fields}` (and whatever else the page wants to find in it,
     * `label` is shown to people) and send it; `fields` by their names, or as pairs where names come
     * again. It takes the place of one with the same id, also of one that is under way. What was
     * refused and is put again keeps its place in the order. Resolves when it is kept.
     */
    const put = async (entry) => {
      const last = Math.max(0, ...[...rows.values()].map(({ at }) => at)); // a clock can be put back
      const row = { page, ...entry, at: entry.at ?? Math.max(Date.now(), last + 1), refused: false };
      await save(row);
      send().catch(reportError);
    };

    const drop = async ({ id, at }) => {
      if (rows.get(id)?.at !== at) return;
      rows.delete(id);
      unsaved.delete(id);
      fleeting.delete(id);
      saves += 1;
      await device.remove(owner, id, at).catch(() => {}); // sent again, it is taken as the same
      saves += 1;
      say();
    };

    const ask = async ({ action, fields }) => {
      const headers = { "HX-Request": "true", [TOKEN]: fresh ?? token(), [OWNER]: owner };
      const signal = globalThis.AbortSignal?.timeout?.(PATIENCE);
      const body = new URLSearchParams(fields);
      // Another page is no answer to an entry.
      const response = await fetch(action, { method: "POST", headers, body, redirect: "manual", signal });
      return { response, text: await response.text() };
    };

    const post = async (row) => {
      try {
        let { response, text } = await ask(row);
        const renewed = response.status === 403 && response.headers.get(TOKEN);
        if (renewed) {
          fresh = renewed; // the page's own is from before a log-in
          ({ response, text } = await ask(row));
        }
        // What is stored counts as newer, though this is: it was chosen on another device, or on a page
        // that knew less. It comes behind that.
        const turn = response.status === 409 && Number(response.headers.get(TURN));
        if (turn) ({ response, text } = await ask({ ...row, fields: { ...row.fields, turn: turn + 1 } }));
        return {
          means: meaning(response.status),
          status: response.status,
          text,
          isPlain: Boolean(response.headers.get("Content-Type")?.startsWith("text/plain")),
          login: response.headers.get("HX-Redirect"),
        };
      } catch {
        return { means: "offline" };
      }
    };

    const settle = async (row, { means, status, text, isPlain }) => {
      // Another one may have taken its place meanwhile, and is sent next.
      const isKept = () => rows.get(row.id)?.at === row.at;
      if (means === "sent") {
        sent();
        await tell("stored", row, text); // a page that cannot read the answer costs no word either
        await drop(row);
      } else {
        const refused = { ...row, refused: true, status };
        if (isKept()) await save(refused, row.at);
        await tell("refused", refused, { status, text, isPlain });
      }
    };

    const end = (how, login = null) => {
      isWanted = false; // what is put from here on goes out in a further turn
      state = how;
      if (how === "offline") {
        // Two hundred phones that lost a server at one moment do not come back in step.
        timer = setTimeout(() => send().catch(reportError), pause * (0.8 + 0.4 * Math.random()));
        pause = Math.min(2 * pause, LONGEST);
      }
      changed();
      for (const { ended } of served.values()) ended?.(how, login);
    };

    // What the server fails at again and again, though it answers, lets the others pass.
    const failsAgain = ({ id }, { status }) => {
      if (status) failures.set(id, (failures.get(id) ?? 0) + 1);
      return failures.get(id) > STUCK;
    };

    const work = async (isMine) => {
      const passed = new Set();
      await refresh();
      for (let row; ([row] = waiting().filter(({ id }) => !passed.has(id))) && row; ) {
        if (!(await isMine())) {
          isWanted = false; // another tab goes on
          return;
        }
        const answer = await post(row);
        if (answer.means === "offline" || answer.means === "signed out") {
          if (answer.means === "offline" && failsAgain(row, answer)) {
            passed.add(row.id);
            continue;
          }
          await written(); // that something waits here is said of what this device has
          end(answer.means, answer.login);
          return;
        }
        pause = AGAIN;
        await settle(row, answer);
        await refresh();
      }
      end(passed.size ? "offline" : rows.size ? "refused" : "sent");
    };

    /** Send all but what was refused. Harmless at any time. */
    const send = () => {
      clearTimeout(timer);
      isWanted = true;
      sending ??= (async () => {
        try {
          await opened;
          do await lock(owner, work);
          while (isWanted);
        } finally {
          sending = null;
        }
      })();
      return sending;
    };

    if (channel) channel.onmessage = ({ data }) => data === owner && refresh();

    return {
      ready: opened,
      put,
      drop,
      send,
      refresh,
      /** Be told of the entries of a kind that were put on this page: `{stored, refused, ended, shows}`. */
      serve: (kind, what) => served.set(kind, what),
      /** Return what waits on this page, in the order of entering; `every`: of all pages of the owner. */
      all: () => queued().filter((row) => row.page === page),
      every: queued,
      /** Whether a script of this page shows an entry itself: those it serves, or says that it shows. */
      serves: (row) => row.page === page && served.has(row.kind) && (served.get(row.kind).shows?.(row) ?? true),
      get owner() { return owner; },
      get state() { return state; },
      get count() { return waiting().length; },
      /** Whether something would be gone with this page. */
      get isFleeting() { return fleeting.size > 0; },
    };
  };

  // Where entries are kept ------------------------------------------------------------------------

  /** Return the storage of this device; each of its promises is broken where there is none. */
  const device = () => {
    let opening = null;
    const open = () => {
      opening ??= new Promise((done, fail) => {
        const asked = indexedDB.open("outbox", 1);
        asked.onupgradeneeded = () => {
          asked.result.createObjectStore("entries", { keyPath: ["owner", "id"] });
          asked.result.createObjectStore("leases", { keyPath: "owner" });
        };
        asked.onsuccess = () => {
          asked.result.onclose = () => { opening = null; };
          asked.result.onversionchange = () => { asked.result.close(); opening = null; };
          done(asked.result);
        };
        asked.onerror = () => fail(asked.error);
        setTimeout(() => fail(new Error("The storage does not answer.")), AGAIN); // some browsers' never do
      }).catch((error) => {
        opening = null;
        throw error;
      });
      return opening;
    };
    // Let `work` change or read what lies under a name; with the disk's word that it is written.
    const within = async (name, mode, work) => {
      const database = await open();
      return new Promise((done, fail) => {
        const transaction = database.transaction(name, mode, { durability: "strict" });
        const result = {};
        transaction.oncomplete = () => done(result.value);
        transaction.onabort = () => fail(transaction.error ?? new Error("Not kept."));
        work(transaction.objectStore(name), result);
      });
    };
    const read = (request, then) => { request.onsuccess = () => then(request.result); };
    return {
      all: (owner) =>
        within("entries", "readonly", (entries, result) => {
          const own = IDBKeyRange.bound([owner], [owner, []]);
          read(entries.getAll(own), (found) => { result.value = found; });
        }),
      put: (row, at) =>
        within("entries", "readwrite", (entries) => {
          if (at === null) entries.put(row);
          else read(entries.get([row.owner, row.id]), (found) => found?.at === at && entries.put(row));
        }),
      remove: (owner, id, at) =>
        within("entries", "readwrite", (entries) => {
          read(entries.get([owner, id]), (found) => found?.at === at && entries.delete([owner, id]));
        }),
      forget: (before) =>
        within("entries", "readwrite", (entries) => {
          read(entries.openCursor(), function next(cursor) {
            if (!cursor) return;
            if (cursor.value.at < before) cursor.delete();
            cursor.continue();
          });
        }),
      take: (owner, tab, until) =>
        within("leases", "readwrite", (leases, result) => {
          read(leases.get(owner), (found) => {
            result.value = !found || found.tab === tab || found.until < Date.now();
            if (result.value) leases.put({ owner, tab, until });
          });
        }),
      release: (owner, tab) =>
        within("leases", "readwrite", (leases) => {
          read(leases.get(owner), (found) => found?.tab === tab && leases.delete(owner));
        }),
    };
  };

  // One tab at a time -----------------------------------------------------------------------------

  /** Return `lock(owner, work)`: runs `work(isMine)` when no other tab works for the same owner. */
  const lock = (place) => (globalThis.navigator?.locks ? held : leased(place));

  // A tab that sleeps with the lock in its hand does not keep the others from sending.
  const held = async (owner, work) => {
    let isMine = true;
    const ask = (options) => navigator.locks.request(`outbox:${owner}`, options, () => {
      options.isGranted = true;
      return work(() => isMine);
    });
    const patient = new AbortController();
    const waiting = { signal: patient.signal };
    const timer = setTimeout(() => patient.abort(), LEASE);
    try {
      await ask(waiting);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      if (waiting.isGranted) isMine = false;
      else await ask({ steal: true });
    } finally {
      clearTimeout(timer);
    }
  };

  // Without HTTPS a browser knows no locks: a lease on this device, said anew before each entry.
  const leased = (place) => {
    const tab = newId();
    const wait = () => new Promise((done) => setTimeout(done, 500));
    // Where nothing can be kept, no other tab can have it either.
    const take = (owner) => place.take(owner, tab, Date.now() + LEASE).catch(() => true);
    return async (owner, work) => {
      while (!(await take(owner))) await wait();
      try {
        await work(() => take(owner));
      } finally {
        await place.release(owner, tab).catch(() => {});
      }
    };
  };

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID(); // only where the page came over HTTPS
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  return { make, device, lock, newId };
})();
