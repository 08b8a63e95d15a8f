/** What is said at the place "More": how to prepare a device, what is kept where, and the simulated devices. */

export const PREPARE = 'Prepare a device';
/** The call that the lines replace stands between the two. */
export const PUT_THESE_LINES = {
  before: 'Put these lines into the program on the device, in place of its own ',
  after: '. “New token” in the device’s dialog makes a token and shows the lines with it.',
};
export const TAKE_ALONG = 'Take devices along';
export const WHAT_IS_KEPT = 'What is kept, and where';
export const STAYS_HERE =
  'Devices, firmware and the history stay in this browser. Nothing goes anywhere but to your devices.';
export const TRY_IT = 'Try it';
export const LICENCES = 'Licences of Moult and of what it is made of';

/** @param secure whether the page is a secure context */
export function tokensKeptText(secure: boolean): string {
  return secure
    ? 'Tokens are encrypted under a key that a script cannot carry away. That does not protect against a script that runs in this page, nor against somebody who copies the whole browser profile.'
    : 'This page is not encrypted, so tokens are forgotten when it is closed, unless you ticked to keep one.';
}
