/**
 * Keeps this version of the page, so that it opens without a network. It never takes over from a running version by
 * itself: the page asks the person first (src/offline/registration.ts).
 */
import { PrecacheController } from 'workbox-precaching';
import { keepShared, SHARED_CACHE, type Shared } from './shared-files.ts';
import { requestKind } from './request-kind.ts';
import { whoAnswers, type WhoAnswers } from './who-answers.ts';

declare const self: ServiceWorkerGlobalScope;

/** Chromium's; TypeScript's types do not have it yet. https://github.com/WICG/service-worker-static-routing-api */
interface RoutedInstallEvent extends ExtendableEvent {
  addRoutes?(rule: RouterRule): Promise<void>;
}

interface RouterRule {
  readonly condition: { readonly requestMethod: string; readonly requestMode: string };
  readonly source: 'network';
}

/** A file shared from another app is a POST, too, but no `fetch`: its mode is "navigate". */
const PAST_THE_WORKER: RouterRule = {
  condition: { requestMethod: 'POST', requestMode: 'cors' },
  source: 'network',
};

const { scope } = self.registration;
const precache = new PrecacheController();
// The list of files is put here by the build. Installing fetches them all or fails; activating forgets older ones.
const files = self.__WB_MANIFEST;
precache.precache(files);

/** The SHA-256 of each file, by its address ("sha256-…"; vite.config.ts). */
const hashes = new Map<string, string>();
for (const file of files) {
  if (typeof file !== 'string' && file.integrity !== undefined)
    hashes.set(new URL(file.url, scope).href, file.integrity);
}

self.addEventListener('install', (event) => {
  // Where the browser takes a word on it beforehand, what goes to a device does not pass through this worker at all.
  const routed = (event as RoutedInstallEvent).addRoutes?.(PAST_THE_WORKER);
  // A rule that it does not know is no reason not to install: then `requestKind` says the same at each request.
  if (routed !== undefined) event.waitUntil(routed.catch(() => undefined));
});

self.addEventListener('activate', (event) => {
  // The first visit is kept too: without this, the page would have to be opened twice before it works offline.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  // Sent by workbox-window when the person pressed "Reload".
  if (isSkipWaiting(data)) void self.skipWaiting();
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(showPage());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  switch (requestKind(request, scope)) {
    case 'browser':
      return;
    case 'kept':
      // What is not of this version (a screenshot, a certificate) is the network's.
      if (precache.getCacheKeyForURL(request.url) !== undefined) event.respondWith(kept(request.url, request));
      return;
    case 'page':
      event.respondWith(page(event));
      return;
    case 'other-page':
      event.respondWith(fetch(request).catch(() => kept(PAGE, request)));
      return;
    case 'share':
      event.respondWith(takeShared(request));
      return;
  }
});

/** The page that is open, else a new one. */
async function showPage(): Promise<void> {
  const [open] = await self.clients.matchAll({ type: 'window' });
  await (open?.focus() ?? self.clients.openWindow(scope));
}

const PAGE = new URL('index.html', scope).href;

/** How long the network may keep the person waiting for a page that is here, in milliseconds: a host on the LAN takes ten. */
const NETWORK_MS = 1500;

/** The kept page, unless somebody else is at this address now: then theirs, and this worker goes. */
async function page(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const asked = askNetwork(request);
  // Also where the answer comes too late for this time.
  event.waitUntil(asked.then(({ who }) => (who === 'stranger' ? letGo() : undefined)));
  const late = new Promise<NetworkSays>((resolve) => setTimeout(resolve, NETWORK_MS, NOTHING));
  const { who, answer } = await Promise.race([asked, late]);
  if (answer === null || who === 'unknown') return kept(PAGE, request);
  if (who === 'stranger') return answer;
  // The same version, with the host's headers of today; another one waits until the person lets it in.
  return (await isOurs(PAGE, answer)) ? keep(PAGE, answer) : kept(PAGE, request);
}

interface NetworkSays {
  readonly who: WhoAnswers;
  readonly answer: Response | null;
}

const NOTHING: NetworkSays = { who: 'unknown', answer: null };

async function askNetwork(request: Request): Promise<NetworkSays> {
  try {
    const answer = await fetch(request, { cache: 'no-cache' });
    return { who: await whoAnswers(answer), answer };
  } catch {
    // No network, or nobody there.
    return NOTHING;
  }
}

/** What is kept in the browser's database is the page's, and stays; what this worker keeps would be shown in place of theirs. */
async function letGo(): Promise<void> {
  await self.registration.unregister();
  await Promise.all([precache.strategy.cacheName, SHARED_CACHE].map((name) => caches.delete(name)));
}

/**
 * From the cache; from the network where the browser has thrown that away, or where somebody else at this address has put
 * other bytes there.
 */
async function kept(url: string, request: Request): Promise<Response> {
  const found = await precache.matchPrecache(url);
  if (found !== undefined && (await isOurs(url, found))) return found;
  const answer = await fetch(request);
  return (await isOurs(url, answer)) ? keep(url, answer) : answer;
}

async function isOurs(url: string, answer: Response): Promise<boolean> {
  const wanted = hashes.get(url);
  if (wanted === undefined || !answer.ok) return false;
  const digest = await crypto.subtle.digest('SHA-256', await answer.clone().arrayBuffer());
  return wanted === `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

async function keep(url: string, answer: Response): Promise<Response> {
  const key = precache.getCacheKeyForURL(url);
  const cache = await caches.open(precache.strategy.cacheName);
  // No room: it is shown all the same.
  if (key !== undefined) await cache.put(key, answer.clone()).catch(() => undefined);
  return answer;
}

/** 303: the page is asked for with GET, and going back does not share again. */
async function takeShared(request: Request): Promise<Response> {
  try {
    return toShared(await keepShared(await request.formData(), caches));
  } catch {
    // No room, or no form: the page says that nothing came. An error here would show the browser's own page.
    return toShared('lost');
  }
}

function toShared(shared: Shared): Response {
  return Response.redirect(new URL(`?shared=${shared}#/firmware`, scope).href, 303);
}

function isSkipWaiting(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING';
}
