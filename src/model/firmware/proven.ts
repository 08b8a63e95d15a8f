/** Whether a device is proven to run what an update sent it, by its own last word. Pure. */
import { isAsPredicted } from '../device/as-predicted.ts';
import type { RanFirmware } from '../device/device.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { DeviceStatus } from '../device/link.ts';
import { isSameSlot } from '../device/slots.ts';

/**
 * The proof is an update that ended with "updated": the device was seen to run from the slot that was written. A later
 * word of the device's takes it back where it runs from another slot, or no longer tells. No device tells the hash of what
 * it runs; the one in `lastTaken` is of an image that waits for a restart, and proves nothing of this.
 */
export function isProven(
  { proven, slot, tells }: RanFirmware,
  {
    status,
    identity = null,
  }: {
    readonly status: DeviceStatus | null;
    readonly identity?: DeviceIdentity | null;
  },
): boolean {
  if (proven && tells !== undefined) return identity === null || isAsPredicted(tells, identity) === true;
  if (!proven || slot === null) return false;
  return status === null || isSameSlot(status.running, { label: slot, address: null });
}
