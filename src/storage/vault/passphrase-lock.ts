import type { LockAnswer, LockView } from '../../model/device/secrets/token-lock.ts';
import type { Database } from '../database.ts';
import type { LockChanges } from './lock-changes.ts';
import type { VaultKeys } from './vault-keys.ts';

/**
 * The passphrase lock of the tokens. Most people have none, so the code that changes it is loaded when first needed.
 */
export class PassphraseLock {
  readonly #db: Database;
  readonly #keys: VaultKeys | null;

  /** `keys` null: no secure context, so nothing can be locked. */
  constructor(db: Database, keys: VaultKeys | null) {
    this.#db = db;
    this.#keys = keys;
  }

  async state(): Promise<LockView> {
    return this.#keys === null ? 'unavailable' : this.#keys.state();
  }

  /**
   * Calls back at each change in this tab, also when the time is up.
   *
   * @returns how to stop that
   */
  onChange(listener: (state: 'locked' | 'unlocked' | 'none') => void): () => void {
    return this.#keys?.onChange(listener) ?? (() => undefined);
  }

  /** Locks the tokens with a passphrase; they stay open in this tab for a while. */
  async set(passphrase: string): Promise<LockAnswer> {
    return (await this.#changes()).set(passphrase);
  }

  /** Opens the tokens for a while. */
  async unlock(passphrase: string): Promise<LockAnswer> {
    return (await this.#changes()).unlock(passphrase);
  }

  /** Closes them now, in this tab. */
  async lock(): Promise<void> {
    await this.#keys?.lock();
  }

  async change(passphrase: string, next: string): Promise<LockAnswer> {
    return (await this.#changes()).change(passphrase, next);
  }

  /** Removes the lock; the tokens stay encrypted with a key of the browser. */
  async remove(passphrase: string): Promise<LockAnswer> {
    return (await this.#changes()).remove(passphrase);
  }

  /** For a forgotten passphrase: removes the encrypted tokens and the lock, and nothing else. */
  async forget(): Promise<void> {
    await (await this.#changes()).forget();
  }

  async #changes(): Promise<LockChanges> {
    const { LockChanges } = await import('./lock-changes.ts');
    return new LockChanges(this.#db, this.#keys);
  }
}
