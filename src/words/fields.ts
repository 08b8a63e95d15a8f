/** Labels of fields and facts that more than one element has. */

export const PASSPHRASE = 'Passphrase';
export const SEARCH = 'Search';
export const VERSION = 'Version';
