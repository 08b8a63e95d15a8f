import type { Random } from '../model/clock.ts';
import { type UpdateErrorCode, factsOf } from '../model/update/error-codes.ts';
import type { UpdateError } from '../model/update/update-error.ts';

/** First backoff window: about twice the round trip of a poor Wi-Fi link. */
export const FIRST_WINDOW_MS = 250;
/** Widest window: a person who walks back into range should not wait much longer. */
export const WIDEST_WINDOW_MS = 15_000;
/** A device that asks for more than this leaves the decision to the person. */
export const LONGEST_ASKED_FOR_MS = 60_000;
/** The least wait after a 429, since a page of another origin may not read how long the device asks for. */
export const LEAST_AFTER_TOO_MANY_MS = 1_000;
/**
 * Before anything has begun, a person waits for an answer: six tries take four seconds on average, as long as a quick
 * restart.
 */
export const TRIES_BEFORE_BEGIN = 6;
/** A device that says nothing at all takes the whole time limit: it is asked once more, and then the person is told. */
export const SILENT_TRIES_BEFORE_BEGIN = 2;
/**
 * Once a session is open, giving up costs the whole upload. With the windows above, 30 tries without one
 * acknowledged byte take three minutes on average: longer than a router's restart, shorter than a person's patience.
 */
export const TRIES_ONCE_BEGUN = 30;

/**
 * Whether the request may have had its effect all the same. 429, 425 and 413 are answered before anything is done. A
 * “yes” that any server might have given may have been the device's own.
 */
export function isDoubt({ code, status }: UpdateError): boolean {
  switch (factsOf(code).engine.acted) {
    case 'maybe':
      return true;
    case 'no':
      return false;
    case 'if-yes':
      return status !== null && status < 300;
    case 'unless-refused':
      return status === null || status === 503 || status === 408;
  }
}

export function isWorthAnotherTry(code: UpdateErrorCode): boolean {
  return factsOf(code).engine.again;
}

/**
 * "Full jitter" over a doubling window. Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param attempt tries since the last acknowledged byte, from 1
 * @returns milliseconds
 */
export function backoff(attempt: number, random: Random): number {
  return Math.round(random() * Math.min(WIDEST_WINDOW_MS, FIRST_WINDOW_MS * 2 ** (attempt - 1)));
}

/**
 * When to try again, or null to give up.
 *
 * @param attempt tries since the last acknowledged byte, from 1
 * @param begun whether a session is open on the device
 * @returns milliseconds: the backoff, and never less than the device asked for
 */
export function retryDelay(error: UpdateError, attempt: number, begun: boolean, random: Random): number | null {
  if (!isWorthAnotherTry(error.code)) return null;
  const beforeBegin = error.code === 'silent' ? SILENT_TRIES_BEFORE_BEGIN : TRIES_BEFORE_BEGIN;
  if (attempt >= (begun ? TRIES_ONCE_BEGUN : beforeBegin)) return null;
  return Math.max(askedFor(error), backoff(attempt, random));
}

/** Milliseconds that the device asked us to wait, at most a minute; 0 where it did not ask. */
export function askedFor({ retryAfterMs, status }: UpdateError): number {
  return Math.min(LONGEST_ASKED_FOR_MS, retryAfterMs ?? (status === 429 ? LEAST_AFTER_TOO_MANY_MS : 0));
}
