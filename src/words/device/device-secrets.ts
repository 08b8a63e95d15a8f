/** What is said of a device's token, and of its user and password. */

export const TOKEN = 'Token';
export const SHOW = 'Show';
export const SHOW_TOKEN = 'Show token';
export const NEW_TOKEN = 'New token';
/** Stands in an empty field. */
export const KEPT_AS_IT_IS = 'Kept as it is';
export const KEEP_PLAIN = 'Keep it on this device without encryption';
/** The piece of code stands between the two. */
export const PUT_LINES = {
  before: 'Put these lines into the device’s program, in place of its own',
  after: ', and restart it. It takes updates with the new token from then on.',
};
export const COPY_LINES = 'Copy the lines';
/** The names of files and of the build stand between them. */
export const PROGRAM_STARTS = {
  asMain:
    'The program has to start by itself, or the device is not seen again after an update. Keep it on the device as',
  asBoot: '; as',
  where: 'where the firmware has a',
  builtIn: 'built in, as ViperHTTP’s own ESP32S3_N16R8 has.',
};

const LOCK_FIRST = ' To have it under a passphrase, set one in “More” before you save the first token.';

/**
 * @param preferred how tokens are kept here
 * @param keepsPlain whether a token may be kept without encryption, where the person wants that
 * @param canLockFirst no token is here yet, so that a passphrase would be for all of them
 */
export function keepingText(preferred: 'encrypted' | 'memory', keepsPlain: boolean, canLockFirst: boolean): string {
  if (preferred === 'encrypted') {
    return `Kept encrypted in this browser, and sent to this device only.${canLockFirst ? LOCK_FIRST : ''}`;
  }
  return keepsPlain
    ? 'This page is not encrypted, so the browser offers no safe place: it is forgotten when the page is closed.'
    : 'The browser keeps nothing for this page: it is forgotten when the page is closed.';
}

export const LOGIN = 'User and password (as shipped only)';
export const USER = 'User';
export const PASSWORD = 'Password';
export const FORGET_LOGIN = 'Forget user and password';
export const LOGIN_FORGOTTEN = 'They are forgotten when you save.';
export const LOGIN_HINT =
  'Only for a device that asks for them besides the token. Kept like the token. Leave the user empty where it wants a bearer token.';

export const SHORT_CODE_LABEL = 'Short code';
export const SHORT_CODE_EXAMPLE = 'XXXX-XXXX';
export const CANNOT_OPEN_TOKEN =
  'The link holds the token under a short code, which this page cannot open: it is not encrypted. Type the token, or open the link where Moult is on https.';

/** How far the opening of a token under a short code is. */
export type Opening = 'none' | 'opening' | 'opened' | 'wrong';

export const OPENING_WORDS: Readonly<Record<Opening, string>> = {
  none: 'It stands beside the code on the other phone, and opens the token that came with the link.',
  opening: 'Opening the token.',
  opened: 'The token is filled in.',
  wrong: 'This does not open the token. Look at the other phone, and type it again.',
};
