/** Everything that can be known before the first erase, from what the device says, the plan and the journal. Pure. */
import type { UpdatePlan } from './plan.ts';
import type { Dialect, DeviceStatus, JournalEntry, SessionReport } from './ports.ts';

/**
 * A device that restarts is back within minutes. An entry older than this may speak of another day's update, and a
 * fresh write is always safe.
 */
export const TRUST_A_RESTART_FOR_MS = 60 * 60 * 1000;

export type Preflight =
  | { readonly go: 'begin'; readonly force: boolean }
  | { readonly go: 'on'; readonly session: SessionReport }
  /** The image was handed over before a reload: only the end is left to see. */
  | { readonly go: 'watch'; readonly slot: string; readonly previous: string }
  | { readonly go: 'no'; readonly because: 'unsupported' }
  | { readonly go: 'no'; readonly because: 'other-session'; readonly session: SessionReport };

/** What this run already did on the device, so that its own session is not taken for a stranger's. */
export interface Claim {
  /** The session this run opened, or the journal's. */
  readonly sessionId: string | null;
  /** The end of what was sent in that session. */
  readonly sentTo: number;
  /** A begin was sent and its answer is not known. */
  readonly beginInDoubt: boolean;
  /** The session that was open before that begin. */
  readonly sessionBefore: string | null;
}

/** What a run that was interrupted may claim. */
export function claimLeftBy(entry: JournalEntry | null): Claim {
  const beginInDoubt = entry?.phase === 'beginning';
  return {
    // Until begin was answered the entry names the session from before it.
    sessionId: beginInDoubt ? null : (entry?.sessionId ?? null),
    sentTo: entry?.sentTo ?? 0,
    beginInDoubt,
    sessionBefore: entry?.sessionId ?? null,
  };
}

export function preflight(
  status: DeviceStatus,
  plan: Pick<UpdatePlan, 'bytes' | 'sha256' | 'takeOver'>,
  dialect: Dialect,
  journal: JournalEntry | null,
  claim: Claim,
  now: number,
): Preflight {
  if (status.supported === false) return { go: 'no', because: 'unsupported' };

  const session = status.session;
  const sameImage = session !== null && holdsSameImage(session, plan, dialect);
  if (session && isOurs(session, claim)) {
    // It counts more than was sent, so it took bytes twice: nothing good can come of that session.
    const spoilt = dialect === 'documented' && (session.writtenBytes ?? 0) > claim.sentTo;
    if (spoilt) return { go: 'begin', force: false };
    if (sameImage) return { go: 'on', session };
  }
  // Also where somebody else has begun since: that goes to the other slot.
  if (journal && hasRestartedInto(status, plan, journal, now)) {
    return { go: 'watch', slot: journal.slot, previous: journal.previousSlot };
  }
  if (!session) return { go: 'begin', force: false };
  if (plan.takeOver !== null && plan.takeOver === session.id) {
    return sameImage ? { go: 'on', session } : { go: 'begin', force: true };
  }
  return { go: 'no', because: 'other-session', session };
}

/** Whether the open session is for the very bytes of this plan. A documented device may not tell size and hash. */
export function holdsSameImage(
  session: SessionReport,
  plan: Pick<UpdatePlan, 'bytes' | 'sha256'>,
  dialect: Dialect,
): boolean {
  if (session.writtenBytes === null || session.writtenBytes > plan.bytes.length) return false;
  if (dialect === 'documented') {
    // Its hash comes with finalize, so the device cannot name it before; the check at the end still holds.
    return session.expectedSize === null || session.expectedSize === plan.bytes.length;
  }
  return session.expectedSize === plan.bytes.length && session.expectedSha256 === plan.sha256;
}

function isOurs(session: SessionReport, claim: Claim): boolean {
  if (session.id !== null && session.id === claim.sessionId) return true;
  return claim.beginInDoubt && session.id !== claim.sessionBefore;
}

function hasRestartedInto(
  status: DeviceStatus,
  plan: Pick<UpdatePlan, 'sha256'>,
  journal: JournalEntry,
  now: number,
): journal is JournalEntry & { readonly slot: string; readonly previousSlot: string } {
  return (
    (journal.phase === 'finalizing' || journal.phase === 'restarting') &&
    journal.sha256 === plan.sha256 &&
    now - journal.at <= TRUST_A_RESTART_FOR_MS &&
    journal.slot !== null &&
    journal.previousSlot !== null &&
    journal.slot !== journal.previousSlot &&
    (status.running?.label === journal.slot || status.lastTaken?.sha256 === plan.sha256)
  );
}
