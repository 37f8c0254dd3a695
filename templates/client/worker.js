/*
 * Shows one page where there is no line. It keeps that page and the files it is made of, and nothing else:
 * no page of a person, no answer of the API, no message ever enters its store.
 */
const STORE = "gemeinsinn-{{ version }}";
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OFFLINE = "{{ offline|escapejs }}";

self.addEventListener("install", (event) => {
  // Without cookies: the server answers as it would answer a stranger.
  const asked = KEPT.map((address) => new Request(address, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(asked)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("gemeinsinn-") && name !== STORE;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A hint says that something waits, never what; the page behind it asks who is there.
self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data?.json() ?? {}; } catch { /* a hint without words is still one */ }
  const path = typeof said.path === "string" ? said.path : "{{ home|escapejs }}";
  event.waitUntil(self.registration.showNotification(said.title || "{{ SERVICE_NAME|escapejs }}", {
    body: said.body || "", tag: said.tag || "hint", icon: "{{ icon|escapejs }}", data: { path },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.path, self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((open) => {
      const [page] = open;
      return page
        ? page.focus().then(() => page.navigate(address.href)).catch(() => self.clients.openWindow(address.href))
        : self.clients.openWindow(address.href);
    }),
  );
});

// Only a form of our own pages: what others send here stays between them and the server.
function ofOurs(referrer) {
  return referrer.startsWith(`${self.location.origin}/`);
}

// An answer that did not leave is not kept: the page without a line leads back to where it was given. The way stands
// behind "#", which no browser sends to a server.
function wayBack(referrer) {
  const { pathname, search } = new URL(referrer);
  return Response.redirect(`${OFFLINE}#zurueck=${encodeURIComponent(pathname + search)}`, 303);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && ofOurs(request.referrer)) {
    event.respondWith(fetch(request).catch(() => wayBack(request.referrer)));
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (KEPT.includes(address.pathname)) event.respondWith(fetch(request).catch(() => caches.match(address.pathname)));
});
