/** Leaves the device as idle as it can be, after a cancel or a refused image. */
import { holdsSameImage, isOurs } from './preflight.ts';
import { retryDelay } from './backoff.ts';
import { type Known, withError, withRestartPossible, withSessionGone, withStillOpen } from './known.ts';
import type { Run } from './run.ts';
import { ABORT_TIMEOUT_MS, LET_GO_MS } from './time-limits.ts';
import { UpdateError } from '../model/update/update-error.ts';

/** The longest that a person has to wait for it, in milliseconds: three requests without an answer. */
export const LONGEST_MS = 3 * ABORT_TIMEOUT_MS;

export interface EndedSession {
  /** Whether the device said that no session is open; null where it cannot tell or was not reached. */
  readonly idle: boolean | null;
  /**
   * What is known afterwards: where our session was seen to be open, the image was not taken; where it is gone, the
   * device may have restarted.
   */
  readonly known: Known;
}

/**
 * Ends our session on the device, or the one that an earlier run of this image left there, and no other one. It retries
 * as every request does (`retryDelay`).
 */
export async function endSession(run: Run): Promise<EndedSession> {
  let { known } = run;
  const link = run.linkIfOpen;
  const claim = run.claim();
  if (link === null || !(claim.opened || claim.beginInDoubt)) return { idle: null, known };
  // Nobody can say why the request that was given up had no answer yet.
  if (!link.tellsStatus) return { idle: null, known: withRestartPossible(known) };
  const { clock, random } = run.ports;
  const { signal } = new AbortController();
  const until = clock.now() + LONGEST_MS;
  const options = () => ({ signal, timeoutMs: Math.min(ABORT_TIMEOUT_MS, until - clock.now()) });
  await clock.sleep(LET_GO_MS, signal);
  for (let attempt = 1; ; attempt++) {
    try {
      const { session, running } = await link.status(options());
      const gone = withSessionGone(known, running);
      // After a finalize, whatever its answer, the session may be gone because the image was taken.
      if (!session) return { idle: known.finalizeSent ? null : true, known: gone };
      if (!isOurs(session, claim, run.plan) || !holdsSameImage(session, run.plan, link.traits))
        return { idle: false, known: gone };
      known = withStillOpen(known);
      if (clock.now() >= until) return { idle: null, known };
      const { idle } = await link.abort(options());
      if (idle !== null) return { idle, known };
      throw new UpdateError('garbled');
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      known = withError(known, error);
      const delayMs = retryDelay(error, attempt, true, random);
      if (delayMs === null || clock.now() + delayMs >= until) return { idle: null, known };
      await clock.sleep(delayMs, signal);
    }
  }
}
