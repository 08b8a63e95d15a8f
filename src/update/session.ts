/** The session of ours on a device, and what becomes of it. Pure: each function answers with the next one. */
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
 * `yes` is said in words that a server which did nothing might use, too. `yes-after-doubt`: a finalize before that yes had
 * no answer, which may have been the no that ended the session; that none is open any more proves nothing, until the
 * device itself has refused another finalize. `yes-then-refused`: it has, after that yes. `taken` is its status' word that it took the image and has not restarted
 * yet.
 */
export type Answer = 'none' | 'yes' | 'yes-after-doubt' | 'yes-then-refused' | 'taken';

export type Session =
  /** This run has begun nothing. */
  | { readonly kind: 'none' }
  /** A begin was sent and its answer is not known. `earlier`: the session of ours that it was to take the place of. */
  | { readonly kind: 'begin-in-doubt'; readonly earlier: Opened | null }
  | ({ readonly kind: 'open' } & Opened)
  /** What it holds is lost or not known: the next begin starts over. */
  | ({ readonly kind: 'over' } & Opened)
  /** The device was asked to finalize it, and answered so. */
  | ({ readonly kind: 'handed-over'; readonly answer: Answer } & Opened);

/** The session that is ours, or was until it is begun anew; null where none was opened. */
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

/** With something else known of it; where none was opened there is nothing to know. */
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

/** What it holds, where it is ours, is lost or not known. */
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

/** The device is asked to finalize it. */
export function handedOver(session: Session): Session {
  const opened = openedOf(session);
  if (opened === null || session.kind === 'handed-over') return session;
  return { kind: 'handed-over', answer: 'none', ...partsOf(opened) };
}

/** The device has not finalized it. */
export function stillOpen(session: Session): Session {
  return session.kind === 'handed-over' ? { kind: 'open', ...partsOf(session) } : session;
}

function partsOf({ id, slot, sentTo, isShown }: Opened): Opened {
  return { id, slot, sentTo, isShown };
}
