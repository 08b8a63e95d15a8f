/** All stores, on the database where there is one, else in memory. */
import { openDatabase } from './database.ts';
import type { Database, OpenOptions, StorageClock, WhyLost, WhyNoDatabase } from './database.ts';
import { IndexedDevices } from './devices.ts';
import { IndexedFirmwareLibrary } from './firmware-library.ts';
import { IndexedHistory } from './history.ts';
import { IndexedJournal } from './journal.ts';
import type { NeededFirmware } from './library-room.ts';
import { MemoryDevices, MemoryFirmwareLibrary, MemoryHistory, MemoryJournal, MemoryRollouts } from './memory.ts';
import { MemoryLock, MemoryVault } from './vault/memory-vault.ts';
import { PassphraseLock } from './vault/passphrase-lock.ts';
import { IndexedRollouts } from './rollouts.ts';
import { IndexedVault } from './vault/vault.ts';
import { VaultKeys } from './vault/vault-keys.ts';

export interface Stores {
  /** Whether what is stored outlives the page. */
  readonly persistent: boolean;
  /** Why it does not; null where it does. */
  readonly why: WhyNoDatabase | null;
  readonly devices: IndexedDevices | MemoryDevices;
  readonly vault: IndexedVault | MemoryVault;
  readonly lock: PassphraseLock | MemoryLock;
  readonly journal: IndexedJournal | MemoryJournal;
  readonly firmware: IndexedFirmwareLibrary | MemoryFirmwareLibrary;
  readonly history: IndexedHistory | MemoryHistory;
  readonly rollouts: IndexedRollouts | MemoryRollouts;
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly clock: StorageClock;
  /** `crypto.subtle`, null where the page is no secure context. */
  readonly subtle: SubtleCrypto | null;
  /** `navigator.storage.persist`, where there is one. */
  readonly persist?: () => Promise<unknown>;
  /** Called with errors in the background, which never contain a token. */
  readonly trouble: (error: unknown) => void;
  /** Called when changes are no longer kept, once for each reason. */
  readonly lost?: (why: WhyLost) => void;
  /** Whether a device ends with the page, so that nothing of its updates is kept. */
  readonly endsWithPage?: (deviceId: string) => boolean;
  readonly name?: string;
  readonly libraryCapBytes?: number;
  readonly unlockedMs?: number;
  readonly open?: NonNullable<OpenOptions['open']>;
}

interface Remembered {
  readonly devices: Pick<IndexedDevices, 'all'>;
  readonly journal: Pick<IndexedJournal, 'all'>;
  readonly rollouts: Pick<IndexedRollouts, 'read'>;
}

/**
 * Firmware that must stay: what unfinished updates and rollouts send, what devices run, and what they ran before, which
 * can be reinstalled.
 */
export function neededFirmware({ devices, journal, rollouts }: Remembered): NeededFirmware {
  return async () => {
    const [saved, unfinished, rollout] = await Promise.all([devices.all(), journal.all(), rollouts.read()]);
    const ran = saved.flatMap((device) => [device.runs, device.ranBefore]);
    return new Set([...unfinished, ...ran, rollout].flatMap((of) => of?.sha256 ?? []));
  };
}

/** Opens everything. Never rejects: without a database the same stores work in memory, and `why` says so. */
export async function openStorage(options: StorageOptions): Promise<Stores> {
  const { clock, name, open } = options;
  const told = new Set<WhyLost>();
  const lost = (why: WhyLost): void => {
    // A database that is gone also refuses each request: that is reported only once.
    const known = told.has(why) || told.has('newer-version') || (why === 'full' && told.has('terminated'));
    told.add(why);
    if (!known) options.lost?.(why);
  };
  const trouble = (error: unknown): void => {
    const why = whyRefused(error);
    if (why === null) options.trouble(error);
    else lost(why);
  };
  const opened = await openDatabase({ clock, lost, ...(name && { name }), ...(open && { open }) });
  return opened.kind === 'open' ? onDatabase(opened.db, { ...options, trouble }) : inMemory(opened.kind);
}

/** Why a database refused; null: the error is a defect of ours, such as a value that cannot be cloned. */
function whyRefused(error: unknown): WhyLost | null {
  if (!(error instanceof DOMException) || error.name === 'DataCloneError') return null;
  return error.name === 'QuotaExceededError' ? 'full' : 'terminated';
}

function onDatabase(db: Database, options: StorageOptions): Stores {
  const { clock, subtle, trouble, persist, libraryCapBytes: capBytes, unlockedMs } = options;
  const devices = new IndexedDevices(db, trouble);
  const journal = new IndexedJournal(db, trouble, options.endsWithPage);
  const rollouts = new IndexedRollouts(db, trouble);
  const keys = subtle && new VaultKeys({ db, subtle, clock, trouble, ...(unlockedMs !== undefined && { unlockedMs }) });
  return {
    persistent: true,
    why: null,
    devices,
    journal,
    rollouts,
    vault: new IndexedVault({ db, keys, trouble }),
    lock: new PassphraseLock(db, keys),
    firmware: new IndexedFirmwareLibrary(db, {
      needed: neededFirmware({ devices, journal, rollouts }),
      trouble,
      ...(persist && { persist }),
      ...(capBytes !== undefined && { capBytes }),
    }),
    history: new IndexedHistory(db),
    async close() {
      await keys?.lock();
      db.close();
    },
  };
}

function inMemory(why: WhyNoDatabase): Stores {
  const devices = new MemoryDevices();
  const journal = new MemoryJournal();
  const rollouts = new MemoryRollouts();
  return {
    persistent: false,
    why,
    devices,
    journal,
    rollouts,
    vault: new MemoryVault(),
    lock: new MemoryLock(),
    firmware: new MemoryFirmwareLibrary({ needed: neededFirmware({ devices, journal, rollouts }) }),
    history: new MemoryHistory(),
    close: () => Promise.resolve(),
  };
}
