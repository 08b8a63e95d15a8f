/**
 * What a run knows of the device and of its own tries. It is never changed, only replaced: by `Run.become`, the one
 * place that writes it. Pure.
 */
import { factsOf, type UpdateErrorCode } from '../model/update/error-codes.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import type { SessionReport } from '../model/device/link.ts';
import { isSameSlot, type SlotPlace } from '../model/device/slots.ts';
import { previousSlotLeft, slotLeft } from './preflight.ts';
import { type Answer, changed, handedOver, openedOf, over, type Session, stillOpen } from './session.ts';
import type { UpdateError } from '../model/update/update-error.ts';
import type { OldFirmware } from '../model/update/update-state.ts';

/** What is counted, so that nothing is retried for ever. */
export interface Tries {
  /** Tries since the last acknowledged byte. */
  readonly attempt: number;
  /** How often a session that runs out by itself was waited for. */
  readonly sessionWaits: number;
  /** Finalizes that failed without a clear refusal, and the error of the last of them. */
  readonly finalizeFailures: number;
  readonly finalizeError: UpdateError | null;
  readonly markFailures: number;
  /** How often a lost network was waited for. */
  readonly offlineWaits: number;
  /** Milliseconds spent looking for the device after its restart. */
  readonly lookedForMs: number;
}

export interface Known {
  readonly session: Session;
  /** What an earlier run left in the journal, of whatever image. */
  readonly left: JournalEntry | null;
  /** The session that was open before our begin. */
  readonly sessionBefore: string | null;
  /**
   * A session of ours that is of no use: begun in the wrong dialect, or for a size or hash that the device got wrong.
   * It is empty.
   */
  readonly misbegun: string | null;
  /** The refusal that showed that the dialect had been guessed wrong. */
  readonly guessRefused: UpdateError | null;
  /** The slot that runs before the restart. */
  readonly previousSlot: SlotPlace | null;
  /** The slot that an update goes to, as the status told before begin. */
  readonly nextSlot: SlotPlace | null;
  /** Whether no other update over the air may follow this one. */
  readonly mayBeOnlyUpdate: boolean;
  /**
   * A finalize was sent, by this run or the one that it resumes: from then on the device may restart at any moment, and
   * it is no longer certain that the old firmware runs. It stays true where the session is started over.
   */
  readonly finalizeSent: boolean;
  /** The same for a finalize of an earlier run, until a status proves what runs. */
  readonly earlierFinalize: boolean;
  /**
   * The device took an image in an earlier run, and was not seen to restart: its next restart starts that, unless this
   * run replaces it.
   */
  readonly mayHoldAnother: boolean;
  /** Nothing was sent since the device itself told how much it has; also where it cannot tell. */
  readonly isCounted: boolean;
  /** Why progress went back to 0, until what was lost is acknowledged again. */
  readonly startedOver: UpdateErrorCode | null;
  /** The most bytes that were acknowledged before that, but at least 1. */
  readonly lost: number;
  /** When it said “yes” to a finalize, by the monotonic clock, in milliseconds. */
  readonly yesAt: number;
  readonly tries: Tries;
}

export const NOTHING_KNOWN: Known = {
  session: { kind: 'none' },
  left: null,
  sessionBefore: null,
  misbegun: null,
  guessRefused: null,
  previousSlot: null,
  nextSlot: null,
  mayBeOnlyUpdate: false,
  finalizeSent: false,
  earlierFinalize: false,
  mayHoldAnother: false,
  isCounted: true,
  startedOver: null,
  lost: 0,
  yesAt: 0,
  tries: {
    attempt: 0,
    sessionWaits: 0,
    finalizeFailures: 0,
    finalizeError: null,
    markFailures: 0,
    offlineWaits: 0,
    lookedForMs: 0,
  },
};

/** Whether a session may be open on the device because of this run or the one that it resumes. */
export function isBegun({ session }: Known): boolean {
  return session.kind !== 'none';
}

/**
 * Whether a session of ours was open, or may be and the device can be asked. A begin without an answer may have reached
 * no device, or one of another kind.
 */
export function mayBeOpen({ session }: Known, tellsStatus: boolean): boolean {
  return openedOf(session) !== null || (session.kind === 'begin-in-doubt' && tellsStatus);
}

