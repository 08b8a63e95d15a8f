import { expect } from 'chai';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Stores } from '../../src/storage/open-storage.ts';
import type { DeviceStore, FirmwareLibrary, TokenVault } from '../../src/state/ports.ts';
import type { Journal } from '../../src/update/ports.ts';
import type { RolloutStore } from '../../src/update/rollout-record.ts';
import { HandClock } from './hand-clock.ts';
import { closeDatabases, freshName, noTrouble } from './open-test-database.ts';
import { aDevice, aFirmware, aHistoryEntry, aJournalEntry, aRollout, bytesOf, ran } from './samples.ts';

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
  await asked.vault.put('kitchen', 'token', asked.vault.preferred);
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

  const ports = { clock: new HandClock(), subtle: crypto.subtle, trouble: noTrouble };

  it('remembers everything over a reload', async () => {
    const name = freshName();
    const stores = await openStorage({ ...ports, name });
    expect(stores).to.include({ persistent: true, why: null });
    await useAll(stores);
    await stores.close();
    const again = await openStorage({ ...ports, name });
    expect(await counts(again)).to.deep.equal([1, 1, 1, 1]);
    expect(await again.vault.get('kitchen')).to.equal('token');
    await again.close();
  });

  it('works in memory where the database is refused, says so, and forgets', async () => {
    const cause = new DOMException('private window', 'SecurityError');
    const troubles: unknown[] = [];
    const refused = { ...ports, open: () => Promise.reject(cause), trouble: (error: unknown) => troubles.push(error) };
    const stores = await openStorage(refused);
    expect(stores).to.include({ persistent: false, why: 'refused' });
    expect(troubles).to.deep.equal([cause]);
    await useAll(stores);
    expect(await counts(stores)).to.deep.equal([1, 1, 1, 1]);
    expect(await stores.vault.get('kitchen')).to.equal('token');
    await stores.close();
    expect(await counts(await openStorage(refused))).to.deep.equal([0, 0, 0, 0]);
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
