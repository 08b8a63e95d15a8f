/** What a device told of its slots before an update that this page has not seen. Pure. */
import type { DeviceStatus } from '../../../model/device/link.ts';
import { isSameSlot, mayBeOnlyUpdate } from '../../../model/device/slots.ts';

/**
 * The slots have changed places and kept their sizes, so that a file that is too large is still noticed before it is
 * sent. Null: nobody knows what holds now.
 *
 * @param proven the slot that the update has seen to run; null: none
 */
export function slotsSince(before: DeviceStatus, proven: string | null): DeviceStatus | null {
  const { running, next } = before;
  const written = proven === null ? null : { label: proven, address: null };
  if (isSameSlot(running, written)) return before;
  // Beside a factory partition there may be one slot, and then that is the next one again.
  if (!isSameSlot(next, written) || mayBeOnlyUpdate(before)) return null;
  return { ...before, running: next, boot: next, next: running, session: null, lastTaken: null };
}
