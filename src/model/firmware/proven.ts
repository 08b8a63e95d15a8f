/** Whether a device is proven to run what an update sent it, by what it told last. Pure. */
import { isAsPredicted } from '../device/as-predicted.ts';
import type { RanFirmware } from '../device/device.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { DeviceStatus } from '../device/link.ts';
import { isSameSlot } from '../device/slots.ts';

/**
 * The proof is an update that ended with "updated": the device was seen to run from the slot that was written. A later
 * answer of the device undoes it where it names another slot, or none. No device tells the hash of what it runs; the
 * one in `lastTaken` belongs to an image that waits for a restart, and proves nothing here.
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
