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

  // What waits to be sent is no draft: it is kept until it is.
  const forgetOld = () => {
    const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
    for (const name of Object.keys(storage ?? {})) {
      if (name.startsWith(DRAFT) && JSON.parse(storage.getItem(name)).at < oldest) storage.removeItem(name);
    }
  };

  forgetOld();
  return { storage, draft, isDraft: (name) => Boolean(name?.startsWith(DRAFT)) };
})();
