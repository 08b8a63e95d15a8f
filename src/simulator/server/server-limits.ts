/** What the C server itself refuses, in plain text, before the device's Python sees the request. */
import { malformed, plain, SERVER_WORDS } from '../answers.ts';
import type { DeviceClock } from '../clock.ts';
import { firstHeader, type WireRequest } from './wire-request.ts';

/**
 * `VHTTP_RECV_BUF_SIZE`: a request is received whole into one buffer, headers included, with or without PSRAM. One that
 * does not fit is refused, so that the parser's own limit on bodies is never reached.
 */
export const REQUEST_BYTES = 4096;
/**
 * For a build with a receive buffer of 128 KiB, which was never published. It is larger than the largest head and body
 * together, so that only the parser's limit is left: bodies of 64 KiB.
 */
export const GENEROUS_REQUEST_BYTES = 128 * 1024;
/** `VHTTP_MAX_BODY_SIZE`. */
export const MAX_BODY_BYTES = 65536;
/** `VHTTP_MAX_URI_LEN`: path and query. */
export const MAX_URI_BYTES = 512;
/** `VHTTP_MAX_HEADERS`. */
export const MAX_HEADERS = 24;
/** `VHTTP_MAX_HEADER_SIZE`: all header lines together, without their ends. */
const MAX_HEADER_BYTES = 4096;
/** `VHTTP_MAX_QUERY_PARAMS`. */
export const MAX_QUERY_PARAMETERS = 16;
/** `VHTTP_SERVER_RESP_TIMEOUT_MS`: how long the server waits for Python. */
export const HANDLER_LIMIT_MS = 5000;
/** `VHTTP_MAX_KEEPALIVE_REQUESTS`. */
export const REQUESTS_PER_CONNECTION = 16;
/** `VHTTP_EVENT_LOOP_MAX_CONNS`: two for each of its twelve workers. */
export const MAX_CONNECTIONS = 24;
/** `VHTTP_SERVER_IDLE_TIMEOUT_MS`: on a connection that has not brought a byte. */
export const IDLE_MS = 5000;
/** `VHTTP_SERVER_KEEPALIVE_IDLE_TIMEOUT_MS`: on one that was used. A half-sent request has no limit at all. */
export const KEEP_ALIVE_IDLE_MS = 10_000;

/** The methods that the server knows, in upper case; any other is refused before anything else is checked. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

export interface RateLimitOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** Whether a 429 says when to come back. The published server always does; others do not. */
  readonly retryAfter: boolean;
}

/** A refusal by the parser, which ends the connection. `requestBytes` is the size of the receive buffer. */
export function parseRefusal(request: WireRequest, requestBytes: number): Response | null {
  if (isTooLarge(request, requestBytes)) return plain(413, SERVER_WORDS[413]);
  const coding = firstHeader(request, 'transfer-encoding')?.toLowerCase();
  return coding?.includes('chunked') === true ? malformed() : null;
}

function isTooLarge({ target, headers, bodyBytes, bytes }: WireRequest, requestBytes: number): boolean {
  const query = target.split('?').slice(1).join('?');
  const parameters = query.split('&').filter((parameter) => parameter !== '');
  // The value begins after the colon and the spaces; clients send one space.
  const headerBytes = headers.reduce((sum, [name, value]) => sum + name.length + ': '.length + value.length, 0);
  return (
    target.length > MAX_URI_BYTES ||
    headers.length > MAX_HEADERS ||
    headerBytes > MAX_HEADER_BYTES ||
    parameters.length > MAX_QUERY_PARAMETERS ||
    bodyBytes > MAX_BODY_BYTES ||
    bytes > requestBytes
  );
}

/** Whether the server knows already that it will refuse, without the rest of the body. */
export function isHopeless(request: WireRequest): boolean {
  return parseRefusal(request, Infinity) !== null;
}

export function methodRefusal(method: string): Response | null {
  return METHODS.includes(method) ? null : plain(405, SERVER_WORDS[405]);
}

/**
 * The trusted-host rule. `allowed` entries are host names, `*.` suffixes, or `host:port`; null switches the rule off.
 * `host` is the header `Host`; null where there is none.
 */
export function hostRefusal(allowed: readonly string[] | null, host: string | null): Response | null {
  if (allowed === null || allowed.includes('*')) return null;
  const full = (host ?? '').toLowerCase();
  const name = full.startsWith('[') ? full.slice(0, full.indexOf(']') + 1) : (full.split(':')[0] ?? '');
  const trusted = allowed.some((entry) => {
    const wanted = entry.toLowerCase();
    if (wanted.startsWith('*.')) return name.endsWith(wanted.slice(1)) && name.length > wanted.length - 1;
    return wanted === name || wanted === full;
  });
  return trusted && name !== '' ? null : plain(400, 'Invalid Host');
}

/** A token bucket, as the C server has one for each client; here one client is all there is. */
export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #clock: DeviceClock;
  #tokens: number;
  #filledAt: number;

  constructor(options: RateLimitOptions, clock: DeviceClock) {
    this.#options = options;
    this.#clock = clock;
    this.#tokens = options.burst;
    this.#filledAt = clock.now();
  }

  /** A 429 where the bucket is empty. */
  refusal(): Response | null {
    const { perSecond, burst, retryAfter } = this.#options;
    const now = this.#clock.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return null;
    }
    const response = plain(429, SERVER_WORDS[429]);
    // Whole seconds, rounded up, as the C server does.
    if (retryAfter) response.headers.set('Retry-After', String(Math.ceil((1 - this.#tokens) / perSecond)));
    return response;
  }
}
