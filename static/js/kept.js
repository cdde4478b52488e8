// Where this browser keeps what somebody has written and not stored: drafts (drafts.js), pasted
// lines (paste.js). What waits to be sent lies in the outbox. A plain script, because paste.js needs
// it before the first line can be typed.
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

  const forget = (older) => {
    for (const name of Object.keys(storage ?? {}).filter(isDraft)) {
      if (!(read(storage.getItem(name))?.at > older)) storage.removeItem(name);
    }
  };

  // Where there is no room, the other drafts make some.
  const set = (name, text, place = storage) => {
    try {
      place.setItem(name, text);
    } catch {
      forget(Infinity);
      place.setItem(name, text);
    }
  };

  // A storage that lives as long as the page.
  const memory = () => {
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
  };

  forget(Date.now() - DAYS * 24 * 60 * 60 * 1000);
  return { storage, draft, isDraft, read, set, memory };
})();
