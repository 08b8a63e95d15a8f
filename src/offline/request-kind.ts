/** Which requests the service worker answers. Told apart here, without a worker around, so that a test can ask. */

/**
 * - `browser`: none of the worker's business; it returns without `respondWith`.
 * - `kept`: a file that came with this version, if it is one.
 * - `page`: the page itself, from what is kept.
 * - `other-page`: a page of the host's own; where the host is gone, ours.
 * - `share`: files that another app shared.
 */
export type RequestKind = 'browser' | 'kept' | 'page' | 'other-page' | 'share';

/** What is looked at in a `Request`. */
export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly mode: string;
}

/** Where the manifest's `share_target` posts to, below the scope. */
export const SHARE_PLACE = 'share';

/**
 * What only the host itself can answer: the gateway, its offers, finding devices. Kept or answered by the worker they
 * would be stale; and a device's answer must never come out of a cache.
 */
const HOST_PLACES = ['/device/', '/moult.json', '/discover', '/clients'];

/**
 * `scope` is the worker's, with a slash at its end. Requests to other origins are devices': a worker on an https page
 * cannot reach an http device for the page, so whatever it takes over there, it breaks.
 */
export function requestKind({ url, method, mode }: Asked, scope: string): RequestKind {
  const { origin, pathname } = new URL(url);
  const home = new URL(scope);
  if (origin !== home.origin || !pathname.startsWith(home.pathname)) return 'browser';
  if (HOST_PLACES.some((place) => (place.endsWith('/') ? pathname.startsWith(place) : pathname === place))) {
    return 'browser';
  }
  const place = pathname.slice(home.pathname.length);
  if (method === 'POST' && mode === 'navigate' && place === SHARE_PLACE) return 'share';
  if (method !== 'GET') return 'browser';
  if (mode !== 'navigate') return 'kept';
  return place === '' || place === 'index.html' ? 'page' : 'other-page';
}
