import type { TokenKeeping } from '../../model/page/stores.ts';
import type { Database } from '../database.ts';
import { Mirror } from '../mirror.ts';
import { seal, unseal } from './seal.ts';
import type { HeldKey, VaultKeys } from './vault-keys.ts';
import { earlierTokenContext, ownContext, sameSeals, tokenContext } from './vault-records.ts';
import type { SealedToken, TokenRecord } from './vault-records.ts';

/**
 * A token, or why there is none. `locked`: the passphrase is needed. `key-lost`: the browser no longer has the key that
 * sealed it, or this page cannot use it (no secure context). `elsewhere`: it is kept for another address. `damaged`:
 * the key does not open it.
 */
export type TokenAnswer =
  | { readonly kind: 'found'; readonly token: string; readonly keeping: TokenKeeping }
  | { readonly kind: 'none' | 'locked' | 'key-lost' | 'elsewhere' | 'damaged' };

export interface VaultOptions {
  readonly db: Database;
  /** Null where the page is no secure context: then nothing can be encrypted. */
  readonly keys: VaultKeys | null;
  readonly trouble: (error: unknown) => void;
}

interface TokenInMemory {
  readonly token: string;
  readonly place: string;
}

/** A token that is to be kept. `before`: what was kept of the device until now. */
interface Kept extends TokenInMemory {
  readonly deviceId: string;
  readonly before: TokenRecord | undefined;
}

/**
 * Whether this very token was kept before the lock was set. Where an earlier version sealed it, that is not known, and
 * true is assumed; so it is where another tab's lock has sealed it with another key meanwhile.
 */
async function holdsToken(
  { subtle }: VaultKeys,
  before: TokenRecord | undefined,
  held: HeldKey,
  token: string,
): Promise<boolean> {
  if (before?.keeping !== 'encrypted' || (before.beforeLock !== true && before.place !== undefined)) return false;
  if (before.keyId !== held.keyId) return true;
  const bytes = await unseal(subtle, held.key, before.sealed, ownContext(before));
  return bytes !== null && new TextDecoder().decode(bytes) === token;
}

/**
 * Tokens, in the database, each for one place: the address and path that it goes to (`placeOf` in
 * model/device/device.ts). It is not given out for another place, whatever the record of the device says by then.
 *
 * The non-extractable key keeps a script from carrying the key away. It does not keep an injected script from using
 * it, nor someone who copies the whole browser profile; the passphrase lock is for those.
 */
export class IndexedVault {
  readonly #db: Database;
  readonly #records: Mirror<'vault'>;
  readonly #keys: VaultKeys | null;
  readonly #trouble: (error: unknown) => void;
  readonly #memory = new Map<string, TokenInMemory>();
  /** Devices whose token was to be encrypted while the vault was locked, and what was kept of them before. */
  readonly #waiting = new Map<string, TokenRecord | undefined>();

  constructor(options: VaultOptions) {
    this.#db = options.db;
    this.#records = new Mirror(options.db, 'vault', options.trouble);
    this.#keys = options.keys;
    this.#trouble = options.trouble;
    options.keys?.onChange(async (state) => {
      if (state !== 'locked') await this.#sealWaiting();
    });
  }

  get preferred(): 'encrypted' | 'memory' {
    return this.#keys === null ? 'memory' : 'encrypted';
  }

  /** Where nothing can be encrypted, a token can be kept as it is. */
  get keepsPlain(): boolean {
    return this.#keys === null;
  }

  /**
   * Keeps the token; answers how it was kept. `memory` where nothing better is possible: there is no secure context,
   * the database refused it, or the vault is locked (then it is encrypted at the next unlock).
   */
  async put(deviceId: string, token: string, keeping: TokenKeeping, place: string): Promise<TokenKeeping> {
    const before = this.#waiting.get(deviceId) ?? (await this.#records.get(deviceId));
    this.#waiting.delete(deviceId);
    if (await this.#store({ deviceId, token, place, before }, keeping)) {
      this.#memory.delete(deviceId);
      return keeping;
    }
    this.#memory.set(deviceId, { token, place });
    // An older token of this device must not come back after a reload.
    await this.#records.remove(deviceId);
    return 'memory';
  }

  /** The token; null where it cannot be read. `read` says why. */
  async get(deviceId: string, place: string): Promise<string | null> {
    const answer = await this.read(deviceId, place);
    return answer.kind === 'found' ? answer.token : null;
  }

