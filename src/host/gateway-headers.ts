/**
 * Which headers the gateway passes on: few, by name. Cookies, Origin, Referer and everything of the browser stay here,
 * `Accept` too: a device has one kind of answer, and 4,096 bytes for a request with all its headers.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { KEY_HEADER } from './pairing-routes.ts';

const ALWAYS = new Set(['authorization', 'content-type']);
/** The token's header has a name of the device's choice ("X-OTA-Token" by default): `x-…`, or something about a token or key. */
const TOKEN_LIKE = /^(x-[a-z0-9-]+|([a-z0-9]+-)*(token|key|auth|secret)(-[a-z0-9]+)*)$/;
/** Looks like the above, and would let a page lie about who asks, or how a request is framed. */
const NEVER =
  /^(x-forwarded-.*|x-real-ip|x-client-ip|x-http-method.*|x-method-override|x-original-.*|x-rewrite-.*|x-requested-with|sec-.*|proxy-.*)$/;

/** Our own page's words to this host: that it asks (src/device/request.ts), and its key. They are none of a device's business. */
const OWN: ReadonlySet<string> = new Set(['x-moult', KEY_HEADER]);

/** Whether a foreign page could not send these without asking first (a preflight, which this host never grants). */
export function costsPreflight(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'authorization' || (TOKEN_LIKE.test(name) && !NEVER.test(name)));
}

/** `length`: bytes of the body, stated by us; null where there is none. */
export function forwardedHeaders(headers: IncomingHttpHeaders, length: number | null): OutgoingHttpHeaders {
  // What Connection names belongs to this hop alone (RFC 9110, 7.6.1).
  const hop = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const forwarded: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || hop.has(name) || OWN.has(name) || NEVER.test(name)) continue;
    if (ALWAYS.has(name) || TOKEN_LIKE.test(name)) forwarded[name] = value;
  }
  if (length !== null) forwarded['content-length'] = length;
  return forwarded;
}
