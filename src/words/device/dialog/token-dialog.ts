/** What the page that a device serves itself says where it asks for the token. */

export const KEEP_PLAIN_HERE = 'Keep it in this browser without encryption';

export function tokenTitle(name: string): string {
  return `Token for ${name.toLowerCase()}`;
}

/**
 * @param isKept whether there is one already
 * @param inMemory whether it is kept no longer than the page is open
 */
export function tokenHint(isKept: boolean, inMemory: boolean): string {
  if (isKept) return 'Leave it empty to keep the current one.';
  return inMemory
    ? 'It’s in the program on the device. It’s forgotten when you close this page.'
    : 'It’s in the program on the device. It’s stored encrypted in this browser.';
}
