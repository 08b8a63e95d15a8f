import { expect } from 'chai';
import { openDB } from 'idb';
import { BLOCKED_GRACE_MS, DATABASE_VERSION, openDatabase, OPEN_SILENCE_MS } from '../../src/storage/database.ts';
import type { Database, OpenOptions, OpenResult, WhyLost } from '../../src/storage/database.ts';
import { IndexedDevices } from '../../src/storage/devices.ts';
import { IndexedFirmwareLibrary } from '../../src/storage/firmware-library.ts';
import { IndexedHistory } from '../../src/storage/history.ts';
import { IndexedJournal } from '../../src/storage/journal.ts';
import { IndexedRollouts } from '../../src/storage/rollouts.ts';
import { VaultKeys } from '../../src/storage/vault/vault-keys.ts';
import { IndexedVault } from '../../src/storage/vault/vault.ts';
import type { Device } from '../../src/model/device/device.ts';
import { without } from '../../src/model/without.ts';
import type { FirmwareRecord } from '../../src/model/firmware/firmware-record.ts';
import { ManualClock } from '../device/manual-clock.ts';
import { closeDatabases, freshName, noTrouble, openTestDatabase } from './open-test-database.ts';
import { aDevice, aFirmware, aHistoryEntry, aJournalEntry, aRollout, bytesOf, PLACE } from './samples.ts';

/** Resolves when all that `change` writes is written. */
async function written(db: IDBDatabase, change: (put: (store: string, value: unknown) => void) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const transaction = db.transaction(db.objectStoreNames, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('not written', { cause: transaction.error }));
    change((store, value) => transaction.objectStore(store).put(value));
  });
}

/** A device as versions 1 to 3 stored it. */
function anEarlierDevice(of: Partial<Device> = {}, chunkBytes: number | null = null) {
  return { ...aDevice(of), chunkBytes };
}

/** What versions 2 to 4 kept of how an update ended. */
const SAID = 'Kitchen sensor runs 1.4.2 now, from slot ota_1.';

/** A firmware file as versions 1 to 4 kept it. */
function anEarlierFirmware(of: Partial<FirmwareRecord> = {}) {
  const { inspection, ...record } = aFirmware(of);
  const facts = without(inspection, 'finding', 'warnings');
  const told = { kindName: 'app', verdict: 'warn', reason: 'chip-revision', message: 'Needs v3.0 or newer.' } as const;
  return { ...record, inspection: { ...facts, ...told, warnings: [{ reason: told.reason, message: told.message }] } };
}

/** The same file, as it is kept now. */
function thatFirmware(of: Partial<FirmwareRecord> = {}): FirmwareRecord {
  const record = aFirmware(of);
  const finding = { reason: 'chip-revision', text: 'Needs v3.0 or newer.' } as const;
  return { ...record, inspection: { ...record.inspection, verdict: 'warn', finding, warnings: [finding] } };
}

/** The step to version 2, on top of version 1. Never change it, for the reason below. */
async function leaveVersion2(name: string): Promise<void> {
  await leaveVersion1(name);
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 2);
    request.onerror = () => reject(new Error('no version 2', { cause: request.error }));
    request.onsuccess = () => resolve(request.result);
    request.onupgradeneeded = () => {
      const history = request.result.createObjectStore('history', { keyPath: 'id' });
      history.createIndex('by-time', ['startedAt', 'id'], { unique: true });
      history.createIndex('by-device', ['deviceId', 'startedAt', 'id'], { unique: true });
      request.result.createObjectStore('history-traces', { keyPath: 'id' });
    };
  });
  const { id, samples, retried, blockSize, capacityBytes, ...row } = without(aHistoryEntry(), 'ending');
  await written(db, (put) => {
    put('history', { id, ...row });
    put('history-traces', { id, samples, retried, detail: SAID, blockSize, capacityBytes });
  });
  db.close();
}

/**
 * A database as version 1 of the app left it, written with plain IndexedDB so that the code under test has no part in
 * it. Never change it: it stands for the databases on people's phones.
 */
