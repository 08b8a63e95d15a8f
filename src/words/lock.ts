/** Why the lock of the tokens was not changed or opened. */
import type { LockAnswer } from '../model/lock.ts';

export const LOCK_WORDS: Readonly<Record<Extract<LockAnswer, { ok: false }>['why'], string>> = {
  unavailable: 'This browser offers no place to lock tokens in.',
  'wrong-passphrase': 'This is not the passphrase. The tokens stay locked.',
  'too-short': 'The passphrase needs at least 8 characters.',
  'no-lock': 'There is no lock any more: another tab removed it.',
  'has-lock': 'There is a lock already: another tab set it.',
  'changed-elsewhere': 'Another tab changed the lock meanwhile. Try again.',
};
