/** The passphrase lock of the tokens, as the rooms that keep it and show it both speak of it. */

/**
 * How changing the lock ended. `unavailable`: no secure context or no database. `too-short`: fewer characters than a
 * passphrase needs. `changed-elsewhere`: another tab changed the lock meanwhile; look again. `no-lock`, `has-lock`: there
 * is nothing to do it to.
 */
export type LockAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly why: 'unavailable' | 'wrong-passphrase' | 'too-short' | 'no-lock' | 'has-lock' | 'changed-elsewhere';
    };
