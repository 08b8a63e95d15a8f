/** The one database: its schema, how earlier versions of it are upgraded, and how it is opened. */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { FirmwareRecord } from '../model/firmware/firmware-record.ts';
import type { Device } from '../model/device/device.ts';
import type { HistoryRow } from '../model/update/history-entry.ts';
import type { Clock } from '../model/clock.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import type { RolloutRecord } from '../model/rollout/rollout-record.ts';
import { withEnding, withFindings, type EarlierFirmware, type EarlierTrace } from './earlier-sentences.ts';
import { withSizeByRoute, type EarlierDevice } from './earlier-device.ts';
import type { HistoryTrace } from './history-trace.ts';
import type { KeyRecord, TokenRecord } from './vault/vault-records.ts';

export const DATABASE_NAME = 'moult';

/** Raise it with every change of the schema, and add the step to `upgrade`. */
export const DATABASE_VERSION = 5;

/** Bytes are stored apart from their record, so that listing the library reads none of them. */
export interface FirmwareBytes {
  readonly sha256: string;
  readonly bytes: Blob;
}

export interface MoultSchema extends DBSchema {
  devices: { key: string; value: Device };
  /** Tokens, by device id. */
  vault: { key: string; value: TokenRecord };
  /** The vault's key, under the one id "vault". */
  keys: { key: string; value: KeyRecord };
  journal: { key: string; value: JournalEntry };
  firmware: { key: string; value: FirmwareRecord };
  'firmware-bytes': { key: string; value: FirmwareBytes };
  history: {
    key: string;
    value: HistoryRow;
    // The id is in both indices so that two updates of one millisecond still have an order to page by.
    indexes: { 'by-time': [number, string]; 'by-device': [string, number, string] };
  };
  'history-traces': { key: string; value: HistoryTrace };
  /** The rollout that has not ended, under the one key of storage/rollouts.ts. */
  rollouts: { key: string; value: RolloutRecord };
}

export type Database = IDBPDatabase<MoultSchema>;

/** While it is open, nothing else reads the database, and all steps happen or none. */
type Upgrading = IDBPTransaction<MoultSchema, StoreNames<MoultSchema>[], 'versionchange'>;

/** Version 1: devices, their tokens, unfinished updates, the library. */
function createVersion1(db: Database): void {
  db.createObjectStore('devices', { keyPath: 'id' });
  db.createObjectStore('vault', { keyPath: 'deviceId' });
  db.createObjectStore('keys', { keyPath: 'id' });
  db.createObjectStore('journal', { keyPath: 'deviceId' });
  db.createObjectStore('firmware', { keyPath: 'sha256' });
  db.createObjectStore('firmware-bytes', { keyPath: 'sha256' });
}

/** Version 2: the history of updates. */
function addHistory(db: Database): void {
  const history = db.createObjectStore('history', { keyPath: 'id' });
  history.createIndex('by-time', ['startedAt', 'id'], { unique: true });
  history.createIndex('by-device', ['deviceId', 'startedAt', 'id'], { unique: true });
  db.createObjectStore('history-traces', { keyPath: 'id' });
}

/** Version 3: the rollout that has not ended. */
function addRollouts(db: Database): void {
  db.createObjectStore('rollouts');
}

/** Version 4: the size of a device's chunks by route. */
async function splitSizesByRoute(transaction: Upgrading): Promise<void> {
  for await (const cursor of transaction.objectStore('devices')) {
    const earlier: unknown = cursor.value;
    await cursor.update(withSizeByRoute(earlier as EarlierDevice));
  }
}

/** Each has some 10 KB at most. One by one, ten thousand of them would take a phone ten seconds. */
const TRACES_AT_ONCE = 500;

/** Version 5: facts in place of sentences, about files and about how updates ended. */
async function keepFacts(transaction: Upgrading): Promise<void> {
  for await (const cursor of transaction.objectStore('firmware')) {
    const earlier: unknown = cursor.value;
    await cursor.update(withFindings(earlier as EarlierFirmware));
  }
  const traces = transaction.objectStore('history-traces');
  let after: string | null = null;
  do {
    const some: HistoryTrace[] = await traces.getAll(after && IDBKeyRange.lowerBound(after, true), TRACES_AT_ONCE);
    const earlier: readonly unknown[] = some;
    await Promise.all(earlier.map((trace) => traces.put(withEnding(trace as EarlierTrace))));
    after = some.at(-1)?.id ?? null;
  } while (after !== null);
}

