/** What a device is, by its own word. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import { bytesInWords } from '../kit/quantities.ts';

/** "WLED 16.0.1 (ESP32_Ethernet)" */
export function firmwareText({
  product,
  version,
  release,
}: Pick<DeviceIdentity, 'product' | 'version' | 'release'>): string {
  const named = version === null ? product : `${product} ${version}`;
  return release === null ? named : `${named} (${release})`;
}

/** "WLED 16.0.1 (ESP32), chip ESP32, 4 MB of flash" */
export function identityText(identity: DeviceIdentity): string {
  const { chip, flashBytes } = identity;
  return [
    firmwareText(identity),
    chip === null ? '' : `chip ${chip}`,
    flashBytes === null ? '' : `${bytesInWords(flashBytes)} of flash`,
  ]
    .filter(Boolean)
    .join(', ');
}
