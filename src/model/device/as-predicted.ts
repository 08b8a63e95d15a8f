/** Whether a device tells what an image said that it would. Pure. */
import { differs } from './differs.ts';
import type { DeviceIdentity, FirmwareTells } from './identity.ts';

/**
 * What one of them does not tell, the other does not contradict. Null: neither version nor build is told by both, so
 * that nothing is shown.
 */
export function isAsPredicted(
  { product, version, release, build = null }: FirmwareTells,
  now: DeviceIdentity,
): boolean | null {
  const shown = [differs(version, now.version), differs(build, now.build)];
  if (product !== now.product || differs(release, now.release) === true || shown.includes(true)) return false;
  return shown.includes(false) ? true : null;
}
