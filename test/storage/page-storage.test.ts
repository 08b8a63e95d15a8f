import { expect } from 'chai';
import { openPageStorage, type KeyValueStore } from '../../src/storage/page-storage.ts';
import { aDevice, aJournalEntry } from './samples.ts';

/** Stands in for `localStorage`. */
function memory(full = false): KeyValueStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => {
      if (full) throw new DOMException('no room', 'QuotaExceededError');
      texts.set(key, text);
    },
  };
}

const TOKEN = 'a-token-of-a-device';
const ENTRY = aJournalEntry({ deviceId: 'kitchen' });

describe('The stores of the page on a device', () => {
  it('remember devices and unfinished updates over a reload', async () => {
    const store = memory();
    const device = aDevice({ id: 'kitchen' });
    const first = openPageStorage(store);
    await first.devices.save(device);
    await first.journal.write(ENTRY);
    const later = openPageStorage(store);
    expect(await later.devices.all()).to.deep.equal([device]);
    expect(await later.journal.read('kitchen')).to.deep.equal(ENTRY);
    await later.journal.clear('kitchen');
    await later.devices.remove('kitchen');
    const last = openPageStorage(store);
    expect(await last.journal.read('kitchen')).to.equal(null);
    expect(await last.devices.all()).to.deep.equal([]);
  });

  it('know a device that an earlier version kept, with the chunks it took', async () => {
    const store = memory();
    const device = aDevice({ id: 'kitchen', chunkBytes: { direct: 8192 } });
    store.setItem('moult-devices', JSON.stringify({ kitchen: { ...device, chunkBytes: 8192 } }));
    const { devices } = openPageStorage(store);
    expect(await devices.all()).to.deep.equal([device]);
    store.setItem('moult-devices', JSON.stringify({ kitchen: { ...device, chunkBytes: null } }));
    expect(await openPageStorage(store).devices.all()).to.deep.equal([{ ...device, chunkBytes: {} }]);
  });

  it('forget a token with the page, unless the person ticked to keep it', async () => {
    const store = memory();
    const { vault } = openPageStorage(store);
    expect(await vault.put('kitchen', TOKEN, 'memory')).to.equal('memory');
    expect(await vault.get('kitchen')).to.equal(TOKEN);
    expect([...store.texts.values()].join('')).not.to.contain(TOKEN);
    expect(await openPageStorage(store).vault.get('kitchen')).to.equal(null);
    expect(await vault.put('kitchen', TOKEN, 'plain')).to.equal('plain');
    const later = openPageStorage(store).vault;
    expect(await later.get('kitchen')).to.equal(TOKEN);
    expect(await later.keeping('kitchen')).to.equal('plain');
  });

  it('leave nothing of a token behind where it is kept in memory from then on, or removed', async () => {
    for (const change of ['memory', 'remove'] as const) {
      const store = memory();
      const { vault } = openPageStorage(store);
      await vault.put('kitchen', TOKEN, 'plain');
      await (change === 'remove' ? vault.remove('kitchen') : vault.put('kitchen', TOKEN, 'memory'));
      expect([...store.texts.values()].join(''), change).not.to.contain(TOKEN);
    }
  });

  for (const [what, store] of [
    ['has no room', memory(true)],
    ['keeps nothing', null],
  ] as const) {
    it(`work until the page closes where the browser ${what}`, async () => {
      const { journal, vault } = openPageStorage(store);
      await journal.write(ENTRY);
      await vault.put('kitchen', TOKEN, 'plain');
      expect(await journal.read('kitchen')).to.deep.equal(ENTRY);
      expect(await vault.get('kitchen')).to.equal(TOKEN);
    });
  }
});
