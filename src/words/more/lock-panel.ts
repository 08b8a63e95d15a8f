/** What is said of the passphrase that tokens are locked under. */
import type { LockRefusal, LockView } from '../../model/device/secrets/token-lock.ts';

export const SET_PASSPHRASE = 'Set a passphrase';
export const UNLOCK = 'Unlock';
export const FORGOTTEN = 'Forget the tokens';
export const LOCK_NOW = 'Lock now';
export const CHANGE_IT = 'Change the passphrase';
export const REMOVE_IT = 'Remove the passphrase';
export const LOCK_TOKENS = 'Lock the tokens';

export const OLD_PASSPHRASE = 'Current passphrase';
export const NEW_PASSPHRASE = 'New passphrase';
export const ONCE_MORE = 'Repeat it';
export const NEW_PASSPHRASE_HINT =
  'At least 8 characters. Nobody can get it back for you: if you forget it, the tokens are gone.';
export const NOT_THE_SAME = 'The two don’t match.';

export const SET = 'Your passphrase protects the tokens now.';
export const UNLOCKED = 'Unlocked.';
export const LOCKED = 'Locked, here and in every other tab of Moult.';
export const CHANGED = 'Changed. The old passphrase still opens older copies in the browser’s files.';
export const REMOVED =
  'Removed. The tokens are now encrypted with the browser’s own key, which is in its profile beside them.';
export const FORGOTTEN_TOKENS = 'The locked tokens are forgotten. Type each one again under “Edit” of its device.';

export const KEPT_BEFORE =
  'These were stored before this passphrase, and older copies may still be in the browser’s files. A new token on the device makes them useless.';

export function renewLabel(field: 'token' | 'login', device: string): string {
  return `${field === 'token' ? 'New token' : 'New password'} for ${device}`;
}

const REFUSED: Readonly<Record<LockRefusal, string>> = {
  unavailable: 'This browser can’t lock tokens.',
  'wrong-passphrase': 'Wrong passphrase. The tokens stay locked.',
  'too-short': 'The passphrase needs at least 8 characters.',
  'no-lock': 'There is no passphrase any more: another tab removed it.',
  'has-lock': 'There is a passphrase already: another tab set it.',
  'changed-elsewhere': 'Another tab changed the passphrase in the meantime. Try again.',
};

export function lockRefusalText(why: LockRefusal): string {
  return REFUSED[why];
}

/** @param kept how many tokens are kept now */
export function lockText(lock: LockView, kept: number): string {
  switch (lock) {
    case 'unavailable':
      return 'A passphrase needs an encrypted page and a browser that stores data for it, and this page doesn’t have both.';
    case 'none':
      return `A passphrase protects tokens that are first saved under it, even from someone who copies the whole browser profile. ${
        kept === 0
          ? 'None is saved now. A token that was saved and removed may still be in the browser’s files: make a new one instead of typing it again.'
          : 'Copies of tokens saved before may still be in the browser’s files: their devices need new tokens.'
      } You type it when a token is needed, and again after a while.`;
    case 'locked':
      return 'The tokens are locked.';
    case 'unlocked':
      return 'The tokens are unlocked. They lock by themselves a while after the last use, and when you close the page.';
  }
}
