/** When a target polls. Pure. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A server's mistake must not make an agent knock all day long, nor fall silent for a month. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 7 * DAY_MS;
/** What hawkBit takes where nobody has set another. */
export const USUAL_SLEEP_MS = 300_000;

const TIME = /^(\d{1,4}):([0-5]?\d):([0-5]?\d)$/;
const DURATION = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d+)?S)?)?$/;

/** "00:05:00", or from a day up "P1DT2H" (ISO 8601), in milliseconds; null where it is neither. */
export function sleepIn(text: string): number | null {
  const time = TIME.exec(text)?.slice(1);
  const parts: readonly (string | undefined)[] | undefined =
    time === undefined ? DURATION.exec(text)?.slice(1) : ['0', ...time];
  if (parts === undefined) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  const ms = days * DAY_MS + hours * HOUR_MS + minutes * 60_000 + seconds * 1_000;
  return ms === 0 ? null : Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
}

/** Milliseconds between the first polls of two targets: a thousand are through in the first minutes. */
const APART_MS = 100;

/** How long the target at this position waits before its first poll. */
export function firstWait(position: number): number {
  return position * APART_MS;
}

/**
 * How long it waits after a poll. After the first one a part of the interval only, another one for each target, so that
 * they are spread over it from then on.
 */
export function nextWait(sleepMs: number, polls: number, position: number, count: number): number {
  return polls > 1 ? sleepMs : Math.max(SHORTEST_MS, Math.round((sleepMs * (position + 1)) / count));
}

const BACKOFF_MS = 5_000;
const MOST_DOUBLINGS = 6;

/** How long nothing is asked of a server that does not answer, or not well: up to five minutes. */
export function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MS * 2 ** Math.min(failures - 1, MOST_DOUBLINGS), USUAL_SLEEP_MS);
}
