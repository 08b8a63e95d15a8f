/** What the page that a device serves itself says where it asks for the token. */

export const KEEP_PLAIN_HERE = 'Keep it on this phone or computer without encryption';
export const NOT_NOW = 'Not now';

export function tokenTitle(name: string): string {
  return `Token of ${name.toLowerCase()}`;
}

/**
 * @param isKept whether there is one already
 * @param inMemory whether it is kept no longer than the page is open
 */
export function tokenHint(isKept: boolean, inMemory: boolean): string {
  if (isKept) return 'Leave it empty to keep the one there is.';
  return inMemory
    ? 'It stands in the program on the device. It is forgotten when this page is closed.'
    : 'It stands in the program on the device. It is kept encrypted in this browser.';
}
