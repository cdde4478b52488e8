// The outbox as a page has it (outbox.js): whose it is, what is said of it, and what its reader is
// asked before leaving. `Outbox.here` is for the scripts of a page, also before the page is there:
//
//   Outbox.here.serve(kind, { stored(entry, text), refused(entry, answer), ended(state, login) })
//   Outbox.here.put({ id, kind, action, fields, label })   label: what people read of it
//   Outbox.here.all(), drop(entry), send(), ready, state   see outbox.js
//   Outbox.here.keep([path], { isAnew })                   pages to have without a connection, where
//                                                          isKept says that this can be had
//   Outbox.here.isOlder()                                  whether more is stored than the page may show
//   Outbox.here.go(address)                                on, without asking because something waits
"use strict";

Outbox.here = (() => {
  const SENT = "outbox-sent"; // when, by the clock of this device
  const KEPT = /^\/(j|workshops\/\d+\/(rate|fields))\//; // where there may be something to keep
  const SEEN = 10_000; // for which it is said that all is saved
  const CALM = 400; // milliseconds for which nobody needs to know that something is under way
  const ready = new Promise((done) => {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", done, { once: true });
    else done();
  });
  const place = () => document.querySelector("[data-outbox]"); // none where nobody can enter anything
  const device = Outbox.device();
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("outbox") : null;

  const outbox = Outbox.make({
    owner: ready.then(() => document.querySelector("[data-outbox-owner]")?.dataset.outboxOwner ?? ""),
    page: location.pathname,
    device,
    lock: Outbox.lock(device),
    token: () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "",
    channel,
    changed: () => ready.then(show),
    sent() {
      try {
        localStorage.setItem(SENT, Date.now());
      } catch {
        // The next page may be older than what is stored; nothing else is lost.
      }
    },
  });
  // Whether something was stored since this page was asked for: it may not show that.
  const isOlder = () => {
    try {
      return Number(localStorage.getItem(SENT)) > performance.timeOrigin;
    } catch {
      return false;
    }
  };

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const words = (name, count) => {
    const said = place().dataset;
    return count === 1 ? said[`${name}One`] : (said[`${name}Many`] ?? said[name]).replace("{n}", count);
  };

  // The mark -------------------------------------------------------------------------------------

  let hasSent = false;
  let timer = 0;
  let calm = 0;
  const marked = () => {
    const { count, state } = outbox;
    if (outbox.isFleeting) return ["fleeting", words("fleeting", count)];
    if (count && (state === "offline" || state === "signed out")) return ["waiting", words("waiting", count)];
    if (count) return ["saving", words("saving")];
    const refused = outbox.every().length;
    if (refused) return ["refused", words("missed", refused)];
    return hasSent ? ["saved", words("saved")] : ["", ""];
  };
  const write = ([state, text]) => {
    const mark = place().querySelector("[data-outbox-mark]");
    // The page of a measure says beside its button how its choice fares.
    if (state !== "fleeting" && document.querySelector("[data-rate]")) [state, text] = ["", ""];
    mark.dataset.says = state;
    if (mark.textContent !== text) mark.textContent = text;
    clearTimeout(calm);
    if (state === "saved") {
      calm = setTimeout(() => {
        hasSent = false;
        write(["", ""]);
      }, SEEN);
    }
  };
  const show = () => {
    if (!place()) return;
    hasSent ||= outbox.count > 0;
    clearTimeout(timer);
    const [state, text] = marked();
    if (state === "saving") timer = setTimeout(() => write(marked()), CALM);
    else write([state, text]);
    showRefused();
    guard(state === "fleeting" || (state === "waiting" && outbox.state === "offline"));
  };

  // Whoever leaves while something waits is asked, and only then: a page without the question comes
  // back at once with "back".
  let isGuarded = false;
  let mayLeave = false;
  const ask = (event) => {
    if (!mayLeave) event.preventDefault();
  };
  const guard = (isAtRisk) => {
    if (isAtRisk === isGuarded) return;
    isGuarded = isAtRisk;
    if (isAtRisk) addEventListener("beforeunload", ask);
    else removeEventListener("beforeunload", ask);
  };

  // What was refused and no other script of this page shows ---------------------------------------

  // Pages of the rating say whether it is going on, or over with no way back.
  const isRound = (state) => document.querySelector(`[data-round="${state}"]`) !== null;
  const shown = new Map(); // its article by the entry's name
  const nameOf = ({ id, at }) => `${id} ${at}`;
  const showRefused = () => {
    const list = document.querySelector("[data-outbox-refused]");
    const refused = outbox.every().filter((row) => row.refused && !outbox.serves(row));
    for (const row of refused.filter((each) => !shown.has(nameOf(each)))) {
      const article = refusal(row);
      shown.set(nameOf(row), article);
      list.append(article);
      if (list.hidden) document.querySelector("main").prepend(list);
      // No choice stays behind in a browser once its person has read that it cannot count any more.
      if (row.kind !== "rating" || !isRound("over")) continue;
      article.dataset.stays = "";
      outbox.drop(row);
    }
    // Sent once more it is stored after all, or on its way.
    const names = new Set(refused.map(nameOf));
    for (const [name, article] of shown) if (!names.has(name) && !("stays" in article.dataset)) article.remove();
    list.hidden = !list.querySelector("article");
  };
  const button = (label, press) => {
    const made = element("button", { type: "button", class: "outbox__button" }, label);
    made.addEventListener("click", press);
    return made;
  };
  const refusal = (row) => {
    const text = element("p", { class: "outbox__text" }, row.label ?? "");
    const said = element("p", {}, words(row.status !== 403 ? "refused" : isRound("over") ? "over" : "closed"));
    const line = element("article", { class: "outbox__refused" }, said, text);
    if (navigator.clipboard) {
      const copy = button(words("copy"), async () => {
        await navigator.clipboard.writeText(row.label ?? "");
        copy.textContent = words("copied");
      });
      line.append(copy);
    }
    if (row.page !== location.pathname) {
      line.append(element("a", { href: row.page, class: "outbox__button" }, words("look")));
    }
    line.append(button(words("discard"), () => {
      outbox.drop(row);
      line.remove();
      showRefused();
    }));
    return line;
  };

  // Logging out ----------------------------------------------------------------------------------

  const isLeaving = (form) => form.id === "log-out-form";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const box = document.querySelector("[data-outbox-leave]");
    if (!isLeaving(form) || mayLeave || !outbox.count || !box?.showModal) return;
    event.preventDefault();
    box.querySelector("[data-count]").textContent = words("waiting", outbox.count);
    box.returnValue = "";
    box.showModal();
    box.onclose = async () => {
      if (box.returnValue === "send") await outbox.send().catch(reportError);
      const isEmpty = !outbox.count;
      if (box.returnValue === "leave" || (box.returnValue === "send" && isEmpty)) {
        mayLeave = true;
        form.requestSubmit();
      } else if (box.returnValue === "send") form.requestSubmit(); // still waiting: asked again
    };
  });

  // Without a connection -------------------------------------------------------------------------

  const worker = navigator.serviceWorker; // over HTTPS, and on this very machine
  let emptied = () => {};
  const tell = (message) => worker?.controller?.postMessage(message);
  const keep = (paths, { isAnew = false } = {}) => tell({ type: "keep", paths, isAnew });
  ready.then(async () => {
    const address = document.querySelector("[data-worker]")?.dataset.worker;
    if (!worker || !address) return;
    if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
    const registered = await worker.register(address).catch(() => null); // cookies off, private mode
    if (!registered) return;
    // A new one takes over when nothing waits any more.
    const takeOver = () => !outbox.count && registered.waiting?.postMessage({ type: "take over" });
    const watch = () => registered.installing?.addEventListener("statechange", takeOver);
    registered.addEventListener("updatefound", watch);
    watch();
    emptied = takeOver;
    takeOver();
    // A page that was on its way before the first one came without it, and so did what it has loaded.
    // What it has already it does not ask for again.
    const keepThis = () => {
      tell({ type: "files", paths: performance.getEntriesByType("resource").map(({ name }) => name) });
      keep([location.pathname]);
    };
    if (!KEPT.test(location.pathname)) return;
    if (worker.controller) keepThis();
    else {
      worker.addEventListener("controllerchange", keepThis, { once: true });
      (await worker.ready).active.postMessage({ type: "claim" }); // it may have begun between two pages
    }
  });
  addEventListener("online", () => outbox.send().catch(reportError));
  addEventListener("pageshow", ({ persisted }) => persisted && outbox.send().catch(reportError));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && outbox.count) outbox.send().catch(reportError);
  });
  ready.then(async () => {
    if (!place()) return;
    outbox.serve("", { ended: (state) => state === "sent" && emptied() });
    await outbox.ready;
    // What came too late and was let in since, by opening the rating again.
    const late = outbox.every().filter((row) => row.kind === "rating" && row.refused && row.status === 403);
    if (isRound("open")) await Promise.all(late.map(outbox.put));
    if (outbox.count) outbox.send().catch(reportError);
  });

  Object.defineProperty(outbox, "isKept", { get: () => Boolean(worker?.controller) });
  return Object.assign(outbox, {
    keep,
    isOlder,
    go(address) {
      mayLeave = true;
      location.assign(address);
    },
  });
})();
