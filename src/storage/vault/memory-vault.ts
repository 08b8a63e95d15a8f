/** The vault and its lock without a database: secrets last as long as the page. */
import type { LockAnswer, LockView } from '../../model/device/secrets/token-lock.ts';
import type { TokenKeeping } from '../../model/page/stores.ts';
import type { TokenAnswer } from './vault.ts';

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

  /** Nothing to do: tokens in memory are not bound to a place, since no record of theirs could be changed. */
  move(): Promise<void> {
    return Promise.resolve();
  }

  remove(deviceId: string): Promise<void> {
    this.#tokens.delete(deviceId);
    return Promise.resolve();
  }
}

const NOTHING_TO_LOCK: LockAnswer = { kind: 'unavailable' };

/** Tokens that are only in memory are gone with the page, so that there is nothing to lock. */
export class MemoryLock {
  state(): Promise<LockView> {
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
