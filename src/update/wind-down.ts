/** Leaves the device as idle as it can be, after a cancel or a refused image. */
import { holdsSameImage } from './preflight.ts';
import type { Run } from './run.ts';
import { ABORT_SILENCE_MS } from './time-limits.ts';
import { UpdateError } from './update-error.ts';

/** A person waits: three tries, one after the other, take 15 s at the very worst. */
export const TRIES = 3;

/**
 * Ends our session on the device, and no other one.
 *
 * @returns whether the device said that no session is open; null where it cannot tell or was not reached
 */
export async function windDown(run: Run): Promise<boolean | null> {
  const link = run.linkIfOpen;
  if (!link || !run.begun || link.dialect === 'documented') return null;
  const options = { signal: new AbortController().signal, silenceMs: ABORT_SILENCE_MS };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      const { session } = await link.status(options);
      if (!session) return true;
      const ours = run.session ? session.id === run.session.id : session.id !== run.sessionBefore;
      if (!ours || !holdsSameImage(session, run.plan, link.dialect)) return false;
      const { idle } = await link.abort(options);
      if (idle !== null) return idle;
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
    }
  }
  return null;
}
