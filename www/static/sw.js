// Keeps the page's own files for offline use, one set per build. This script's query is the build, a dot, and the
// module that this browser runs.
const SET = `org2org-${location.search.slice(1)}`;
const MODULE = location.search.split('.')[1];
const FILES = [
  './', './main.js', './worker.js', './icon.svg', './site.webmanifest',
  './simd.js', `./${MODULE}.js`, `./${MODULE}_bg.wasm`,
  './checklists.json', './sample/keys.json', './sample/keys-live.json', './sample/links.csv', './sample/sources.txt',
];

addEventListener('install', (event) => {
  const keep = async () => (await caches.open(SET)).addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })));
  event.waitUntil(keep().then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  const old = async () => (await caches.keys()).filter((name) => name.startsWith('org2org-') && name !== SET);
  event.waitUntil(old().then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => clients.claim()));
});

// The network first, so that a new build is never hidden by an old copy.
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  // The page is kept once, under the shorter of its two names.
  const name = request.mode === 'navigate' ? './' : request;
  const kept = async () => (await (await caches.open(SET)).match(name, { ignoreSearch: true })) ?? Response.error();
  event.respondWith(fetch(request).catch(kept));
});
