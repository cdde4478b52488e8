// Where this browser keeps what somebody has written and not stored: drafts (drafts.js), pasted
// lines (paste.js) and what waits to be sent (board.js). A plain script, because board.js needs it
// before the first line can be typed.
"use strict";

globalThis.Kept = (() => {
  const DAYS = 14;
  const DRAFT = "draft:";

  // The browser's storage, which outlives the page; null where that is forbidden.
  const storage = (() => {
    try {
      localStorage.setItem("probe", "");
      localStorage.removeItem("probe");
      return localStorage;
    } catch {
      return null;
    }
  })();

  // By account: at a shared laptop nobody reads another's words.
  const draft = (account, path, id) => `${DRAFT}${account}:${path}#${id}`;

  const isDraft = (name) => Boolean(name?.startsWith(DRAFT));

  // Whatever else may stand under such a name is no draft.
  const read = (text) => {
    try {
      const found = JSON.parse(text);
      return typeof found?.values === "object" && found.values ? found : null;
    } catch {
      return null;
    }
  };

  // What waits to be sent is no draft: it is kept until it is.
  const forget = (older) => {
    for (const name of Object.keys(storage ?? {}).filter(isDraft)) {
      if (!(read(storage.getItem(name))?.at > older)) storage.removeItem(name);
    }
  };

  // Where there is no room for a line that waits to be sent, drafts make some.
  const set = (name, text, place = storage) => {
    try {
      place.setItem(name, text);
    } catch {
      forget(Infinity);
      place.setItem(name, text);
    }
  };

  // The storage for what must not fail for want of room.
  const roomy = storage && {
    get length() {
      return storage.length;
    },
    key: (index) => storage.key(index),
    getItem: (name) => storage.getItem(name),
    setItem: (name, text) => set(name, text),
    removeItem: (name) => storage.removeItem(name),
  };

  forget(Date.now() - DAYS * 24 * 60 * 60 * 1000);
  return { storage, draft, isDraft, read, set, roomy };
})();
