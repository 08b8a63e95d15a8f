/** Leaves the device as idle as it can be, after a cancel or a refused image. */
import { holdsSameImage, isOurs } from './preflight.ts';
import { answerOf } from './answer-of.ts';
import { retryDelay } from './backoff.ts';
import { type Known, withError, withSessionGone, withStillOpen } from './known.ts';
import type { DeviceLink } from '../model/device/link.ts';
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

/** What one try comes to. `error`: why another one may help; null: it need not. */
interface Tried extends EndedSession {
  readonly error: UpdateError | null;
}

/**
 * Ends our session on the device, or the one that an earlier run of this image left there, and no other one. It retries
 * as every request does (`retryDelay`).
 */
export async function endSession(run: Run): Promise<EndedSession> {
  let { known } = run;
  const link = run.linkIfOpen;
  const claim = run.claim();
  if (!link?.tellsStatus || !(claim.opened || claim.beginInDoubt)) return { idle: null, known };
  const { clock, random } = run.ports;
  const { signal } = new AbortController();
  const until = clock.now() + LONGEST_MS;
  await clock.sleep(LET_GO_MS, signal);
  for (let attempt = 1; ; attempt++) {
    const { error, ...ended } = await tryOnce(run, link, known, until);
    if (error === null) return ended;
    known = withError(ended.known, error);
    const delayMs = retryDelay(error, attempt, true, random);
    if (delayMs === null || clock.now() + delayMs >= until) return { idle: null, known };
    await clock.sleep(delayMs, signal);
  }
}

/** Asks whether our session is open, and ends it where it is. */
async function tryOnce(run: Run, link: DeviceLink, known: Known, until: number): Promise<Tried> {
  const { clock } = run.ports;
  const { signal } = new AbortController();
  const options = () => ({ signal, timeoutMs: Math.min(ABORT_TIMEOUT_MS, until - clock.now()) });
  const status = await answerOf(link.status(options()));
  if (status instanceof UpdateError) return { idle: null, known, error: status };
  const { session, running } = status;
  const gone = withSessionGone(known, running);
  // After a finalize, whatever its answer, the session may be gone because the image was taken.
  if (!session) return { idle: known.finalizeSent ? null : true, known: gone, error: null };
  if (!isOurs(session, run.claim(), run.plan) || !holdsSameImage(session, run.plan, link.traits))
    return { idle: false, known: gone, error: null };
  const open = withStillOpen(known);
  if (clock.now() >= until) return { idle: null, known: open, error: null };
  const answer = await answerOf(link.abort(options()));
  if (answer instanceof UpdateError) return { idle: null, known: open, error: answer };
  const { idle } = answer;
  return { idle, known: open, error: idle === null ? new UpdateError('garbled') : null };
}