async function leaveVersion1(name: string): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onerror = () => reject(new Error('no version 1', { cause: request.error }));
    request.onsuccess = () => resolve(request.result);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of [
        ['devices', 'id'],
        ['vault', 'deviceId'],
        ['keys', 'id'],
        ['journal', 'deviceId'],
        ['firmware', 'sha256'],
        ['firmware-bytes', 'sha256'],
      ] as const)
        request.result.createObjectStore(store, { keyPath });
    };
  });
  const algorithm = { name: 'AES-GCM', length: 256 };
  const key = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode('moult token of kitchen');
  const token = new TextEncoder().encode('token of version 1');
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, token);
  await written(db, (put) => {
    put('devices', anEarlierDevice({ route: 'gateway' }, 16_384));
    put('devices', anEarlierDevice({ id: 'attic', added: 0 }));
    put('keys', { id: 'vault', keyId: 'k1', lock: 'none', key });
    put('vault', { deviceId: 'kitchen', keeping: 'encrypted', keyId: 'k1', sealed: { iv, data } });
    put('vault', { deviceId: 'attic', keeping: 'plain', token: 'plain token' });
    put('journal', aJournalEntry());
    put('firmware', anEarlierFirmware({ label: 'the good one' }));
    put('firmware-bytes', { sha256: aFirmware().sha256, bytes: new Blob([bytesOf(8)]) });
  });
  db.close();
}

/** The steps to versions 3 and 4, on top of version 2. */
async function leaveVersion4(name: string): Promise<void> {
  await leaveVersion2(name);
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 4);
    request.onerror = () => reject(new Error('no version 4', { cause: request.error }));
    request.onsuccess = () => resolve(request.result);
    request.onupgradeneeded = () => void request.result.createObjectStore('rollouts');
  });
  await new Promise<void>((resolve, reject) => {
    const transaction = db.transaction('devices', 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(new Error('not written', { cause: transaction.error }));
    transaction.objectStore('devices').put(aDevice({ route: 'gateway', chunkBytes: { gateway: 16_384 } }));
    transaction.objectStore('devices').put(aDevice({ id: 'attic', added: 0 }));
  });
  db.close();
}