/** No step is ever removed: a phone that was not used for a year starts from its own version. */
async function upgrade(db: Database, oldVersion: number, transaction: Upgrading): Promise<void> {
  if (oldVersion < 1) createVersion1(db);
  if (oldVersion < 2) addHistory(db);
  if (oldVersion < 3) addRollouts(db);
  if (oldVersion < 4) await splitSizesByRoute(transaction);
  if (oldVersion < 5) await keepFacts(transaction);
}

/**
 * Why there is no database. `blocked`: a tab with an older version keeps it open. `newer`: a newer version of the app
 * has upgraded it. `silent`: the browser never answered. `refused`: the browser refused (private window, settings, no
 * space).
 */
export type WhyNoDatabase = 'blocked' | 'newer' | 'silent' | 'refused';

export type OpenResult =
  { readonly kind: 'open'; readonly db: Database } | { readonly kind: WhyNoDatabase; readonly cause: unknown };

/**
 * Why an open database takes nothing more. `newer-version`: another tab upgrades it. `terminated`: the browser closed
 * it. `full`: there is no room.
 */
export type WhyLost = 'newer-version' | 'terminated' | 'full';

/** What storage needs of the engine's clock. */
export type StorageClock = Pick<Clock, 'now' | 'sleep'>;

export interface OpenOptions {
  readonly clock: StorageClock;
  readonly name?: string;
  /** Called once when the open database is gone: no change from then on outlives the page. */
  readonly lost?: (why: WhyLost) => void;
  /** Stands in for idb's `openDB` in tests. */
  readonly open?: typeof openDB<MoultSchema>;
}

/**
 * Some WebKit versions never answer when a database is opened right after their start
 * (https://bugs.webkit.org/show_bug.cgi?id=226547); others need under a second.
 */
export const OPEN_SILENCE_MS = 8_000;

/** An older tab closes its connection when asked to; what it is still writing then takes well under two seconds. */
export const BLOCKED_GRACE_MS = 2_000;

/** Opens the database at the current version, or says why it cannot be had. Never rejects. */
export async function openDatabase(options: OpenOptions): Promise<OpenResult> {
  const { clock, name = DATABASE_NAME, lost, open = openDB<MoultSchema> } = options;
  const timers = new AbortController();
  return new Promise((resolve) => {
    let answered = false;
    let opened: Database | null = null;
    const answer = (result: OpenResult): void => {
      if (answered) return;
      answered = true;
      timers.abort();
      resolve(result);
    };
    const giveUpAfter = (ms: number, kind: WhyNoDatabase): void => {
      clock.sleep(ms, timers.signal).then(
        () => answer({ kind, cause: null }),
        (error: unknown) => {
          // Where the timer was aborted, the answer came first.
          if (!timers.signal.aborted) answer({ kind: 'refused', cause: error });
        },
      );
    };
    const openNow = async (): Promise<void> => {
      const db = await open(name, DATABASE_VERSION, {
        upgrade: (db, oldVersion, _newVersion, transaction) => {
          // The browser has answered. How long the steps take depends on how much is stored.
          timers.abort();
          upgrade(db, oldVersion, transaction).catch(() => {
            // A step that fails must leave the database as it was. Opening it then fails, and reports that.
            transaction.done.catch(() => undefined);
            transaction.abort();
          });
        },
        blocked: () => giveUpAfter(BLOCKED_GRACE_MS, 'blocked'),
        blocking: () => {
          // Makes way for the newer tab: this one tells the person, and works with what it has read (mirror.ts).
          opened?.close();
          lost?.('newer-version');
        },
        terminated: () => lost?.('terminated'),
      });
      opened = db;
      // An answer after the time limit: the app already works in memory, so the connection must not block another tab.
      if (answered) db.close();
      answer({ kind: 'open', db });
    };
    giveUpAfter(OPEN_SILENCE_MS, 'silent');
    openNow().catch((error: unknown) => {
      const newer = error instanceof DOMException && error.name === 'VersionError';
      answer({ kind: newer ? 'newer' : 'refused', cause: error });
    });
  });
}
