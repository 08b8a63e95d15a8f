import type { LockView } from '../../model/device/secrets/token-lock.ts';
import type { Database, StorageClock } from '../database.ts';
import { Mirror } from '../mirror.ts';
import { newId, newKey } from './seal.ts';
import type { KeyRecord } from './vault-records.ts';

/** A key that can be used now. */
export interface HeldKey {
  readonly keyId: string;
  readonly key: CryptoKey;
}

/** `lost`: there is no key, or what the browser gave back is not a key. */
export type KeyAnswer = { readonly kind: 'held'; readonly held: HeldKey } | { readonly kind: 'locked' | 'lost' };

/**
 * Long enough to start a rollout over many devices, short enough for a phone left on a table. Counts from the last use.
 */
export const UNLOCKED_MS = 15 * 60_000;

export interface VaultKeysOptions {
  readonly db: Database;
  readonly subtle: SubtleCrypto;
  readonly clock: StorageClock;
  readonly unlockedMs?: number;
  readonly trouble: (error: unknown) => void;
}

type LockListener = (state: 'locked' | 'unlocked' | 'none') => Promise<void> | void;

/** The key of a record where no passphrase is needed; null where it is locked, or not a key. */
function openKey(record: KeyRecord | undefined): HeldKey | null {
  // A browser may give back an empty value where it could not restore the key: then it is lost, not usable.
  if (record?.lock !== 'none' || !(record.key instanceof CryptoKey)) return null;
  return { keyId: record.keyId, key: record.key };
}

/**
 * The vault's key: made once for each database, and held in memory only while a passphrase lock is open. The record in
 * the database is read at each use, so that another tab's lock or change takes effect at once.
 */
export class VaultKeys {
  readonly #db: Database;
  readonly #records: Mirror<'keys'>;
  readonly #clock: StorageClock;
  readonly #unlockedMs: number;
  readonly #trouble: (error: unknown) => void;
  readonly #listeners = new Set<LockListener>();
  #unlocked: { readonly held: HeldKey; until: number } | null = null;
  #timer = new AbortController();
  readonly subtle: SubtleCrypto;

  constructor(options: VaultKeysOptions) {
    this.#db = options.db;
    this.#records = new Mirror(options.db, 'keys', options.trouble);
    this.subtle = options.subtle;
    this.#clock = options.clock;
    this.#unlockedMs = options.unlockedMs ?? UNLOCKED_MS;
    this.#trouble = options.trouble;
  }

  async record(): Promise<KeyRecord | null> {
    return (await this.#records.get('vault')) ?? null;
  }

  async state(): Promise<LockView> {
    const record = await this.record();
    if (record?.lock !== 'passphrase') return 'none';
    return this.#inMemory(record.keyId) === null ? 'locked' : 'unlocked';
  }

  /** The key to read tokens with. */
  async forReading(): Promise<KeyAnswer> {
    return this.#usable(await this.record());
  }

  /**
   * The key to seal tokens with; makes one where there is none. Where two tabs make one, the first in the database
   * counts.
   */
  async forWriting(): Promise<KeyAnswer> {
    const answer = await this.forReading();
    if (answer.kind !== 'lost') return answer;
    // Made before the transaction, which would end while it waits for anything else.
    const fresh: KeyRecord = { id: 'vault', keyId: newId(), lock: 'none', key: await newKey(this.subtle) };
    const transaction = this.#db.transaction('keys', 'readwrite');
    const found = await transaction.store.get('vault');
    const theirs = found !== undefined && (found.lock === 'passphrase' || openKey(found) !== null);
    if (!theirs) await transaction.store.put(fresh);
    await transaction.done;
    const record = theirs ? found : fresh;
    this.#records.see('vault', record);
    return this.#usable(record);
  }

  /** Keeps an opened key in memory for a while. */
  async hold(held: HeldKey): Promise<void> {
    this.#drop();
    this.#unlocked = { held, until: this.#clock.now() + this.#unlockedMs };
    this.#timer = new AbortController();
    this.#lockInTime(this.#timer.signal).catch(this.#trouble);
    await this.tell('unlocked');
  }

  /** Forgets the opened key now. */
  async lock(): Promise<void> {
    if (this.#unlocked === null) return;
    this.#drop();
    await this.tell('locked');
  }

  /** To be called when the lock itself was removed. */
  async noteLockRemoved(): Promise<void> {
    this.#drop();
    await this.tell('none');
  }

  /**
   * Calls back at each lock, unlock and removal in this tab.
   *
   * @returns how to stop that
   */
  onChange(listener: LockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async tell(state: 'locked' | 'unlocked' | 'none'): Promise<void> {
    for (const listener of this.#listeners) await listener(state);
  }

  #usable(record: KeyRecord | null): KeyAnswer {
    if (record?.lock !== 'passphrase') {
      const held = openKey(record ?? undefined);
      return held === null ? { kind: 'lost' } : { kind: 'held', held };
    }
    const held = this.#inMemory(record.keyId);
    if (held === null || this.#unlocked === null) return { kind: 'locked' };
    // Only a use of the key prolongs the time, so that asking for the state does not hold the lock open.
    this.#unlocked.until = this.#clock.now() + this.#unlockedMs;
    return { kind: 'held', held };
  }

  #inMemory(keyId: string): HeldKey | null {
    const unlocked = this.#unlocked;
    // The clock is asked, too: timers of a hidden page come late.
    return unlocked?.held.keyId === keyId && this.#clock.now() < unlocked.until ? unlocked.held : null;
  }

  #drop(): void {
    this.#timer.abort();
    this.#unlocked = null;
  }

  async #lockInTime(signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = (this.#unlocked?.until ?? 0) - this.#clock.now();
      if (left <= 0) break;
      try {
        await this.#clock.sleep(left, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
    await this.lock();
  }
}
