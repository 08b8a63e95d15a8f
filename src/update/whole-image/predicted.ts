/** Whether a device tells what the file said that it would, where an app may name its build as it likes. Pure. */
import { isAsPredicted } from '../../model/device/as-predicted.ts';
import type { DeviceIdentity, FirmwareTells } from '../../model/device/identity.ts';

/** As `isAsPredicted`; where a file has several build times, any of them counts. */
export function tellsPredicted(predicted: FirmwareTells, now: DeviceIdentity): boolean | null {
  const { builds, product } = predicted;
  if (builds === undefined) return isAsPredicted(predicted, now);
  if (product !== now.product) return false;
  if (now.build === null || builds.length === 0) return null;
  return builds.includes(now.build) || (MOMENT.test(now.build) ? false : null);
}

/** A build time as compilers write it. Any other name of a build need not be in the file as one text. */
const MOMENT = /^[A-Z][a-z]{2} \d{1,2} \d{4} [\d:]{8}$/;
