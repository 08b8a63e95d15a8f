/**
 * Keeps this version of the page, so that it opens without a network. It never takes over from a running version by
 * itself: the page asks the person first (src/offline/registration.ts).
 */
import { PrecacheController } from 'workbox-precaching';
import { putDownShared } from './shared-files.ts';
import { wayOf } from './ways.ts';

declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
const precache = new PrecacheController();
// The list of files is put here by the build. Installing fetches them all or fails; activating forgets older ones.
precache.precache(self.__WB_MANIFEST);

self.addEventListener('activate', (event) => {
  // The first visit is kept too: without this, the page would have to be opened twice before it works offline.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  // Sent by workbox-window when the person pressed "Reload".
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
    const form = await request.formData();
    const files = [...form.values()].filter((value) => value instanceof File);
    await putDownShared(files, caches);
    return Response.redirect(new URL('?shared=kept#/firmware', scope).href, 303);
  } catch {
    // No room, or no form: the page says that it was not kept. An error here would show the browser's own page.
    return Response.redirect(new URL('?shared=lost#/firmware', scope).href, 303);
  }
}

function isSkipWaiting(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING';
}
