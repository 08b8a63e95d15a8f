/** What is said of the passphrase that tokens are locked under. */
import type { LockRefusal, LockView } from '../../model/device/token-lock.ts';

export const SET_PASSPHRASE = 'Set a passphrase';
export const UNLOCK = 'Unlock';
export const FORGOTTEN = 'Forgotten';
export const LOCK_NOW = 'Lock now';
export const CHANGE_IT = 'Change it';
export const REMOVE_IT = 'Remove it';
export const LOCK_TOKENS = 'Lock the tokens';

export const OLD_PASSPHRASE = 'Passphrase until now';
export const NEW_PASSPHRASE = 'New passphrase';
export const ONCE_MORE = 'Once more';
export const NEW_PASSPHRASE_HINT =
  'At least 8 characters. Nobody can get it back for you: if you forget it, the tokens are gone.';
export const NOT_THE_SAME = 'The two are not the same.';

export const SET = 'The tokens are under your passphrase now.';
export const UNLOCKED = 'Unlocked.';
export const LOCKED = 'Locked, here and in every other tab of Moult.';
export const CHANGED =
  'Changed. The passphrase from before still opens what lies in the browser’s files from its time.';
export const REMOVED =
  'Removed. The tokens are kept under the browser’s own key, which lies in its profile beside them.';
export const FORGOTTEN_TOKENS = 'The locked tokens are forgotten. Type each one again under “Edit” of its device.';

export const KEPT_BEFORE =
  'What follows was kept before this passphrase, and may still lie in the browser’s files as it was then. A new token on the device ends that.';

export function renewLabel(field: 'token' | 'login', device: string): string {
  return `${field === 'token' ? 'New token' : 'New password'} for ${device}`;
}

const REFUSED: Readonly<Record<LockRefusal, string>> = {
  unavailable: 'This browser offers no place to lock tokens in.',
  'wrong-passphrase': 'This is not the passphrase. The tokens stay locked.',
  'too-short': 'The passphrase needs at least 8 characters.',
  'no-lock': 'There is no lock any more: another tab removed it.',
  'has-lock': 'There is a lock already: another tab set it.',
  'changed-elsewhere': 'Another tab changed the lock meanwhile. Try again.',
};

export function lockRefusalText(why: LockRefusal): string {
  return REFUSED[why];
}

/** @param kept how many tokens are kept now */
export function lockText(lock: LockView, kept: number): string {
  switch (lock) {
    case 'unavailable':
      return 'A passphrase lock needs a page that is encrypted, and a browser that keeps something for it. There is none here.';
    case 'none':
      return `A passphrase closes the tokens that are first saved under it, even for somebody who copies the whole browser profile. ${
        kept === 0
          ? 'None is kept now. One that was kept and removed may go on lying in the browser’s files: do not type it again, make a new one.'
          : 'Those that are kept already may go on lying in the browser’s files: their devices need new tokens.'
      } You type it when a token is needed; it is asked again after a while.`;
    case 'locked':
      return 'The tokens are locked.';
    case 'unlocked':
      return 'The tokens are open. They lock by themselves a while after the last use, and when the page is closed.';
  }
}
