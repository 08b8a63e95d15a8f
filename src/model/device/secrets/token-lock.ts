/** How the tokens stand to their passphrase, and what becomes of a change to that. */

/** `unavailable`: no secure context or no database, so there is nothing to lock. */
export type LockView = 'unavailable' | 'none' | 'locked' | 'unlocked';

/**
 * Why the lock was not changed. `too-short`: the passphrase has fewer characters than it needs. `changed-elsewhere`:
 * another tab changed the lock meanwhile; look again. `no-lock`, `has-lock`: there is nothing to do it to.
 */
export type LockRefusal =
  'unavailable' | 'wrong-passphrase' | 'too-short' | 'no-lock' | 'has-lock' | 'changed-elsewhere';

export interface LockAnswer {
  readonly kind: 'done' | LockRefusal;
}