  async read(deviceId: string, place: string): Promise<TokenAnswer> {
    const inMemory = this.#memory.get(deviceId);
    if (inMemory !== undefined) {
      const { token } = inMemory;
      return inMemory.place === place ? { kind: 'found', token, keeping: 'memory' } : { kind: 'elsewhere' };
    }
    // Tried twice: where a lock is set or changed in between, record and key may not belong together once.
    return (await this.#look(deviceId, place)) ?? (await this.#look(deviceId, place)) ?? { kind: 'key-lost' };
  }

  /**
   * How the token is kept. A token that an earlier version sealed for the id alone is sealed for `place`, where it can
   * be opened.
   */
  async keeping(deviceId: string, place: string): Promise<TokenKeeping | null> {
    if (this.#memory.has(deviceId)) return 'memory';
    const record = await this.#records.get(deviceId);
    if (record?.keeping === 'encrypted' && record.place === undefined) await this.read(deviceId, place);
    return record?.keeping ?? null;
  }

  /** Keeps the token for another place: the person changed the device's address. One that does not open stays as it is. */
  async move(deviceId: string, from: string, to: string): Promise<void> {
    const answer = await this.read(deviceId, from);
    if (answer.kind !== 'found') return;
    await this.put(deviceId, answer.token, this.#waiting.has(deviceId) ? 'encrypted' : answer.keeping, to);
  }

  /**
   * Whether the token was kept before the passphrase lock was set, and may still be in the browser's files as it was.
   */
  async fromBeforeLock(deviceId: string): Promise<boolean> {
    const record = await this.#records.get(deviceId);
    return record?.keeping === 'encrypted' && record.beforeLock === true;
  }

  async remove(deviceId: string): Promise<void> {
    this.#memory.delete(deviceId);
    this.#waiting.delete(deviceId);
    await this.#records.remove(deviceId);
  }

  /** Stores the token in the way that was asked for. Answers whether the database took it. */
  async #store(kept: Kept, keeping: TokenKeeping): Promise<boolean> {
    const { deviceId, token, place } = kept;
    if (keeping === 'memory') return false;
    try {
      if (keeping === 'plain') {
        const record = { deviceId, keeping, place, token };
        await this.#db.put('vault', record);
        this.#records.see(deviceId, record);
        return true;
      }
      return this.#keys !== null && (await this.#storeSealed(this.#keys, kept));
    } catch (error) {
      // Quota, or a database that went away: the token still serves this page, and the answer says "memory".
      this.#trouble(error);
      return false;
    }
  }

  /** @param instead the only record that it may replace */
  async #storeSealed(keys: VaultKeys, kept: Kept, instead?: SealedToken): Promise<boolean> {
    const { deviceId, token, place, before } = kept;
    for (;;) {
      const usable = await keys.forWriting();
      if (usable.kind !== 'held') {
        if (usable.kind === 'locked') this.#waiting.set(deviceId, before);
        return false;
      }
      const { held } = usable;
      const bytes = new TextEncoder().encode(token);
      const sealed = await seal(keys.subtle, held.key, bytes, tokenContext(place));
      const beforeLock = await holdsToken(keys, before, held, token);
      const transaction = this.#db.transaction(['vault', 'keys'], 'readwrite');
      const [key, found] = await Promise.all([
        transaction.objectStore('keys').get('vault'),
        transaction.objectStore('vault').get(deviceId),
      ]);
      if (instead !== undefined && (found === undefined || !sameSeals([instead], [found]))) {
        // Another tab kept or removed a token meanwhile.
        await transaction.done;
        return false;
      }
      const current = key?.keyId === held.keyId;
      const record = { deviceId, keeping: 'encrypted', keyId: held.keyId, place, sealed, beforeLock } as const;
      if (current) await transaction.objectStore('vault').put(record);
      await transaction.done;
      if (current) {
        this.#records.see(deviceId, record);
        return true;
      }
      // Another tab changed the key meanwhile: seal again with the new one.
    }
  }

  /** Null: it is sealed with another key than the present one. */
  async #look(deviceId: string, place: string): Promise<TokenAnswer | null> {
    const record = await this.#records.get(deviceId);
    if (record === undefined) return { kind: 'none' };
    if (record.place !== undefined && record.place !== place) return { kind: 'elsewhere' };
    if (record.keeping === 'plain') return { kind: 'found', token: record.token, keeping: 'plain' };
    if (this.#keys === null) return { kind: 'key-lost' };
    const key = await this.#keys.forReading();
    if (key.kind !== 'held') return { kind: key.kind === 'locked' ? 'locked' : 'key-lost' };
    const { held } = key;
    if (held.keyId !== record.keyId) return null;
    return this.#opened(this.#keys, record, held, place);
  }

  async #opened(keys: VaultKeys, record: SealedToken, held: HeldKey, place: string): Promise<TokenAnswer> {
    const isEarlier = record.place === undefined;
    const context = isEarlier ? earlierTokenContext(record.deviceId) : tokenContext(place);
    const bytes = await unseal(keys.subtle, held.key, record.sealed, context);
    if (bytes === null) return { kind: 'damaged' };
    const token = new TextDecoder().decode(bytes);
    const kept = { deviceId: record.deviceId, token, place, before: record };
    if (isEarlier) await this.#storeSealed(keys, kept, record).catch(this.#trouble);
    return { kind: 'found', token, keeping: 'encrypted' };
  }

  async #sealWaiting(): Promise<void> {
    for (const deviceId of [...this.#waiting.keys()]) {
      const waiting = this.#memory.get(deviceId);
      if (waiting !== undefined) await this.put(deviceId, waiting.token, 'encrypted', waiting.place);
    }
  }
}
