// Keeps the workspace's page and its files, and nothing of anybody: children's data lie sealed elsewhere.
const CACHE = "work-{{ version }}";
const SHELL = "{{ shell }}";
const FILES = new Set({{ files|safe }});
const DRAWN_HERE = [/^\/roster\/$/, /^\/children\/new\/$/, /^\/children\/[0-9a-f-]{36}\/measure\/$/,
  /^\/roster\/cases\/$/, /^\/outbox\/$/, /^\/grid\/$/, /^\/sign-out\/$/];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // Past the browser's own cache for the page: it carries no version in its name.
    await cache.addAll([...FILES].map((url) => new Request(url, url === SHELL ? { cache: "reload" } : {})));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.method === "POST" && url.pathname === "/i18n/setlang/") {
    event.respondWith(inAnotherLanguage(event.request));
  } else if (event.request.method !== "GET") {
    return;
  } else if (event.request.mode === "navigate") {
    event.respondWith(page(event.request, url));
  } else if (FILES.has(url.pathname)) {
    event.respondWith(kept(event.request));
  }
});

async function kept(request) {
  return (await caches.match(request, { cacheName: CACHE })) || fetch(request);
}

// The workspace draws its own addresses from the page that is kept; any other page comes from the register,
// and without a network the workspace says so.
async function page(request, url) {
  const shell = await caches.match(SHELL, { cacheName: CACHE });
  if (shell && DRAWN_HERE.some((address) => address.test(url.pathname))) return shell;
  try {
    return await fetch(request);
  } catch (error) {
    if (shell) return shell;
    throw error;
  }
}

async function inAnotherLanguage(request) {
  const answer = await fetch(request);
  const cache = await caches.open(CACHE);
  await cache.add(new Request(SHELL, { cache: "reload" })).catch(() => cache.delete(SHELL));
  return answer;
}
