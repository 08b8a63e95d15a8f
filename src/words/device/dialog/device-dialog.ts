/** What the dialog "Device" says: its fields, with examples and hints, and what it says of the device as a whole. */

import { counted } from '../../kit/locale.ts';

export const DEVICE = 'Device';
export const NAME = 'Name';
export const NAME_EXAMPLE = 'Kitchen sensor';
export const ADDRESS = 'Address';
export const ADDRESS_EXAMPLE = '192.168.1.50';
export const ADDRESS_HINT = 'From the device’s log or label. Port 8080 unless you add another.';
export const GROUP_EXAMPLE = 'House';
export const GROUP_HINT = 'For finding devices and updating several at once. Optional.';
export const MORE_SETTINGS = 'More settings';
export const PATH = 'Update path';
export const HEADER = 'Token header (as shipped only)';
export const PROTOCOL = 'Protocol';
export const CHIP_NOT_KNOWN = 'Unknown; learned from the first successful update';
export const LOOK_FOR = 'Wait for a restart up to';

export const TOKEN_IN_HISTORY =
  'The link contained the token unencrypted, and this browser’s history keeps it. Replace it: press “New token” and put its lines on the device.';

/** Said once where several fields are wrong; each says at its own place what to do. */
export function wrongFieldsText(labels: readonly string[]): string {
  return `Not saved. Check ${counted(labels.length, 'field', 'fields')}: ${labels.join(', ')}.`;
}

export function savedAlreadyText(name: string): string {
  return `This device is already saved here as ${name}. “Save” replaces its settings with those from the link.`;
}
