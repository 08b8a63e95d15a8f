/** What the dialog "Device" says: its fields, with examples and hints, and what it says of the device as a whole. */

export const DEVICE = 'Device';
export const NAME = 'Name';
export const NAME_EXAMPLE = 'Kitchen sensor';
export const ADDRESS = 'Address';
export const ADDRESS_EXAMPLE = '192.168.1.50';
export const ADDRESS_HINT = 'As it stands in its log or on its label. Port 8080 unless you type another.';
export const GROUP_EXAMPLE = 'House';
export const GROUP_HINT = 'To find it by, and to update many at once. Leave it empty for none.';
export const MORE_SETTINGS = 'More settings';
export const PATH = 'Path of the update routes';
export const HEADER = 'Header (as shipped only)';
export const PROTOCOL = 'Protocol';
export const CHIP_NOT_KNOWN = 'Not known; learned from a good update';
export const LOOK_FOR = 'Look for it after a restart for';

export const TOKEN_IN_HISTORY =
  'The link held the token as it is, and this browser’s history keeps it. Make a new one: press “New token”, and put its lines on the device.';

/** Said once where several fields are wrong; each says at its own place what to do. */
export function wrongFieldsText(labels: readonly string[]): string {
  return `Not saved. Look at ${labels.length} fields: ${labels.join(', ')}.`;
}

export function savedAlreadyText(name: string): string {
  return `This device is saved here already, as ${name}. Save takes over what the link says.`;
}
