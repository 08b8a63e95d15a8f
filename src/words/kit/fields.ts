/** Labels of fields and facts that more than one element has. */

export const CHIP = 'Chip';
export const GROUP = 'Group';
/** Chosen to see the devices that are in none. */
export const NO_GROUP = 'No group';
export const PASSPHRASE = 'Passphrase';
export const SEARCH = 'Search';
export const VERSION = 'Version';
