/**
 * Keeps this version of the page, so that it opens without a network. It never takes over from a running version by
 * itself: the page asks the person first (src/offline/registration.ts).
 */
import { PrecacheController } from 'workbox-precaching';
import { putDownShared, type Shared } from './shared-files.ts';
import { wayOf } from './ways.ts';

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
precache.precache(self.__WB_MANIFEST);

self.addEventListener('install', (event) => {
  // Where the browser takes a word on it beforehand, what goes to a device does not pass through this worker at all.
  const routed = (event as RoutedInstallEvent).addRoutes?.(PAST_THE_WORKER);
  // A rule that it does not know is no reason not to install: then `wayOf` says the same at each request.
  if (routed !== undefined) event.waitUntil(routed.catch(() => undefined));
});

self.addEventListener('activate', (event) => {
  // The first visit is kept too: without this, the page would have to be opened twice before it works offline.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  // Sent by the page when the person pressed "Reload".
  if (isSkipWaiting(data)) void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  switch (wayOf(request, scope)) {
    case 'browser':
      return;
    case 'kept':
      // What is not of this version (a screenshot, a certificate) is the network's.
      if (precache.getCacheKeyForURL(request.url) !== undefined) event.respondWith(kept(request.url, request));
      return;
    case 'page':
      event.respondWith(kept(PAGE, request));
      return;
    case 'other-page':
      event.respondWith(fetch(request).catch(() => kept(PAGE, request)));
      return;
    case 'share':
      event.respondWith(takeShared(request));
      return;
  }
});

const PAGE = new URL('index.html', scope).href;

/** From the cache; from the network where the browser has thrown that away. */
async function kept(url: string, request: Request): Promise<Response> {
  return (await precache.matchPrecache(url)) ?? fetch(request);
}

/** 303: the page is asked for with GET, and going back does not share again. */
async function takeShared(request: Request): Promise<Response> {
  try {
    return toShared(await putDownShared(await request.formData(), caches));
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
