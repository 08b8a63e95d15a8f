/** What is said while the host looks for devices in its network. */
import { counted, plural } from '../../kit/locale.ts';
import type { FoundDevice, FoundKind } from '../../../model/device/found-device.ts';

export const FIND = 'Find devices';
export const FIND_AGAIN = 'Find devices again';
export const FOUND_DEVICES = 'Found devices';

const KINDS: Readonly<Record<FoundKind, string>> = {
  viperhttp: 'ViperHTTP',
  wled: 'WLED',
  esphome: 'ESPHome',
  tasmota: 'Tasmota',
  arduino: 'Arduino sketch',
  web: 'another web server',
};

/** "ESPHome 2026.2.2, ESP32 (esp32dev)" */
export function kindText({ kind, version, chip, board }: FoundDevice): string {
  const firmware = version === null ? KINDS[kind] : `${KINDS[kind]} ${version}`;
  const on = chip !== null && board !== null ? `${chip} (${board})` : (chip ?? board);
  return on === null ? firmware : `${firmware}, ${on}`;
}

export const WHAT_FINDING_DOES = 'Searches your network for devices. This takes four seconds.';
export const ASKING_NETWORK = 'Searching your network…';
export const COULD_NOT_LOOK = 'The computer that serves this page could not search. Type the address instead.';

export function foundText(devices: number): string {
  if (devices === 0) {
    return 'No devices found. Many don’t announce themselves: type the address from the device’s log.';
  }
  const found = `${counted(devices, 'device', 'devices')} found.`;
  const choose = `Choose ${plural(devices, 'it', 'one')} to fill in its name and address`;
  return `${found} ${choose}${devices === 1 ? '' : ', or select several to save them together'}.`;
}
