/**
 * An image that a device may hold: its next restart starts that image, whenever it comes. Some keep running after they
 * have taken one (`WholeImageLink.runsOn`), and each may lose the restart that it had promised. Where its absence alone
 * shows one, the network may have been away instead. And a page may go away, and come back, before it restarts.
 *
 * Never changed, only replaced. Pure.
 */
import type { JournalEntry } from '../../model/update/journal.ts';
import { wasHandedOver, wasLeftHolding } from '../preflight.ts';

interface Kind {
  readonly runsOn: boolean;
  /** Only its absence shows a restart. */
  readonly hidesStart: boolean;
}

export interface HeldImage extends Kind {
  /** Whether there may be one. It may start even before a later upload has replaced it. */
  readonly isThere: boolean;
  /** Whether it may be that of another file, which may tell the very same of itself. */
  readonly mayBeAnother: boolean;
  /** The last request had an answer. */
  readonly isInSight: boolean;
  /** It may have started since, so that an uptime no longer shows that the old firmware runs. */
  readonly mayHaveStarted: boolean;
}

/**
 * @param left what an earlier run left
 * @param sha256 of the image that is sent now
 */
export function heldSince({ runsOn, hidesStart }: Kind, left: JournalEntry | null, sha256: string): HeldImage {
  const isThere = runsOn ? left !== null : wasHandedOver(left) || wasLeftHolding(left);
  const mayBeAnother = isThere && (left?.sha256 !== sha256 || left.mayHoldAnother === true);
  return { runsOn, hidesStart, isThere, mayBeAnother, isInSight: false, mayHaveStarted: false };
}

export function mayStartUnseen({ isThere, isInSight }: HeldImage): boolean {
  return isThere && !isInSight;
}

export function withAnswerSeen(held: HeldImage): HeldImage {
  return { ...held, isInSight: true };
}

/** A request had no answer. */
export function withAnswerMissed(held: HeldImage): HeldImage {
  const missed = { ...held, isInSight: false };
  // There may be no more than that to see of a restart.
  return held.hidesStart ? withStartPossible(missed) : missed;
}

/** The device may have restarted. */
export function withStartPossible(held: HeldImage): HeldImage {
  return held.isThere ? { ...held, mayHaveStarted: true } : held;
}

/** The device may have taken the image that was sent. */
export function withHandedOver(held: HeldImage): HeldImage {
  return held.runsOn ? { ...held, isThere: true } : held;
}

/** The device took the image that is sent now, in the place of what it held. */
export function withReplaced(held: HeldImage): HeldImage {
  return { ...withHandedOver(held), mayBeAnother: false };
}
