/** What a device's status says once it was asked to finalize. Pure. */
import { holdsSameImage } from './preflight.ts';
import type { UpdatePlan } from '../model/update/plan.ts';
import type { ChunkedTraits } from '../model/device/traits.ts';
import type { DeviceStatus, SessionReport } from '../model/device/link.ts';
import { isSameSlot, type SlotPlace } from '../model/device/slots.ts';

/** What a run has written, and where. */
export interface Written {
  /** The slot that was written, null where the device never told. */
  readonly slot: SlotPlace | null;
  /** The slot that ran before; null where it was not told. */
  readonly previous: SlotPlace | null;
  /** The session that wrote it. */
  readonly sessionId: string | null;
}

export type AfterFinalize =
  /** The slot that was written runs. */
  | { readonly kind: 'new' }
  /**
   * It restarted, and another slot runs than the one that was written: the one from before, or a third one. `fellBack`:
   * the bootloader was set to start the one that was written.
   */
  | { readonly kind: 'old' | 'third'; readonly slot: string; readonly fellBack: boolean }
  /** It took the image and has not restarted yet. */
  | { readonly kind: 'taken' }
  /** It tells neither a session nor which slot it runs. */
  | { readonly kind: 'untold' }
  /** The old slot runs, and another client's session is open. */
  | { readonly kind: 'other'; readonly session: SessionReport }
  /** The session is still open: it has not finalized. */
  | { readonly kind: 'open'; readonly writtenBytes: number };

export function afterFinalize(
  status: DeviceStatus,
  plan: Pick<UpdatePlan, 'bytes' | 'sha256'>,
  traits: ChunkedTraits,
  { slot, previous, sessionId }: Written,
): AfterFinalize {
  const { session, running, boot } = status;
  const isOurs = (one: SessionReport) => isSameId(one.id, sessionId) && holdsSameImage(one, plan, traits);
  if (session && isOurs(session)) return { kind: 'open', writtenBytes: session.writtenBytes ?? 0 };
  if (isSameSlot(running, slot)) return { kind: 'new' };
  // The device keeps this in RAM: while it is there, the device has not restarted.
  if (status.lastTaken?.sha256 === plan.sha256) return { kind: 'taken' };
  if (session) return { kind: 'other', session };
  if (running === null || slot === null) return { kind: 'untold' };
  const kind = previous === null || isSameSlot(running, previous) ? 'old' : 'third';
  return { kind, slot: running.label, fellBack: isSameSlot(boot, slot) };
}

/** A documented device may name the session in one answer and not in the next. */
function isSameId(one: string | null, other: string | null): boolean {
  return one === other || one === null || other === null;
}
