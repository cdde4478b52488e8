// The service worker: without a connection it shows a page as it was last seen here, with the time.
// It keeps what the server names as keepable (workshops/outbox.py): the board, the rating pages,
// the way in. It sends nothing and holds no entry: those lie in the outbox (outbox.js), which the
// pages send themselves, so no update of this can strand one.
//
// Everything is asked of the server first. Pages of a person lie in one cache that is emptied when
// somebody logs in or out, comes in with a code, or turns out to be another.
"use strict";

const { version, files } = self.KEPT; // from /sw.js, made anew with each release
const FILES = `files-${version}`;
const OPEN = "pages-open"; // what anybody may see: the way in
const OWN = "pages-own"; // what one person has seen
const OWNER = "X-Outbox-Owner";
const ANYONE = "anyone";
const AT = "X-Kept-At";
const AGE = 12 * 60 * 60 * 1000; // milliseconds; as long as a session
const PATIENCE = 8000; // until a page that is kept is shown instead
const PAUSE = 1000; // between two pages that are fetched ahead
const PAGES = /^\/(j|workshops)\//; // others are none of its business
const WAYS = /^\/(accounts|j)\/|\/logout\//; // what is posted there may change who is here

// Keeping ----------------------------------------------------------------------------------------

const isFile = ({ origin, pathname }) => origin === location.origin && pathname.startsWith(files.root);

const ownerKept = async () => {
  const cache = await caches.open(OWN);
  const [first] = await cache.keys();
  return first ? (await cache.match(first)).headers.get(OWNER) : null;
};

const keepPage = async (path, response) => {
  const owner = response.headers.get(OWNER);
  if (!owner || response.status !== 200 || response.redirected) return;
  if (owner !== ANYONE && (await ownerKept()) !== owner) await caches.delete(OWN);
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // it is unpacked already
  headers.set(AT, Date.now());
  const kept = new Response(await response.blob(), { headers });
  await (await caches.open(owner === ANYONE ? OPEN : OWN)).put(path, kept);
};

const keptPage = async (path) => {
  for (const name of [OWN, OPEN]) {
    const cache = await caches.open(name);
    const found = await cache.match(path);
    if (!found) continue;
    if (Number(found.headers.get(AT)) > Date.now() - AGE) return found;
    await cache.delete(path);
  }
  return null;
};

// Write the time into the sentence that each page brings along.
const withTime = async (response) => {
  const html = await response.text();
  const [, language] = html.match(/<html lang="([\w-]+)"/) ?? [null, "de"];
  const time = new Date(Number(response.headers.get(AT)));
  const said = time.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  const told = html.replace(
    /(<p [^>]*data-stale[^>]*?) hidden>([^<]*)\{time\}/,
    (_all, tag, words) => `${tag}>${words}${said}`,
  );
  return new Response(told, { headers: response.headers });
};

// Answering --------------------------------------------------------------------------------------

const late = () => new Promise((done) => setTimeout(() => done(null), PATIENCE));

const page = async (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  const asked = fetch(request);
  const instead = await insteadOf(pathname, request.referrer);
  try {
    const response = await (instead ? Promise.race([asked, late()]) : asked);
    if (response) {
      if (request.method === "GET") event.waitUntil(keepPage(pathname, response.clone()));
      return response;
    }
    asked.catch(() => {}); // it may still arrive, and nobody waits for it
  } catch (error) {
    if (!instead) throw error;
  }
  return instead;
};

const insteadOf = async (path, from) => {
  if (/\/rate\/next\/$/.test(path)) {
    const next = await unratedPage(path, from);
    return next && Response.redirect(next);
  }
  const kept = await keptPage(path);
  return kept && withTime(kept);
};

// What comes next without a connection: a measure that is kept and was not rated on this device, else
// the one from which somebody goes on, which says that it waits.
const unratedPage = async (next, from) => {
  const root = next.replace(/next\/$/, "");
  const cache = await caches.open(OWN);
  const paths = (await cache.keys()).map(({ url }) => new URL(url));
  const isRated = (path) => paths.some(({ pathname, search }) => pathname === path && search === "?rated");
  const measures = paths.filter(({ pathname, search }) => !search && /^\d+\/$/.test(pathname.replace(root, "")));
  const found = measures.map(({ pathname }) => pathname).find((path) => !isRated(path));
  const before = from && new URL(from).pathname;
  return found ?? (measures.some(({ pathname }) => pathname === before) ? before : null);
};
const noteRated = async (path) => {
  const cache = await caches.open(OWN);
  const kept = await cache.match(path);
  if (kept) await cache.put(`${path}?rated`, new Response("", { headers: kept.headers }));
};

const file = async (request) => {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(FILES)).put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(request, { cacheName: FILES });
    if (!kept) throw error;
    return kept;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const isPost = request.method === "POST";
  if (isPost && /\/rate\/\d+\/$/.test(url.pathname)) event.waitUntil(noteRated(url.pathname));
  if (isPost && WAYS.test(url.pathname)) {
    event.respondWith(caches.delete(OWN).then(() => (request.mode === "navigate" ? page(event) : fetch(request))));
  } else if (request.mode === "navigate" && PAGES.test(url.pathname)) {
    event.respondWith(page(event)); // also what is posted: else where it leads to would not be seen here
  } else if (request.method === "GET" && isFile(url)) event.respondWith(file(request));
});

// Fetching ahead, one after another ----------------------------------------------------------------

const fetchAhead = async (paths, isAnew) => {
  for (const path of paths) {
    if (!isAnew && (await keptPage(path))) continue;
    const response = await fetch(path, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!response?.ok) return;
    await keepPage(path, response);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
};

// Coming and going ---------------------------------------------------------------------------------

const keepFiles = async (paths) => {
  const cache = await caches.open(FILES);
  const kept = await Promise.all(paths.map((path) => cache.match(path)));
  return cache.addAll(paths.filter((_path, number) => !kept[number]));
};

self.addEventListener("install", (event) => event.waitUntil(keepFiles(files.names)));
self.addEventListener("activate", (event) => {
  const forget = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("files-") && name !== FILES);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forget());
});
self.addEventListener("message", (event) => {
  const { type, paths, isAnew } = event.data;
  // The pages say when nothing waits in the outbox any more.
  if (type === "take over") self.skipWaiting();
  if (type === "claim") event.waitUntil(self.clients.claim());
  if (type === "files") event.waitUntil(keepFiles(paths.filter((path) => isFile(new URL(path)))));
  if (type === "keep") event.waitUntil(fetchAhead(paths, isAnew));
});
