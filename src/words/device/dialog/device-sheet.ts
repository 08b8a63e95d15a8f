/** What is said where a device is handed to another phone. */

export const MORE_ABOUT_DEVICE = 'More about this device';
export const FOLLOW_TITLE = 'Follow this update on another phone';
export const LOGIN_STAYS = 'Its user and password are not shared.';
export const SHOW_CODE = 'Show the code';
export const HIDE_CODE = 'Hide the code';
export const TOKEN_STAYS = 'Its token is not shared, because this page isn’t encrypted. Type it on the other phone.';
export const TOKEN_TOO = 'Include its token, protected by a short code';
/** The short code stands between the two. */
export const SHORT_CODE = {
  before: 'On the other phone, type this to unlock the token:',
  after: 'It isn’t in the link; don’t send the two together.',
};

export function historyLabel(name: string): string {
  return `History of ${name}`;
}

export function handOverTitle(name: string): string {
  return `Share ${name} with another phone`;
}

export function handOverText(name: string): string {
  return `The other phone scans a code to add ${name} with its address.`;
}

export function tokenWarning(name: string): string {
  return `Anyone with the code, or a photo or copy of it, and the short code can put firmware on ${name}.`;
}

/** @param host of this page, with its port */
export function followText(host: string): string {
  return `The phone’s camera app opens this code at ${host}. The phone must be able to reach that address, and be paired with the host. Whoever has the code or the link can pause and cancel this update.`;
}

/** For people who do not see the code. */
export function followCodeLabel(device: string): string {
  return `Code that opens the update of ${device} on another phone`;
}

/** For people who do not see the code. */
export function codeLabel(name: string): string {
  return `Code that adds ${name} to another phone`;
}

/**
 * @param host of this page, with its port
 * @param tokenMissing the token was to go along, and could not be read
 */
export function scanningText(host: string, tokenMissing: boolean): string {
  const how = `In Moult on the other phone, choose “Add device”, then “Scan a code”. Its camera app opens this page’s own address instead, ${host}, which the other phone must be able to reach.`;
  return tokenMissing ? `${how} The code contains no token: none can be read here now.` : how;
}
