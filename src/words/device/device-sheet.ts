/** What is said where a device is handed to another phone. */

export const MORE_ABOUT_DEVICE = 'More about this device';
export const FOLLOW_TITLE = 'Follow this update on another phone';
export const LOGIN_STAYS = 'Its user and password do not go along.';
export const SHOW_CODE = 'Show the code';
export const HIDE_CODE = 'Hide the code';
export const COPY_AS_LINK = 'Copy as a link';
export const TOKEN_STAYS = 'Its token does not go along: this page is not encrypted. Type it on the other phone.';
export const TOKEN_TOO = 'Its token, too, under a short code';
/** The short code stands between the two. */
export const SHORT_CODE = {
  before: 'Type this on the other phone, to open the token:',
  after: 'It is in no link; do not send it along with one.',
};

export function whatWasSent(name: string): string {
  return `What was sent to ${name}`;
}

export function handOverTitle(name: string): string {
  return `Hand ${name} to another phone`;
}

export function handOverText(name: string): string {
  return `The other phone scans a code, and has ${name} with its address.`;
}

export function tokenWarning(name: string): string {
  return `Whoever has the code, or a photo or copy of it, and the short code can put firmware on ${name}.`;
}

/** @param host of this page, with its port */
export function followText(host: string): string {
  return `Its camera app opens this code at ${host}, so that must be an address that it can open, and the phone has to be paired with the host. Whoever has the code or the link can pause and cancel this update.`;
}

/** For who does not see the code. */
export function followCodeLabel(device: string): string {
  return `Code that opens the update of ${device} on another phone`;
}

/** For who does not see the code. */
export function codeLabel(name: string): string {
  return `Code that adds ${name} to another phone`;
}

/**
 * @param host of this page, with its port
 * @param tokenMissing the token was to go along, and could not be read
 */
export function scanningText(host: string, tokenMissing: boolean): string {
  const how = `In Moult on the other phone: “Add device”, then “Scan a code”. Its camera app opens this page’s own address, ${host}, so that must be one the other phone can open.`;
  return tokenMissing ? `${how} The code holds no token: there is none here that can be read now.` : how;
}
