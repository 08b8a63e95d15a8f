/** What is said of the host that served the page: how a phone gets there, and how a browser is paired with it. */

export const OPEN_ON_PHONE = 'Open it on a phone';
export const SCAN_THIS =
  'Scan this with a phone on the same network, or type the address. The page there shows the next steps.';
export const CODE_PAIRS =
  'The code also pairs the phone with this host, so that the host reaches devices for it. It works for one phone, for ten minutes.';
export const NEW_CODE = 'New code';
/** Behind the link "How to trust this host". */
export const TRUST_BRINGS = ', so that Moult can be installed and keeps tokens encrypted.';
/** Stands before the fingerprint. */
export const FINGERPRINT = 'Fingerprint of its certificate (SHA-256):';

export const PAIR_THIS_BROWSER = 'Pair this browser';
export const UNPAIRED =
  'The host reaches devices only for paired browsers. This page contacts each device directly, which works if the device allows this page.';
export const HOW_TO_PAIR =
  'To pair it, scan the code in the terminal where Moult runs, or the one under “More” in a paired browser.';

/** The picture of the code, for people who do not see it. */
export function codeText(address: string): string {
  return `Code that leads a phone to ${address}`;
}
