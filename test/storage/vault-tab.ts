import type { Database } from '../../src/storage/database.ts';
import { PassphraseLock } from '../../src/storage/vault/passphrase-lock.ts';
import { VaultKeys } from '../../src/storage/vault/vault-keys.ts';
import { IndexedVault } from '../../src/storage/vault/vault.ts';
import { ManualClock } from '../device/manual-clock.ts';
import { noTrouble, openTestDatabase } from './open-test-database.ts';

/** One tab of the page on one database; tabs of one name share it. */
export interface Tab {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly vault: IndexedVault;
  readonly lock: PassphraseLock;
}

export async function openTab(name: string, subtle: SubtleCrypto | null = crypto.subtle): Promise<Tab> {
  const db = await openTestDatabase(name);
  const clock = new ManualClock();
  const keys = subtle && new VaultKeys({ db, subtle, clock, trouble: noTrouble });
  return { db, clock, vault: new IndexedVault({ db, keys, trouble: noTrouble }), lock: new PassphraseLock(db, keys) };
}

/** Every record of every store as text, bytes in it read as text too. */
export async function everything(db: Database): Promise<string> {
  const records = await Promise.all(Array.from(db.objectStoreNames, (store) => db.getAll(store)));
  return JSON.stringify(records.flat(), (_key, value: unknown) => {
    if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
    if (value instanceof Uint8Array) return new TextDecoder('latin1').decode(value);
    return value;
  });
}
