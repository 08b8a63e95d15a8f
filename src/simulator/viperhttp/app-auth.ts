/** The app's own authentication before every route: the published `AuthMiddleware`, with its `AuthRateLimiter`. */
import { plain, SERVER_WORDS } from '../answers.ts';
import type { Call } from '../call.ts';
import type { DeviceClock } from '../clock.ts';

export interface AppAuthOptions {
  /**
   * `enforce=True`: a request without a valid credential is refused, whatever the route, even one that does not exist.
   */
  readonly enforced: boolean;
  /** Passwords by user name, for `Basic`. */
  readonly users: Readonly<Record<string, string>>;
  /** Tokens for `Bearer`. The OTA routes know nothing of them. */
  readonly bearers: readonly string[];
  /** Null: failures are not counted. */
  readonly limiter: AuthLimiterOptions | null;
}

export interface AuthLimiterOptions {
  readonly failures: number;
  readonly windowMs: number;
  readonly banMs: number;
}

/** `AuthRateLimiter()` without arguments, and what the published demo app sets. */
export const AUTH_LIMITER: AuthLimiterOptions = { failures: 5, windowMs: 60_000, banMs: 300_000 };

/** Puts every route behind one user name and password. */
export function lockedBy(user: string, password: string): AppAuthOptions {
  return { enforced: true, users: { [user]: password }, bearers: [], limiter: null };
}

interface Failures {
  readonly count: number;
  readonly since: number;
  readonly bannedUntil: number;
}

export class AppAuth {
  readonly #options: AppAuthOptions;
  readonly #clock: DeviceClock;
  readonly #failures = new Map<string, Failures>();

  constructor(options: AppAuthOptions, clock: DeviceClock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** A reset: the counts were in RAM. */
  forget(): void {
    this.#failures.clear();
  }

  /** The middleware's own answer; null where the request goes on to the routes. */
  refusal(call: Call): Response | null {
    const { enforced, limiter } = this.#options;
    const key = keyOf(call);
    if (limiter !== null && this.#isBanned(key)) return plain(429, SERVER_WORDS[429]);
    const isKnown = this.#knows(call.header('authorization') ?? '');
    if (isKnown) {
      this.#failures.delete(key);
    } else if (limiter !== null && (enforced || brings(call))) {
      // An unknown credential counts as a failure even where the app would let a request pass without one.
      this.#fail(key, limiter);
    }
    return enforced && !isKnown ? this.#notAuthenticated() : null;
  }

  #isBanned(key: string): boolean {
    return this.#clock.now() < (this.#failures.get(key)?.bannedUntil ?? -Infinity);
  }

  #fail(key: string, { failures, windowMs, banMs }: AuthLimiterOptions): void {
    const now = this.#clock.now();
    const before = this.#failures.get(key);
    const { count, since } = before === undefined || now - before.since > windowMs ? { count: 0, since: now } : before;
    // The failure that reaches the limit is still answered as any other; the ban begins with the next request.
    const bannedUntil = count + 1 >= failures ? now + banMs : -Infinity;
    this.#failures.set(key, { count: count + 1, since, bannedUntil });
  }

  #knows(authorization: string): boolean {
    const { users, bearers } = this.#options;
    const [scheme = '', ...rest] = authorization.split(' ');
    const value = rest.join(' ').trim();
    switch (scheme.toLowerCase()) {
      case 'bearer':
        return bearers.includes(value);
      case 'basic': {
        const pair = decoded(value);
        const colon = pair.indexOf(':');
        const user = pair.slice(0, Math.max(colon, 0));
        return colon >= 0 && Object.hasOwn(users, user) && users[user] === pair.slice(colon + 1);
      }
      default:
        return false;
    }
  }

  #notAuthenticated(): Response {
    const response = plain(401, 'Not authenticated');
    // One challenge, for the first scheme that the app lists, without a realm.
    response.headers.set('WWW-Authenticate', this.#options.bearers.length > 0 ? 'Bearer' : 'Basic');
    return response;
  }
}

function brings(call: Call): boolean {
  return (call.header('authorization') ?? '') !== '' || (call.header('x-api-key') ?? '') !== '';
}

/** Headers in which a proxy names the client; the device itself does not see an address. */
const FORWARDED = ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip'];

/** Failures are counted by credential (and by the address that a proxy names), else by browser, else all together. */
function keyOf(call: Call): string {
  const texts = FORWARDED.map((name) => (call.header(name) ?? '').split(',')[0]?.trim() ?? '');
  const address = texts.find((text) => text !== '') ?? '';
  const credential = [call.header('authorization'), call.header('x-api-key')]
    .map((value) => (value ?? '').trim())
    .find((value) => value !== '');
  if (address !== '' || credential !== undefined) return `${address}|${credential ?? ''}`;
  return `browser ${call.header('user-agent') ?? ''}`;
}

/** The text in base64; empty where it is not base64. */
function decoded(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // It is not base64, or not UTF-8: the device takes it for no credential.
    return '';
  }
}