/** Whether it said “yes” to the finalize, in words that prove nothing. */
export function saidYes({ session }: Known): boolean {
  return session.kind === 'handed-over' && session.answer !== 'none' && session.answer !== 'taken';
}

export function isShown({ session }: Known): boolean {
  return openedOf(session)?.isShown === true;
}

/** Whether the firmware from before still runs, as far as known before the end. */
export function oldFirmwareOf({ finalizeSent, earlierFinalize }: Known): OldFirmware {
  return finalizeSent || earlierFinalize ? 'unknown' : 'runs';
}

/** A begin goes out. */
export function withBeginSent(known: Known): Known {
  return { ...known, session: { kind: 'begin-in-doubt', earlier: openedOf(known.session) } };
}

/** A session is open and ours: at its start, or where an earlier run left it. */
export function withOpened(known: Known, { id, slot, writtenBytes }: SessionReport): Known {
  const before = openedOf(known.session);
  return {
    ...known,
    session: {
      kind: 'open',
      id,
      slot: slot ?? before?.slot ?? slotLeft(known.left) ?? known.nextSlot,
      sentTo: writtenBytes ?? 0,
      isShown: before?.isShown === true || id !== null || writtenBytes !== null,
    },
    misbegun: null,
    previousSlot: known.previousSlot ?? previousSlotLeft(known.left),
  };
}

/** Bytes up to `end` are under way, or have arrived. */
export function withSentTo(known: Known, end: number): Known {
  const session = changed(known.session, ({ sentTo }) => ({ sentTo: Math.max(sentTo, end) }));
  return { ...known, session };
}

/** The device itself has shown the session to be open, and how much of it there is where it can count. */
export function withShown(known: Known): Known {
  return { ...known, isCounted: true, session: changed(known.session, () => ({ isShown: true })) };
}

/** The device has `bytes` in all, and had `before`. */
export function withAcknowledged(known: Known, bytes: number, before: number): Known {
  const { tries, lost, startedOver } = known;
  return withSentTo(
    {
      ...known,
      tries: bytes > before ? { ...tries, attempt: 0, offlineWaits: 0 } : tries,
      startedOver: bytes >= lost ? null : startedOver,
    },
    bytes,
  );
}

/** What the session holds is lost or not known. `acknowledged`: how many bytes of it the device had acknowledged. */
export function withStartedOver(known: Known, why: UpdateErrorCode, acknowledged: number): Known {
  return {
    ...known,
    session: over(changed(known.session, () => ({ isShown: false }))),
    startedOver: why,
    lost: Math.max(known.lost, acknowledged, 1),
  };
}

/** The device is asked to finalize: from here on it may restart at any moment. An earlier answer of it is kept. */
export function withHandedOver(known: Known): Known {
  return { ...known, finalizeSent: true, session: handedOver(known.session) };
}

export function withAnswer(known: Known, answer: Answer): Known {
  const { session } = known;
  return session.kind === 'handed-over' ? { ...known, session: { ...session, answer } } : known;
}

/** The device has not finalized: its session is still open, so that it is certain again that the old firmware runs. */
export function withStillOpen(known: Known): Known {
  return { ...known, finalizeSent: false, session: stillOpen(known.session) };
}

/**
 * The device has restarted: where it runs another slot than `before`, that may hold an image that was made bootable at
 * some other time.
 */
export function withRestartSeen(known: Known, running: SlotPlace | null, before: SlotPlace | null): Known {
  const isOther = running !== null && before !== null && !isSameSlot(running, before);
  return isOther ? { ...known, earlierFinalize: true } : known;
}

/** Where a restart would look like this error, it may have started what the device holds. */
export function withError(known: Known, { code, status }: UpdateError): Known {
  const mayBeRestart = (status === null && code !== 'aborted') || factsOf(code).session.gone;
  return mayBeRestart ? withRestartPossible(known) : known;
}

/** The device says that our session is not open; `running`: the slot that it runs, null where it does not tell. */
export function withSessionGone(known: Known, running: SlotPlace | null): Known {
  const before = known.previousSlot;
  return running === null || before === null ? withRestartPossible(known) : withRestartSeen(known, running, before);
}

/** It may have restarted, which starts what it holds. */
export function withRestartPossible(known: Known): Known {
  return known.mayHoldAnother ? { ...known, earlierFinalize: true } : known;
}
