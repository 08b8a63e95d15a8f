/** What is said of a device's token, and of its user and password. */
import { type Dialect, type Protocol, traitsOf } from '../../../model/device/dialect.ts';

export const TOKEN = 'Token';
const PIN = 'PIN';
export const PASSWORD = 'Password';
export const SHOW = 'Show';
export const NEW_TOKEN = 'New token';
/** Stands in an empty field. */
export const KEPT_AS_IT_IS = 'Unchanged';
export const KEEP_PLAIN = 'Keep it in this browser without encryption';
/** The piece of code stands between the two. */
export const PUT_LINES = {
  before: 'In the device’s program, replace its own',
  after: ' with these lines and restart it. From then on it takes updates with the new token.',
};
export const COPY_LINES = 'Copy the lines';
/** The names of files and of the build stand between them. */
export const PROGRAM_STARTS = {
  asMain: 'The program must start by itself, or the device isn’t seen again after an update. Save it on the device as',
  asBoot: ', or as',
  where: 'if the firmware has a',
  builtIn: 'built in, like ViperHTTP’s own ESP32S3_N16R8.',
};

const PIN_HINT =
  'Only if the device has one. It is sent when the device asks for it, and opens the device for everyone on the network for 15 minutes.';

const PASSWORD_HINT = 'Only if the device’s web page asks for one.';

const OTA_PASSWORD_HINT = 'Only if its configuration has one for updates (ota: password).';

/** What a device asks for: a PIN, a password, or a token that can be made here. */
export interface SecretWords {
  readonly label: string;
  readonly show: string;
  /** Stands before what is said of how it is kept. */
  readonly hint: string;
  readonly canBeMade: boolean;
}

/**
 * @param protocol as the person chose it
 * @param dialect what was found out; null: nothing yet
 */
export function secretWords(protocol: Protocol, dialect: Dialect | null): SecretWords {
  switch (traitsOf(protocol === 'automatic' ? dialect : protocol)?.tokenIn) {
    case 'pin':
      return { label: PIN, show: 'Show PIN', hint: PIN_HINT, canBeMade: false };
    case 'login':
      return { label: PASSWORD, show: 'Show password', hint: PASSWORD_HINT, canBeMade: false };
    case 'password':
      return { label: PASSWORD, show: 'Show password', hint: OTA_PASSWORD_HINT, canBeMade: false };
    case 'bearer':
    case 'token-header':
    case undefined:
      return { label: TOKEN, show: 'Show token', hint: '', canBeMade: true };
  }
}

const LOCK_FIRST = ' To protect it with a passphrase, set one under “More” before you save the first token.';

/**
 * @param preferred how tokens are kept here
 * @param keepsPlain whether a token may be kept without encryption, where the person wants that
 * @param canLockFirst no token is here yet, so that a passphrase would be for all of them
 */
export function keepingText(preferred: 'encrypted' | 'memory', keepsPlain: boolean, canLockFirst: boolean): string {
  if (preferred === 'encrypted') {
    return `Stored encrypted in this browser and sent only to this device, and to the host while it updates the device.${canLockFirst ? LOCK_FIRST : ''}`;
  }
  return keepsPlain
    ? 'This page isn’t encrypted, so the token is forgotten when you close it.'
    : 'The browser stores nothing for this page, so the token is forgotten when you close it.';
}

export const USER_AND_PASSWORD = 'User and password';
export const LOGIN = `${USER_AND_PASSWORD} (as shipped only)`;
export const USER = 'User';
/** Of a device that asks for one in the place of a token. */
export const USER_NAME = 'User name';
export const FORGET_LOGIN = 'Forget user and password';
export const LOGIN_FORGOTTEN = 'They are forgotten when you save.';
export const LOGIN_HINT =
  'Only for a device that asks for them in addition to the token. Stored like the token. For a bearer token, leave the user empty.';

export const SHORT_CODE_LABEL = 'Short code';
export const SHORT_CODE_EXAMPLE = 'XXXX-XXXX';
export const CANNOT_OPEN_TOKEN =
  'The link’s token is protected by a short code, which this page can’t use because it isn’t encrypted. Type the token, or open the link in Moult over https.';

/** How far the opening of a token under a short code is. */
export type Opening = 'none' | 'opening' | 'opened' | 'wrong';

export const OPENING_WORDS: Readonly<Record<Opening, string>> = {
  none: 'Shown below the code on the other phone. It unlocks the token in the link.',
  opening: 'Unlocking the token.',
  opened: 'The token is filled in.',
  wrong: 'This doesn’t unlock the token. Check the other phone and type it again.',
};
