/** Leaves the device as idle as it can be, after a cancel or a refused image. */
import { holdsSameImage, isOurs } from './preflight.ts';
import type { Run } from './run.ts';
import { ABORT_SILENCE_MS } from './time-limits.ts';
import { UpdateError } from './update-error.ts';

/** What fails this often fails for a reason that another try does not mend. */
export const TRIES = 3;
/** A person waits for it, in milliseconds: as long as three answers that do not come, and no longer. */
export const LONGEST_MS = 3 * ABORT_SILENCE_MS;

/**
 * Ends our session on the device, or the one that an earlier run of this image left there, and no other one.
 *
 * @returns whether the device said that no session is open; null where it cannot tell or was not reached
 */
export async function windDown(run: Run): Promise<boolean | null> {
  const link = run.linkIfOpen;
  const claim = run.claim();
  if (!link || !(claim.opened || claim.beginInDoubt) || link.dialect === 'documented') return null;
  const { clock } = run.ports;
  const { signal } = new AbortController();
  const until = clock.now() + LONGEST_MS;
  const options = () => ({ signal, silenceMs: Math.min(ABORT_SILENCE_MS, until - clock.now()) });
  for (let attempt = 0; attempt < TRIES && clock.now() < until; attempt++) {
    try {
      const { session } = await link.status(options());
      if (!session) return true;
      if (!isOurs(session, claim, run.plan) || !holdsSameImage(session, run.plan, link.dialect)) return false;
      if (clock.now() >= until) return null;
      const { idle } = await link.abort(options());
      if (idle !== null) return idle;
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
    }
  }
  return null;
}
