import type { Database } from '../database.ts';
import type { LockAnswer, LockRefusal } from '../../model/device/secrets/token-lock.ts';
import {
  keyFromBytes,
  keyFromPassphrase,
  isLongEnough,
  newKeyBytes,
  newSalt,
  PASSPHRASE_ROUNDS,
} from './passphrase-key.ts';
import { newId, newKey, seal, unseal } from './seal.ts';
import type { HeldKey, VaultKeys } from './vault-keys.ts';
import { ownContext, sameSeals } from './vault-records.ts';
import type { KeyRecord, LockedKeyRecord, TokenRecord } from './vault-records.ts';

/** The context that the key of the vault is sealed with, and that it needs when it is opened. */
const KEY_CONTEXT = 'moult vault key';

const DONE: LockAnswer = { kind: 'done' };

interface Opened {
  readonly kind: 'opened';
  readonly keys: VaultKeys;
  readonly held: HeldKey;
}

interface NewKey {
  readonly record: KeyRecord;
  readonly held: HeldKey;
}

/**
 * Sets, changes, removes and opens the passphrase lock.
 *
 * A key that cannot be exported cannot be sealed under a passphrase either. So set, change and remove each make a new
 * key, seal every token again with it, and replace key and tokens in one transaction. The old key and the old seals are
 * then gone from the database, but not from the browser's files, which may keep deleted data for a long time. So
 * whatever was kept before is marked (`SealedToken.beforeLock`).
 */
export class LockChanges {
  readonly #db: Database;
  readonly #keys: VaultKeys | null;

  /** `keys` null: no secure context, so nothing can be locked. */
  constructor(db: Database, keys: VaultKeys | null) {
    this.#db = db;
    this.#keys = keys;
  }

  /** Locks the tokens with a passphrase; they stay open in this tab for a while. */
  async set(passphrase: string): Promise<LockAnswer> {
    const keys = this.#keys;
    if (keys === null) return { kind: 'unavailable' };
    if (!isLongEnough(passphrase)) return { kind: 'too-short' };
    const old = await keys.forWriting();
    if (old.kind !== 'held' || (await keys.state()) !== 'none') return { kind: 'has-lock' };
    return this.#replace(keys, old.held, await this.#lockedKey(keys, passphrase));
  }

  /** Opens the tokens for a while. */
  async unlock(passphrase: string): Promise<LockAnswer> {
    const opened = await this.#opened(passphrase);
    if (opened.kind !== 'opened') return opened;
    await opened.keys.hold(opened.held);
    return DONE;
  }

  async change(passphrase: string, next: string): Promise<LockAnswer> {
    if (!isLongEnough(next)) return { kind: 'too-short' };
    const opened = await this.#opened(passphrase);
    if (opened.kind !== 'opened') return opened;
    return this.#replace(opened.keys, opened.held, await this.#lockedKey(opened.keys, next));
  }

  /** Removes the lock; the tokens stay encrypted with a key of the browser. */
  async remove(passphrase: string): Promise<LockAnswer> {
    const opened = await this.#opened(passphrase);
    if (opened.kind !== 'opened') return opened;
    const keyId = newId();
    const key = await newKey(opened.keys.subtle);
    return this.#replace(opened.keys, opened.held, {
      record: { id: 'vault', keyId, lock: 'none', key },
      held: { keyId, key },
    });
  }

  /** For a forgotten passphrase: removes the encrypted tokens and the lock, and nothing else. */
  async forget(): Promise<void> {
    const transaction = this.#db.transaction(['vault', 'keys'], 'readwrite');
    const vault = transaction.objectStore('vault');
    for (const record of await vault.getAll()) {
      if (record.keeping === 'encrypted') await vault.delete(record.deviceId);
    }
    await transaction.objectStore('keys').delete('vault');
    await transaction.done;
    await this.#keys?.noteLockRemoved();
  }

  async #opened(passphrase: string): Promise<Opened | { readonly kind: LockRefusal }> {
    if (this.#keys === null) return { kind: 'unavailable' };
    const record = await this.#keys.record();
    if (record?.lock !== 'passphrase') return { kind: 'no-lock' };
    const held = await openLocked(this.#keys.subtle, record, passphrase);
    return held === null ? { kind: 'wrong-passphrase' } : { kind: 'opened', keys: this.#keys, held };
  }

  async #lockedKey({ subtle }: VaultKeys, passphrase: string): Promise<NewKey> {
    const keyId = newId();
    const salt = newSalt();
    const bytes = newKeyBytes();
    const wrapping = await keyFromPassphrase(subtle, passphrase, salt, PASSPHRASE_ROUNDS);
    const sealedKey = await seal(subtle, wrapping, bytes, KEY_CONTEXT);
    const key = await keyFromBytes(subtle, bytes);
    bytes.fill(0);
    const record: LockedKeyRecord = {
      id: 'vault',
      keyId,
      lock: 'passphrase',
      salt,
      rounds: PASSPHRASE_ROUNDS,
      sealedKey,
    };
    return { record, held: { keyId, key } };
  }

  async #replace(keys: VaultKeys, old: HeldKey, next: NewKey): Promise<LockAnswer> {
    for (;;) {
      const before = await this.#db.getAll('vault');
      const after = await Promise.all(before.map((record) => this.#resealed(keys, record, old, next.held)));
      const transaction = this.#db.transaction(['vault', 'keys'], 'readwrite');
      const vault = transaction.objectStore('vault');
      const [now, keyNow] = await Promise.all([vault.getAll(), transaction.objectStore('keys').get('vault')]);
      if (keyNow?.keyId !== old.keyId) {
        await transaction.done;
        return { kind: 'changed-elsewhere' };
      }
      if (!sameSeals(before, now)) {
        // A token was saved or removed meanwhile, so all are sealed once more.
        await transaction.done;
        continue;
      }
      await Promise.all(after.map((record) => vault.put(record)));
      await transaction.objectStore('keys').put(next.record);
      await transaction.done;
      await (next.record.lock === 'none' ? keys.noteLockRemoved() : keys.hold(next.held));
      return DONE;
    }
  }

  /** A token that the old key does not open is lost already; it stays as it is, and is reported when it is read. */
  async #resealed({ subtle }: VaultKeys, record: TokenRecord, old: HeldKey, next: HeldKey): Promise<TokenRecord> {
    if (record.keeping !== 'encrypted' || record.keyId !== old.keyId) return record;
    const context = ownContext(record);
    const token = await unseal(subtle, old.key, record.sealed, context);
    if (token === null) return record;
    return { ...record, keyId: next.keyId, sealed: await seal(subtle, next.key, token, context), beforeLock: true };
  }
}

/** Opens a locked key; null where the passphrase is wrong. Does not keep it. */
async function openLocked(subtle: SubtleCrypto, record: LockedKeyRecord, passphrase: string): Promise<HeldKey | null> {
  const wrapping = await keyFromPassphrase(subtle, passphrase, record.salt, record.rounds);
  const bytes = await unseal(subtle, wrapping, record.sealedKey, KEY_CONTEXT);
  if (bytes === null) return null;
  const key = await keyFromBytes(subtle, bytes);
  bytes.fill(0);
  return { keyId: record.keyId, key };
}
