import { expect } from 'chai';
import { openDB } from 'idb';
import { DATABASE_VERSION } from '../../src/storage/database.ts';
import type { MoultSchema, WhyLost } from '../../src/storage/database.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Stores } from '../../src/storage/open-storage.ts';
import type { DeviceStore, FirmwareLibrary, TokenVault } from '../../src/model/page/stores.ts';
import type { Journal } from '../../src/model/update/journal.ts';
import type { RolloutStore } from '../../src/model/rollout/rollout-record.ts';
import { ManualClock } from '../device/manual-clock.ts';
import { closeDatabases, freshName, noTrouble } from './open-test-database.ts';
import { aDevice, aFirmware, aHistoryEntry, aJournalEntry, aRollout, bytesOf, PLACE, ran } from './samples.ts';

/** What the rest of the app asks of the stores; a store that no longer fits does not compile here. */
interface Asked {
  readonly devices: DeviceStore;
  readonly vault: TokenVault;
  readonly journal: Journal;
  readonly rollouts: RolloutStore;
  readonly firmware: FirmwareLibrary;
}

async function useAll(stores: Stores): Promise<void> {
  const asked: Asked = stores;
  await asked.devices.save(aDevice());
  await asked.vault.put('kitchen', 'token', asked.vault.preferred, PLACE);
  await asked.journal.write(aJournalEntry());
  await asked.firmware.keep(aFirmware(), bytesOf(8));
  await stores.history.add(aHistoryEntry());
}

async function counts(stores: Stores): Promise<readonly number[]> {
  const lists = [await stores.devices.all(), await stores.journal.all(), await stores.firmware.list()];
  return [...lists.map(({ length }) => length), await stores.history.count()];
}

describe('Opening the storage', () => {
  afterEach(closeDatabases);

  const ports = { clock: new ManualClock(), subtle: crypto.subtle, trouble: noTrouble };

  it('remembers everything over a reload', async () => {
    const name = freshName();
    const stores = await openStorage({ ...ports, name });
    expect(stores).to.include({ persistent: true, why: null });
    await useAll(stores);
    await stores.close();
    const again = await openStorage({ ...ports, name });
    expect(await counts(again)).to.deep.equal([1, 1, 1, 1]);
    expect(await again.vault.get('kitchen', PLACE)).to.equal('token');
    await again.close();
  });

  it('works in memory where the database is refused, says so, and forgets', async () => {
    const cause = new DOMException('private window', 'SecurityError');
    // A refusal is not a defect of the app: `noTrouble` would throw.
    const refused = { ...ports, open: () => Promise.reject(cause) };
    const stores = await openStorage(refused);
    expect(stores).to.include({ persistent: false, why: 'refused' });
    await useAll(stores);
    expect(await counts(stores)).to.deep.equal([1, 1, 1, 1]);
    expect(await stores.vault.get('kitchen', PLACE)).to.equal('token');
    await stores.close();
    expect(await counts(await openStorage(refused))).to.deep.equal([0, 0, 0, 0]);
  });

  it('goes on with what it has where a newer tab takes the database, and says so once', async () => {
    const name = freshName();
    const told: WhyLost[] = [];
    const stores = await openStorage({ ...ports, name, lost: (why) => told.push(why) });
    await useAll(stores);
    const newer = await openDB(name, DATABASE_VERSION + 1);
    expect(told).to.deep.equal(['newer-version']);
    expect(await stores.devices.all()).to.deep.equal([aDevice()]);
    expect(await stores.vault.get('kitchen', PLACE)).to.equal('token');
    await stores.devices.save(aDevice({ name: 'Hall' }));
    expect(await stores.vault.put('kitchen', 'newer', 'encrypted', PLACE)).to.equal('memory');
    await stores.journal.write(aJournalEntry({ at: 7 }));
    expect(await stores.firmware.keep(aFirmware({ sha256: 'late' }), bytesOf(8))).to.deep.equal({
      kind: 'unavailable',
    });
    expect((await stores.devices.all()).map((device) => device.name)).to.deep.equal(['Hall']);
    expect(await stores.vault.get('kitchen', PLACE)).to.equal('newer');
    expect((await stores.journal.read('kitchen'))?.at).to.equal(7);
    expect(await stores.firmware.bytes(aFirmware().sha256)).to.equal(null);
    await stores.devices.remove('kitchen');
    await stores.vault.remove('kitchen');
    expect(await stores.devices.all()).to.deep.equal([]);
    expect(await stores.vault.keeping('kitchen', PLACE)).to.equal(null);
    expect(told).to.deep.equal(['newer-version']);
    newer.close();
  });

  it('keeps in memory what the disk has no room for, and says so once', async () => {
    const told: WhyLost[] = [];
    let full = false;
    const open: typeof openDB<MoultSchema> = async (...args) => {
      const db = await openDB<MoultSchema>(...args);
      return new Proxy(db, {
        get: (target, property): unknown => {
          if (full && (property === 'put' || property === 'transaction'))
            throw new DOMException('', 'QuotaExceededError');
          const value: unknown = Reflect.get(target, property);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    };
    const stores = await openStorage({ ...ports, name: freshName(), open, lost: (why) => told.push(why) });
    await stores.devices.save(aDevice());
    full = true;
    await stores.devices.save(aDevice({ name: 'Hall' }));
    await stores.devices.saveAll([aDevice({ id: 'attic', added: aDevice().added + 1 })]);
    await stores.journal.write(aJournalEntry());
    expect((await stores.devices.all()).map(({ id, name }) => [id, name])).to.deep.equal([
      ['kitchen', 'Hall'],
      ['attic', aDevice().name],
    ]);
    expect(told).to.deep.equal(['full']);
    await stores.close();
  });

  it('lets no firmware go that an unfinished update or rollout sends, a device runs or ran before', async () => {
    const stores = await openStorage({ ...ports, name: freshName(), libraryCapBytes: 60 });
    for (const [added, sha256] of ['unfinished', 'rollout', 'runs', 'before', 'free', 'fresh'].entries()) {
      await stores.firmware.keep(aFirmware({ sha256, added, size: 10 }), bytesOf(10));
    }
    await stores.journal.write(aJournalEntry({ sha256: 'unfinished' }));
    await stores.rollouts.write(aRollout({ sha256: 'rollout' }));
    await stores.devices.save(aDevice({ runs: ran('runs'), ranBefore: ran('before') }));
    await stores.firmware.keep(aFirmware({ sha256: 'new', size: 10 }), bytesOf(10));
    expect((await stores.firmware.list()).map(({ sha256 }) => sha256)).to.have.members([
      'unfinished',
      'rollout',
      'runs',
      'before',
      'fresh',
      'new',
    ]);
    await stores.close();
  });
});
