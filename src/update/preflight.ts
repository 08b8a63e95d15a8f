/** Everything that can be known before the first erase, from what the device says, the plan and the journal. Pure. */
import { isSameSlot, type SlotPlace } from '../model/device/slots.ts';
import type { UpdatePlan } from '../model/update/plan.ts';
import type { ChunkedTraits } from '../model/device/traits.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import type { DeviceStatus, SessionReport } from '../model/device/link.ts';

/** A device that restarts is back within minutes. An entry older than this may speak of another day's update. */
export const TRUST_A_RESTART_FOR_MS = 60 * 60 * 1000;

export type Preflight =
  | { readonly kind: 'begin'; readonly force: boolean }
  | { readonly kind: 'on'; readonly session: SessionReport }
  /** Our session is open, but cannot be completed. */
  | { readonly kind: 'over'; readonly because: 'session-spoilt' | 'not-counted' }
  /** An earlier run handed the image over: only its end is left to see. */
  | { readonly kind: 'watch'; readonly slot: SlotPlace; readonly previous: SlotPlace }
  /** It was handed over, and the slot from before runs. */
  | { readonly kind: 'rolled-back'; readonly slot: string; readonly fellBack: boolean }
  /** What an earlier run wrote is gone, or what became of it cannot be told: the person decides. */
  | { readonly kind: 'no'; readonly because: 'unsupported' | 'session-lost' | 'unconfirmed' }
  | { readonly kind: 'no'; readonly because: 'other-session'; readonly session: SessionReport };

/** What this run already did on the device, so that its own session is not taken for another client's. */
export interface Claim {
  /** A session of ours was open. */
  readonly opened: boolean;
  /** The session this run opened, or the journal's; null where its id was never told. */
  readonly sessionId: string | null;
  /** Bytes it acknowledged, and the end of what was sent. */
  readonly acknowledged: number;
  readonly sentTo: number;
  /** A begin was sent and its answer is not known. Nothing was sent since. */
  readonly beginInDoubt: boolean;
  /** The session that was open before that begin. */
  readonly sessionBefore: string | null;
}

type Planned = Pick<UpdatePlan, 'bytes' | 'sha256' | 'takeOver' | 'beginAgain'>;

/** What a run that was interrupted may claim. */
export function claimLeftBy(entry: JournalEntry | null): Claim {
  const beginInDoubt = entry?.phase === 'beginning';
  const opened = entry !== null && !beginInDoubt && entry.phase !== 'unconfirmed';
  return {
    opened,
    // Until begin is answered, the entry names the session from before it.
    sessionId: opened ? entry.sessionId : null,
    acknowledged: opened ? entry.acknowledged : 0,
    sentTo: opened ? entry.sentTo : 0,
    beginInDoubt,
    sessionBefore: entry?.sessionId ?? null,
  };
}

/** The slot that an earlier run wrote, as far as its entry tells. */
export function slotLeft(entry: Pick<JournalEntry, 'slot' | 'slotAddress'> | null): SlotPlace | null {
  const label = entry?.slot ?? null;
  return label === null ? null : { label, address: entry?.slotAddress ?? null };
}

/** The slot that ran before that. */
export function previousSlotLeft(
  entry: Pick<JournalEntry, 'previousSlot' | 'previousSlotAddress'> | null,
): SlotPlace | null {
  const label = entry?.previousSlot ?? null;
  return label === null ? null : { label, address: entry?.previousSlotAddress ?? null };
}

/** Whether the device was asked to finalize, so that it may have restarted. */
export function wasHandedOver(entry: JournalEntry | null): boolean {
  return entry?.phase === 'finalizing' || entry?.phase === 'restarting';
}

/** Whether an earlier run ended where the device may hold an image: any restart may start it. */
export function wasLeftHolding(entry: JournalEntry | null): boolean {
  return entry?.phase === 'unconfirmed' || entry?.mayHoldAnother === true;
}

/**
 * What follows from a status before anything is sent.
 *
 * @param journal what an earlier run of this very image left; null once this run has begun anything itself
 * @param now milliseconds since 1970
 */
export function preflight(
  status: DeviceStatus,
  plan: Planned,
  traits: ChunkedTraits,
  journal: JournalEntry | null,
  claim: Claim,
  now: number,
): Preflight {
  if (status.supported === false) return { kind: 'no', because: 'unsupported' };

  const session = status.session;
  const sameImage = session !== null && holdsSameImage(session, plan, traits);
  if (session && isOurs(session, claim, plan)) {
    if (!traits.writesAreIdempotent) {
      const { writtenBytes } = session;
      // It counts more than was sent, so it took bytes twice.
      if (writtenBytes !== null && writtenBytes > claim.sentTo) return { kind: 'over', because: 'session-spoilt' };
      if (writtenBytes === null) {
        return claim.sentTo === 0
          ? { kind: 'on', session: { ...session, writtenBytes: 0 } }
          : { kind: 'over', because: 'not-counted' };
      }
    }
    if (sameImage) return { kind: 'on', session };
  }
  // This also holds where another client has begun an update since: that goes to the other slot.
  const into = journal && restartedInto(status, plan, journal);
  if (into) {
    // After so long the slot may hold a later image. It may also be ours, so that nothing is written over it unasked.
    if (!isRecent(journal, now)) return { kind: 'no', because: 'unconfirmed' };
    return { kind: 'watch', ...into };
  }
  if (!session) return withoutSession(status, plan, traits, journal, now);
  if (plan.takeOver !== null && plan.takeOver === session.id) {
    // Where a session names no image, its bytes may be of any.
    const holdsOurs = sameImage && (traits.sessionNamesImage || session.writtenBytes === 0);
    return holdsOurs ? { kind: 'on', session } : { kind: 'begin', force: true };
  }
  return { kind: 'no', because: 'other-session', session };
}

