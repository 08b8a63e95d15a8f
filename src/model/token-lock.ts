/** How the tokens stand to their passphrase. `unavailable`: no secure context or no database, so there is nothing to lock. */
export type LockView = 'unavailable' | 'none' | 'locked' | 'unlocked';
