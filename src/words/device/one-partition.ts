/** What is said of a device that has room for one firmware, which an update goes over. Loaded with the first of them. */
import type { DeviceIdentity } from '../../model/device/identity.ts';

export const OVERWRITES =
  'It has room for one firmware: for an update it starts safeboot, and its old firmware is overwritten. If the upload breaks off, it waits in safeboot for the file.';

const STANDS_IN =
  'It runs safeboot and waits for a file: it does nothing else until it gets one, or starts its old firmware again.';

/** Null: nothing of the kind. */
export function onePartitionText({ overwrites = null, standsIn = false }: DeviceIdentity): string | null {
  if (standsIn) return STANDS_IN;
  return overwrites === true ? OVERWRITES : null;
}
