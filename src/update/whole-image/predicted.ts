/** Whether a device tells what the file said that it would, where an app may name its build as it likes. Pure. */
import { isAsPredicted } from '../../model/device/as-predicted.ts';
import type { DeviceIdentity, FirmwareTells } from '../../model/device/identity.ts';

/** As `isAsPredicted`; of a file with many moments, any of them is as it said. */
export function tellsPredicted(predicted: FirmwareTells, now: DeviceIdentity): boolean | null {
  const { builds, product } = predicted;
  if (builds === undefined) return isAsPredicted(predicted, now);
  if (product !== now.product) return false;
  if (now.build === null || builds.length === 0) return null;
  return builds.includes(now.build) || (MOMENT.test(now.build) ? false : null);
}

/** What a compiler writes. Whatever else an app calls its build, the file need not have as a whole. */
const MOMENT = /^[A-Z][a-z]{2} \d{1,2} \d{4} [\d:]{8}$/;
