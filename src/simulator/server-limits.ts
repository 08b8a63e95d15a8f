/** What the C server refuses by itself, in plain text, before the device's Python sees the request. */
import { plain, SERVER_WORDS } from './answers.ts';
import type { DeviceClock } from './clock.ts';

/** `VHTTP_MAX_BODY_SIZE`. */
export const MAX_BODY_BYTES = 65536;
/** `VHTTP_MAX_URI_LEN`: path and query. */
export const MAX_URI_BYTES = 512;
/** `VHTTP_SERVER_RESP_TIMEOUT_MS`: how long the server waits for Python. */
export const HANDLER_LIMIT_MS = 5000;
/** `VHTTP_MAX_KEEPALIVE_REQUESTS`. */
export const REQUESTS_PER_CONNECTION = 16;
/** `VHTTP_MAX_CONNECTIONS`. */
export const MAX_CONNECTIONS = 8;
/** `VHTTP_SERVER_IDLE_TIMEOUT_MS`: before the first request of a connection is whole. */
export const IDLE_MS = 5000;
/** `VHTTP_SERVER_KEEPALIVE_IDLE_TIMEOUT_MS`. */
export const KEEP_ALIVE_IDLE_MS = 10_000;

export interface RateLimitOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** Whether a 429 says when to come back. The published server always does; others do not. */
  readonly retryAfter: boolean;
}

/** A refusal of the parser: without CORS headers, so a page on another origin cannot read it. */
export function parseRefusal(url: URL, bodyBytes: number): Response | null {
  const tooLong = url.pathname.length + url.search.length > MAX_URI_BYTES;
  return tooLong || bodyBytes > MAX_BODY_BYTES ? plain(413, SERVER_WORDS[413]) : null;
}

/**
 * The trusted-host rule. `allowed` entries are host names, `*.` suffixes, or `host:port`; null switches the rule off.
 * `host` is what the client called the device, with its port.
 */
export function hostRefusal(allowed: readonly string[] | null, host: string): Response | null {
  if (allowed === null) return null;
  const full = host.toLowerCase();
  const name = full.startsWith('[') ? full.slice(0, full.indexOf(']') + 1) : (full.split(':')[0] ?? '');
  const trusted = allowed.some((entry) => {
    const wanted = entry.toLowerCase();
    if (wanted === '*') return true;
    if (wanted.startsWith('*.')) return name.endsWith(wanted.slice(1)) && name.length > wanted.length - 1;
    return wanted === name || wanted === full;
  });
  return trusted ? null : plain(400, 'Invalid Host');
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
