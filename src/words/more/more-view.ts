/** What is said at the place "More": how to prepare a device, what is kept where, and the simulated devices. */

export const PREPARE = 'Prepare a device';
/** The call that the lines replace stands between the two. */
export const PUT_THESE_LINES = {
  before: 'In the program on the device, put these lines in place of its own ',
  after: '. “New token” under “Edit” makes a token and shows the lines with it.',
};
export const TAKE_ALONG = 'Back up devices';
export const WHAT_IS_KEPT = 'What is kept, and where';
export const STAYS_HERE =
  'Devices, firmware and the history stay in this browser. Nothing goes anywhere but to your devices, and to the host for the updates that it runs.';
export const TRY_IT = 'Try it';
export const LICENCES = 'Licences of Moult and its components';

/** @param secure whether the page is a secure context */
export function tokensKeptText(secure: boolean): string {
  return secure
    ? 'Tokens are encrypted with a key that a script can’t copy. That doesn’t protect against a script that runs in this page, or someone who copies the whole browser profile.'
    : 'This page isn’t encrypted, so tokens are forgotten when you close it, unless you chose to keep one.';
}
