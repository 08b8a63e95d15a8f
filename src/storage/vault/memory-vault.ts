/** The vault and its lock without a database: secrets go with the page. */
import type { LockAnswer } from '../../model/device/secrets/token-lock.ts';
import type { LockState } from './vault-keys.ts';
import type { TokenAnswer, TokenKeeping } from './vault.ts';

export class MemoryVault {
  readonly preferred = 'memory';
  readonly keepsPlain = false;
  readonly #tokens = new Map<string, string>();

  put(deviceId: string, token: string, _keeping: TokenKeeping): Promise<TokenKeeping> {
    this.#tokens.set(deviceId, token);
    return Promise.resolve('memory');
  }

  get(deviceId: string): Promise<string | null> {
    return Promise.resolve(this.#tokens.get(deviceId) ?? null);
  }

  read(deviceId: string): Promise<TokenAnswer> {
    const token = this.#tokens.get(deviceId);
    return Promise.resolve(token === undefined ? { kind: 'none' } : { kind: 'found', token, keeping: 'memory' });
  }

  keeping(deviceId: string): Promise<TokenKeeping | null> {
    return Promise.resolve(this.#tokens.has(deviceId) ? 'memory' : null);
  }

  /** What goes with the page has no record that could be changed behind its back. */
  move(): Promise<void> {
    return Promise.resolve();
  }

  remove(deviceId: string): Promise<void> {
    this.#tokens.delete(deviceId);
    return Promise.resolve();
  }
}

const NOTHING_TO_LOCK: LockAnswer = { kind: 'unavailable' };

/** What lies in memory alone is gone with the page; a lock would promise more than there is. */
export class MemoryLock {
  state(): Promise<LockState> {
    return Promise.resolve('unavailable');
  }

  onChange(_listener: (state: 'locked' | 'unlocked' | 'none') => void): () => void {
    return () => undefined;
  }

  set(_passphrase: string): Promise<LockAnswer> {
    return Promise.resolve(NOTHING_TO_LOCK);
  }

  unlock(_passphrase: string): Promise<LockAnswer> {
    return Promise.resolve(NOTHING_TO_LOCK);
  }

  lock(): Promise<void> {
    return Promise.resolve();
  }

  change(_passphrase: string, _next: string): Promise<LockAnswer> {
    return Promise.resolve(NOTHING_TO_LOCK);
  }

  remove(_passphrase: string): Promise<LockAnswer> {
    return Promise.resolve(NOTHING_TO_LOCK);
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }
}
