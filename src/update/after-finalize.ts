/** What a device's status says once it was asked to finalize. Pure. */
import { holdsSameImage } from './preflight.ts';
import type { UpdatePlan } from './plan.ts';
import type { DeviceStatus, Dialect, SessionReport } from './ports.ts';

export type AfterFinalize =
  /** The slot that was written runs. */
  | { readonly is: 'new' }
  /** It restarted, into the slot from before. */
  | { readonly is: 'old'; readonly slot: string }
  /** It took the image and has not restarted yet. */
  | { readonly is: 'taken' }
  /** It restarted, and cannot tell which slot it runs. */
  | { readonly is: 'untold' }
  /** The old slot runs, and somebody else's session is open. */
  | { readonly is: 'other'; readonly session: SessionReport }
  /** The session is still open: it has not finalized. */
  | { readonly is: 'open'; readonly writtenBytes: number };

/**
 * @param slot label of the slot that was written, null where the device never told
 * @param sessionId the session that wrote it
 */
export function afterFinalize(
  status: DeviceStatus,
  plan: Pick<UpdatePlan, 'bytes' | 'sha256'>,
  dialect: Dialect,
  slot: string | null,
  sessionId: string | null,
): AfterFinalize {
  const session = status.session;
  const isOurs = (one: SessionReport) => isSameId(one.id, sessionId) && holdsSameImage(one, plan, dialect);
  if (session && isOurs(session)) return { is: 'open', writtenBytes: session.writtenBytes ?? 0 };
  const running = status.running?.label ?? null;
  if (running !== null && running === slot) return { is: 'new' };
  // The note of a taken image lives in RAM: while it is there the device has not restarted.
  if (status.lastTaken?.sha256 === plan.sha256) return { is: 'taken' };
  if (session) return { is: 'other', session };
  if (running === null || slot === null) return { is: 'untold' };
  return { is: 'old', slot: running };
}

/** A documented device may name the session in one answer and not in the next. */
function isSameId(one: string | null, other: string | null): boolean {
  return one === other || one === null || other === null;
}