/**
 * What follows where no session is open, and what an earlier run handed over does not run: the person is told before
 * anything is erased.
 */
function withoutSession(
  status: DeviceStatus,
  plan: Planned,
  traits: ChunkedTraits,
  journal: JournalEntry | null,
  now: number,
): Preflight {
  const begin = { kind: 'begin', force: false } as const;
  if (journal?.sha256 !== plan.sha256) return begin;
  if (wasHandedOver(journal)) {
    if (traits.provesWhatRuns === 'nothing') return { kind: 'no', because: 'unconfirmed' };
    const both = bothSlots(journal);
    if (!isRecent(journal, now) || both === null || status.lastTaken !== null) return begin;
    if (!isSameSlot(status.running, both.previous)) return begin;
    return { kind: 'rolled-back', slot: both.previous.label, fellBack: isSameSlot(status.boot, both.slot) };
  }
  const written = journal.phase === 'writing' && journal.acknowledged > 0;
  return written && plan.beginAgain !== true ? { kind: 'no', because: 'session-lost' } : begin;
}

/**
 * What a status shows of an image that an earlier run handed over a short while ago: that the device took it, or rolled
 * back. `unknown`: neither, or not yet.
 */
export function shownEnd(status: DeviceStatus, entry: JournalEntry, now: number): 'taken' | 'rolled-back' | 'unknown' {
  const both = bothSlots(entry);
  if (!wasHandedOver(entry) || !isRecent(entry, now) || both === null) return 'unknown';
  if (restartedInto(status, entry, entry)) return 'taken';
  const isOver = status.session === null && status.lastTaken === null;
  return isOver && isSameSlot(status.running, both.previous) ? 'rolled-back' : 'unknown';
}

/** Whether the open session is for the very bytes of this plan, as far as it tells. */
export function holdsSameImage(
  session: SessionReport,
  plan: Pick<UpdatePlan, 'bytes' | 'sha256'>,
  traits: ChunkedTraits,
): boolean {
  if (session.writtenBytes === null || session.writtenBytes > plan.bytes.length) return false;
  if (!traits.sessionNamesImage) {
    // Its hash comes with finalize, so the device cannot name it before; the check at the end still holds.
    return session.expectedSize === null || session.expectedSize === plan.bytes.length;
  }
  return session.expectedSize === plan.bytes.length && session.expectedSha256 === plan.sha256;
}

/** Whether a session that is open is the one that was claimed. */
export function isOurs(session: SessionReport, claim: Claim, plan: Pick<UpdatePlan, 'bytes' | 'sha256'>): boolean {
  // A device may name a session in its status, though it did not in its answer to begin.
  const isNamed = session.id !== null && (!claim.opened || claim.sessionId !== null);
  if (!isNamed) return namelessIsOurs(session, claim, plan);
  // With fewer bytes than ours the device has restarted, and another session has the same number.
  if (session.id === claim.sessionId) return (session.writtenBytes ?? claim.acknowledged) >= claim.acknowledged;
  if (!claim.beginInDoubt || session.id === claim.sessionBefore) return false;
  if (session.expectedSize !== null && session.expectedSize !== plan.bytes.length) return false;
  // Nothing was sent since: a session that holds bytes is another client's, unless it names this very image.
  return (session.writtenBytes ?? 0) === 0 || session.expectedSha256 === plan.sha256;
}

/**
 * Whether a session that is not ours shows that the device has restarted since ours was open. Where sessions can be
 * taken over, only numbers that are counted from each start show it: a higher one belongs to a client that took over.
 *
 * @param other null where the device named another one, and cannot be asked about it
 * @param ourId null where the device never told
 */
export function showsRestart(other: SessionReport | null, ourId: string | null, traits: ChunkedTraits): boolean {
  if (!traits.canForce) return true;
  return traits.countsSessionsFromStart && ourId !== null && Number(other?.id) <= Number(ourId);
}

/** For a device that names no session in its status: size and count must be possible for ours. */
function namelessIsOurs(session: SessionReport, claim: Claim, plan: Pick<UpdatePlan, 'bytes'>): boolean {
  const { writtenBytes, expectedSize } = session;
  if (expectedSize !== null && expectedSize !== plan.bytes.length) return false;
  // Where a session was open before our begin, nothing distinguishes it from ours.
  if (claim.beginInDoubt) return claim.sessionBefore === null && (writtenBytes ?? 0) === 0;
  if (!claim.opened || writtenBytes === null) return false;
  return writtenBytes >= claim.acknowledged && writtenBytes <= claim.sentTo;
}

interface BothSlots {
  readonly slot: SlotPlace;
  readonly previous: SlotPlace;
}

/** Null where one of them is not known, or both are the same. */
function bothSlots(journal: JournalEntry): BothSlots | null {
  const [slot, previous] = [slotLeft(journal), previousSlotLeft(journal)];
  return slot === null || previous === null || isSameSlot(slot, previous) ? null : { slot, previous };
}

function isRecent(journal: JournalEntry, now: number): boolean {
  return now - journal.at <= TRUST_A_RESTART_FOR_MS;
}

/** Where the image of this plan was handed over, and runs now or was taken; else null. */
function restartedInto(
  status: DeviceStatus,
  plan: Pick<UpdatePlan, 'sha256'>,
  journal: JournalEntry,
): BothSlots | null {
  if (!wasHandedOver(journal) || journal.sha256 !== plan.sha256) return null;
  const both = bothSlots(journal);
  if (both === null) return null;
  return isSameSlot(status.running, both.slot) || status.lastTaken?.sha256 === plan.sha256 ? both : null;
}
