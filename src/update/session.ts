/** Our session on a device. Pure: each function answers with the session as it is next. */
import type { SlotPlace } from '../model/device/slots.ts';

/** A session that a begin of ours opened, or that an earlier run left to this one. */
export interface Opened {
  /** Null where the device never told. */
  readonly id: string | null;
  /** Where it writes; null where that is not known. */
  readonly slot: SlotPlace | null;
  /** The end of what was sent in it. */
  readonly sentTo: number;
  /** It was shown to be open: begin named it, a status told it, or a chunk was counted in it. */
  readonly isShown: boolean;
}

/**
 * The answer to finalize. `yes`: in words that a server which did nothing might use, too. `yes-after-doubt`: a finalize
 * before that “yes” had no answer, and may have been refused, which ended the session; that none is open any more then
 * proves nothing, until the device itself has refused another finalize. `yes-then-refused`: it has done so. `taken`:
 * its status says that it took the image and has not restarted yet.
 */
export type Answer = 'none' | 'yes' | 'yes-after-doubt' | 'yes-then-refused' | 'taken';

export type Session =
  /** This run has begun nothing. */
  | { readonly kind: 'none' }
  /** A begin was sent and its answer is not known. `earlier`: our session that it was to replace. */
  | { readonly kind: 'begin-in-doubt'; readonly earlier: Opened | null }
  | ({ readonly kind: 'open' } & Opened)
  /** What it holds is lost or not known: the next begin starts over. */
  | ({ readonly kind: 'over' } & Opened)
  /** The device was asked to finalize it. `answer`: what it answered. */
  | ({ readonly kind: 'handed-over'; readonly answer: Answer } & Opened);

/** Our session, also where it is to be started over; null where none was opened. */
export function openedOf(session: Session): Opened | null {
  switch (session.kind) {
    case 'none':
      return null;
    case 'begin-in-doubt':
      return session.earlier;
    case 'open':
    case 'over':
    case 'handed-over':
      return session;
  }
}

/** The session with something changed in what is known of it; where none was opened, it stays as it is. */
export function changed(session: Session, change: (opened: Opened) => Partial<Opened>): Session {
  switch (session.kind) {
    case 'none':
      return session;
    case 'begin-in-doubt':
      return session.earlier === null
        ? session
        : { ...session, earlier: { ...session.earlier, ...change(session.earlier) } };
    case 'open':
    case 'over':
    case 'handed-over':
      return { ...session, ...change(session) };
  }
}

/** The session once its content is lost or not known. */
export function over(session: Session): Session {
  switch (session.kind) {
    case 'none':
    case 'begin-in-doubt':
    case 'over':
      return session;
    case 'open':
    case 'handed-over':
      return { kind: 'over', ...partsOf(session) };
  }
}

/** The session once the device was asked to finalize it. */
export function handedOver(session: Session): Session {
  const opened = openedOf(session);
  if (opened === null || session.kind === 'handed-over') return session;
  return { kind: 'handed-over', answer: 'none', ...partsOf(opened) };
}

/** The session where the device has not finalized it. */
export function stillOpen(session: Session): Session {
  return session.kind === 'handed-over' ? { kind: 'open', ...partsOf(session) } : session;
}

function partsOf({ id, slot, sentTo, isShown }: Opened): Opened {
  return { id, slot, sentTo, isShown };
}
