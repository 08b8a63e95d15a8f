/**
 * Which headers the gateway passes on: a login, the one that carries the token, and what a body is. Cookies, Origin,
 * Referer and everything of the browser stay here, `Accept` too: a device has one kind of answer, and 4,096 bytes for a
 * request with all its headers.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { isTokenHeader } from '../../model/device/secrets/token-header.ts';

/** What a foreign page could not send without asking first: `x-…`, or something about a token or key. */
const TOKEN_LIKE = /^(x-[a-z0-9-]+|([a-z0-9]+-)*(token|key|auth|secret)(-[a-z0-9]+)*)$/;
/** Looks like the above, and may come from elsewhere: from a proxy, or from the browser itself. */
const NEVER =
  /^(x-forwarded-.*|x-real-ip|x-client-ip|x-http-method.*|x-method-override|x-original-.*|x-rewrite-.*|x-requested-with|sec-.*|proxy-.*)$/;

/** In this header our own page names the one that carries the token (src/device/request.ts). The device sees no such header. */
const NAMES_TOKEN_HEADER = 'x-moult';
/** It names none. */
const NONE = '1';

/** Whether a foreign page could not send these without asking first (a preflight, which this host never grants). */
export function costsPreflight(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => name === 'authorization' || (TOKEN_LIKE.test(name) && !NEVER.test(name)));
}

/** Whether the header that the page names for the token, if it names one, may pass. */
export function mayPass(headers: IncomingHttpHeaders): boolean {
  const named = namedIn(headers);
  return named === null || isTokenHeader(named);
}

function namedIn(headers: IncomingHttpHeaders): string | null {
  const named = headers[NAMES_TOKEN_HEADER];
  return typeof named === 'string' && named !== NONE ? named.toLowerCase() : null;
}

/** `length`: bytes of the body, stated by us; null where there is none. */
export function forwardedHeaders(headers: IncomingHttpHeaders, length: number | null): OutgoingHttpHeaders {
  // What Connection names belongs to this hop alone (RFC 9110, 7.6.1).
  const hop = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const forwarded: OutgoingHttpHeaders = {};
  for (const name of [
    'authorization',
    mayPass(headers) ? namedIn(headers) : null,
    length === null ? null : 'content-type',
  ]) {
    if (name === null || hop.has(name)) continue;
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  if (length !== null) forwarded['content-length'] = length;
  return forwarded;
}