describe('Opening the database', () => {
  afterEach(closeDatabases);

  for (const [version, leave] of [
    [1, leaveVersion1],
    [2, leaveVersion2],
    [4, leaveVersion4],
  ] as const)
    it(`finds everything that version ${version} kept, and room for what came since`, async () => {
      const name = freshName();
      await leave(name);
      const db = await openTestDatabase(name);
      expect(db.version).to.equal(DATABASE_VERSION);

      expect(await new IndexedDevices(db, noTrouble).all()).to.deep.equal([
        aDevice({ id: 'attic', added: 0 }),
        aDevice({ route: 'gateway', chunkBytes: { gateway: 16_384 } }),
      ]);
      const keys = new VaultKeys({ db, subtle: crypto.subtle, clock: new ManualClock(), trouble: noTrouble });
      const vault = new IndexedVault({ db, keys, trouble: noTrouble });
      expect(await vault.get('kitchen', PLACE)).to.equal('token of version 1');
      expect(await vault.get('attic', PLACE)).to.equal('plain token');
      expect(await new IndexedJournal(db, noTrouble).read('kitchen')).to.deep.equal(aJournalEntry());
      const library = new IndexedFirmwareLibrary(db, { needed: async () => new Set(), trouble: noTrouble });
      expect(await library.list()).to.deep.equal([thatFirmware({ label: 'the good one' })]);
      expect(await library.bytes(aFirmware().sha256)).to.deep.equal(bytesOf(8));

      const history = new IndexedHistory(db);
      const written = aHistoryEntry({ ending: { kind: 'text', text: SAID } });
      expect(await history.all()).to.have.length(version === 1 ? 0 : 1);
      if (version === 1) await history.add(aHistoryEntry());
      else expect(await history.entry(written.id)).to.deep.equal(written);
      expect((await history.page({ limit: 1, deviceId: 'kitchen' })).rows).to.have.length(1);

      const rollouts = new IndexedRollouts(db, noTrouble);
      expect(await rollouts.read()).to.equal(null);
      await rollouts.write(aRollout());
      expect(await rollouts.read()).to.deep.equal(aRollout());
    });

  it('has the same stores and indices, whether it grew or was made today', async () => {
    const shape = (db: Database): unknown =>
      Array.from(db.objectStoreNames, (store) => {
        const { keyPath, indexNames } = db.transaction(store).store;
        return [store, keyPath, Array.from(indexNames)];
      });
    for (const leave of [leaveVersion1, leaveVersion2, leaveVersion4]) {
      const grown = freshName();
      await leave(grown);
      expect(shape(await openTestDatabase(grown))).to.deep.equal(shape(await openTestDatabase()));
    }
  });

  it('converts more updates of an earlier version than one batch holds', async () => {
    const name = freshName();
    await leaveVersion2(name);
    const earlier = await openDB(name);
    const entry = without(aHistoryEntry(), 'ending');
    const transaction = earlier.transaction('history-traces', 'readwrite');
    const { store } = transaction;
    for (let index = 0; index < 1_200; index += 1)
      void store.put({ ...entry, id: `u${index}`, detail: `It was ${index}.` });
    await transaction.done;
    earlier.close();
    const traces = await (await openTestDatabase(name)).getAll('history-traces');
    expect(traces).to.have.length(1_201);
    const told = traces.filter(({ id, ending }) => ending.kind === 'text' && ending.text === `It was ${id.slice(1)}.`);
    expect(told).to.have.length(1_200);
    expect(traces.some((trace) => 'detail' in trace)).to.equal(false);
  });

  it('opens again and again without losing anything', async () => {
    const name = freshName();
    const first = await openTestDatabase(name);
    await new IndexedDevices(first, noTrouble).save(aDevice());
    expect(await new IndexedDevices(await openTestDatabase(name), noTrouble).all()).to.deep.equal([aDevice()]);
  });

  it('stays as it was where a step cannot be done', async () => {
    const name = freshName();
    (await openDB(name, 1)).close();
    // Without the store of devices, which every version had.
    expect(await openDatabase({ clock: new ManualClock(), name })).to.include({ kind: 'refused' });
    const kept = await openDB(name);
    expect([kept.version, [...kept.objectStoreNames]]).to.deep.equal([1, []]);
    kept.close();
  });

  it('closes when another tab brings a newer version, and says so', async () => {
    const name = freshName();
    const lost: WhyLost[] = [];
    const result = await openDatabase({ clock: new ManualClock(), name, lost: (why) => lost.push(why) });
    expect(result.kind).to.equal('open');
    const newer = await openDB(name, DATABASE_VERSION + 1);
    expect(lost).to.deep.equal(['newer-version']);
    newer.close();
  });

  it('says that a newer version of the app has it', async () => {
    const name = freshName();
    (await openDB(name, DATABASE_VERSION + 1)).close();
    expect(await openDatabase({ clock: new ManualClock(), name })).to.include({ kind: 'newer' });
  });

  it('says that an older tab does not let go, and blocks no other tab later', async () => {
    const name = freshName();
    const stubborn = await openDB(name, 1, { upgrade: (db) => void db.createObjectStore('devices') });
    const clock = new ManualClock();
    let tellBlocked = (): void => undefined;
    const blocked = new Promise<void>((resolve) => {
      tellBlocked = resolve;
    });
    const open: OpenOptions['open'] = (at, version, callbacks = {}) =>
      openDB(at, version, {
        ...callbacks,
        // The late connection must be closed because the opening was given up, not because of the other tab's request
        // below.
        blocking: () => undefined,
        blocked: (...event) => {
          callbacks.blocked?.(...event);
          tellBlocked();
        },
      });
    const opening = openDatabase({ clock, name, open });
    await blocked;
    clock.advance(BLOCKED_GRACE_MS);
    expect(await opening).to.include({ kind: 'blocked' });
    stubborn.close();
    const newer = await openDB(name, DATABASE_VERSION + 1);
    expect(newer.version).to.equal(DATABASE_VERSION + 1);
    newer.close();
  });

  it('does not wait for ever for a browser that never answers', async () => {
    const clock = new ManualClock();
    const opening = openDatabase({ clock, open: () => new Promise<never>(() => undefined) });
    clock.advance(OPEN_SILENCE_MS);
    expect(await opening).to.include({ kind: 'silent' });
  });

  for (const name of ['SecurityError', 'QuotaExceededError', 'InvalidStateError', 'UnknownError']) {
    it(`says that the browser refused, for a ${name}`, async () => {
      const cause = new DOMException('no', name);
      const result: OpenResult = await openDatabase({ clock: new ManualClock(), open: () => Promise.reject(cause) });
      expect(result).to.deep.equal({ kind: 'refused', cause });
    });
  }

  it('says that the browser refused where there is no IndexedDB at all', async () => {
    const open = (): Promise<Database> => {
      throw new ReferenceError('indexedDB is not defined');
    };
    expect(await openDatabase({ clock: new ManualClock(), open })).to.include({ kind: 'refused' });
  });

  it('leaves no timer behind', async () => {
    const clock = new ManualClock();
    const name = freshName();
    const result = await openDatabase({ clock, name });
    if (result.kind === 'open') result.db.close();
    expect(clock.pending).to.equal(0);
  });
});
