/** Connections that are kept, and that the device may have closed by the time they are used again. */
import type { ClientRequest } from 'node:http';

/** What a system says of a connection that the other side has closed. */
const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Whether a device may get this twice: a question, or a chunk that says where it belongs, which it refuses the second
 * time. `path` with its query.
 */
export function mayBeSentTwice(method: string, path: string): boolean {
  // ElegantOTA and PrettyOTA begin by a GET (src/device/form/elegant-link.ts, src/device/pretty-ota/).
  if (path.startsWith('/ota/start?') || path.startsWith('/prettyota/start?')) return false;
  // Tasmota: it clears an error, and where there is none it restarts the device.
  if (path === '/u3') return false;
  return method === 'GET' || /\?offset=\d+$/.test(path);
}

/** Whether a request without an answer failed for a kept connection that was closed: a fresh one may carry it. */
export function isStale(outgoing: ClientRequest, error: Error & { readonly code?: unknown }): boolean {
  return outgoing.reusedSocket && CLOSED.has(error.code);
}
