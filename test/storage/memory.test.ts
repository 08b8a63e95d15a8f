import { expect } from 'chai';
import {
  MemoryDevices,
  MemoryFirmwareLibrary,
  MemoryHistory,
  MemoryJournal,
  MemoryRollouts,
} from '../../src/storage/memory.ts';
import { MemoryLock, MemoryVault } from '../../src/storage/vault/memory-vault.ts';
import { aFirmware, bytesOf } from './samples.ts';
import {
  describeDevices,
  describeFirmwareLibrary,
  describeHistory,
  describeJournal,
  describeRollouts,
  describeVault,
} from './store-contracts.ts';

describe('Without a database', () => {
  describeDevices(async () => new MemoryDevices());
  describeJournal(async () => new MemoryJournal());
  describeVault(async () => new MemoryVault());
  describeRollouts(async () => new MemoryRollouts());
  describeHistory(async () => new MemoryHistory());
  describeFirmwareLibrary(async (needs) => new MemoryFirmwareLibrary(needs));

  it('the library holds the very bytes it was given, no copy', async () => {
    const library = new MemoryFirmwareLibrary({ needed: async () => new Set() });
    const bytes = bytesOf(8);
    await library.keep(aFirmware(), bytes);
    expect(await library.bytes(aFirmware().sha256)).to.equal(bytes);
  });

  it('the vault admits that every token goes with the page', async () => {
    const vault = new MemoryVault();
    expect(vault.preferred).to.equal('memory');
    expect(await vault.put('kitchen', 'token', 'plain')).to.equal('memory');
  });

  it('there is no lock to set', async () => {
    const lock = new MemoryLock();
    expect(await lock.state()).to.equal('unavailable');
    for (const answer of [lock.set('12345678'), lock.unlock('12345678'), lock.change('1', '2'), lock.remove('1')])
      expect(await answer).to.deep.equal({ kind: 'unavailable' });
  });
});
