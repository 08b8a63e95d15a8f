/** What an answer's slots mean for the next update, in words. */
import type { DeviceIdentity } from '../../../model/device/identity.ts';
import type { DeviceStatus } from '../../../model/device/link.ts';
import { mayBeOnlyUpdate, updateSlotOf } from '../../../model/device/slots.ts';
import { MAY_BE_ONLY_UPDATE, ONLY_SLOT_RUNS } from '../../../words/device/slots.ts';

/**
 * Null: nothing out of the ordinary. The words for devices that tell an identity are loaded with the first that needs
 * them.
 */
export async function noteOfBoth(status: DeviceStatus | null, identity: DeviceIdentity | null): Promise<string | null> {
  if (identity?.overwrites !== true) return noteOf(status);
  return (await import('../../../words/device/one-partition.ts')).onePartitionText(identity);
}

/** The same of slots alone. */
export function noteOf(status: DeviceStatus | null): string | null {
  if (status === null) return null;
  if (updateSlotOf(status) === 'runs') return ONLY_SLOT_RUNS;
  return mayBeOnlyUpdate(status) ? MAY_BE_ONLY_UPDATE : null;
}
