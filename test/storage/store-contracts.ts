/** The contract of every store, in the database or in memory: one suite, run against both. */
import { expect } from 'chai';
import { MAX_SAMPLES } from '../../src/storage/history.ts';
import type { HistoryCursor, HistoryPage } from '../../src/storage/history.ts';
import type { NeededFirmware } from '../../src/storage/library-room.ts';
import type { Stores } from '../../src/storage/open-storage.ts';
import type { OutcomeName } from '../../src/model/update/update-state.ts';
import { aDevice, aFirmware, aHistoryEntry, aJournalEntry, aRollout, bytesOf, PLACE } from './samples.ts';

type Make<Store> = () => Promise<Store>;

export function describeDevices(make: Make<Stores['devices']>): void {
  describe('devices', () => {
    it('come back as they were saved, oldest first', async () => {
      const store = await make();
      const [older, newer] = [aDevice({ id: 'b', added: 1 }), aDevice({ id: 'a', added: 2, group: 'Attic' })];
      await store.save(newer);
      await store.save(older);
      expect(await store.all()).to.deep.equal([older, newer]);
    });

    it('are replaced by their id, one by one or many at once', async () => {
      const store = await make();
      await store.save(aDevice());
      await store.saveAll([aDevice({ name: 'Hall' }), aDevice({ id: 'attic', name: 'Attic' })]);
      expect((await store.all()).map(({ name }) => name)).to.have.members(['Hall', 'Attic']);
    });

    it('are gone when removed, and removing one that is not there is no error', async () => {
      const store = await make();
      await store.save(aDevice());
      await store.remove('kitchen');
      await store.remove('kitchen');
      expect(await store.all()).to.deep.equal([]);
    });
  });
}

export function describeJournal(make: Make<Stores['journal']>): void {
  describe('the journal', () => {
    it('knows nothing of a device that has no unfinished update', async () => {
      expect(await (await make()).read('kitchen')).to.equal(null);
    });

    it('keeps the last entry of each device', async () => {
      const store = await make();
      const [first, second, other] = [
        aJournalEntry({ at: 1 }),
        aJournalEntry({ at: 2, acknowledged: 131_072 }),
        aJournalEntry({ at: 3, deviceId: 'attic' }),
      ];
      for (const entry of [first, second, other]) await store.write(entry);
      expect(await store.read('kitchen')).to.deep.equal(second);
      expect(await store.all()).to.deep.equal([other, second]);
    });

    it('forgets a device that is cleared, and no other', async () => {
      const store = await make();
      await store.write(aJournalEntry());
      await store.write(aJournalEntry({ deviceId: 'attic' }));
      await store.clear('kitchen');
      expect(await store.read('kitchen')).to.equal(null);
      expect((await store.all()).map(({ deviceId }) => deviceId)).to.deep.equal(['attic']);
    });
  });
}

export function describeRollouts(make: Make<Stores['rollouts']>): void {
  describe('the rollout that has not ended', () => {
    it('is none at first', async () => {
      expect(await (await make()).read()).to.equal(null);
    });

    it('comes back as it was last written, and is gone when cleared', async () => {
      const store = await make();
      await store.write(aRollout());
      const later = aRollout({
        ended: [
          ['kitchen', 'updated'],
          ['attic', 'failed'],
        ],
      });
      await store.write(later);
      expect(await store.read()).to.deep.equal(later);
      await store.clear();
      expect(await store.read()).to.equal(null);
    });
  });
}

export function describeVault(make: Make<Stores['vault']>): void {
  describe('the vault', () => {
    for (const keeping of ['encrypted', 'plain', 'memory'] as const) {
      it(`gives back a token that was to be kept as "${keeping}", and says how it was kept`, async () => {
        const vault = await make();
        const kept = await vault.put('kitchen', 'tökén', keeping, PLACE);
        expect(await vault.get('kitchen', PLACE)).to.equal('tökén');
        expect(await vault.keeping('kitchen', PLACE)).to.equal(kept);
        expect(await vault.read('kitchen', PLACE)).to.deep.equal({ kind: 'found', token: 'tökén', keeping: kept });
      });
    }

    it('has only the last token of each device', async () => {
      const vault = await make();
      await vault.put('kitchen', 'first', vault.preferred, PLACE);
      await vault.put('attic', 'other', vault.preferred, PLACE);
      await vault.put('kitchen', 'second', 'memory', PLACE);
      expect(await vault.get('kitchen', PLACE)).to.equal('second');
      await vault.put('kitchen', 'third', 'plain', PLACE);
      expect(await vault.get('kitchen', PLACE)).to.equal('third');
      expect(await vault.get('attic', PLACE)).to.equal('other');
    });

    it('still has the token after the device was moved', async () => {
      const vault = await make();
      const elsewhere = 'http://192.168.1.66:8080/ota';
      const kept = await vault.put('kitchen', 'token', vault.preferred, PLACE);
      await vault.move('kitchen', PLACE, elsewhere);
      expect(await vault.get('kitchen', elsewhere)).to.equal('token');
      expect(await vault.keeping('kitchen', elsewhere)).to.equal(kept);
    });

    it('answers that there is none, before and after', async () => {
      const vault = await make();
      const none = { kind: 'none' };
      expect(await vault.read('kitchen', PLACE)).to.deep.equal(none);
      await vault.put('kitchen', 'token', vault.preferred, PLACE);
      await vault.remove('kitchen');
      expect(await vault.read('kitchen', PLACE)).to.deep.equal(none);
      expect(await vault.get('kitchen', PLACE)).to.equal(null);
      expect(await vault.keeping('kitchen', PLACE)).to.equal(null);
    });
  });
}

export interface LibraryNeeds {
  readonly capBytes: number;
  readonly needed: NeededFirmware;
}

export function describeFirmwareLibrary(make: (needs: LibraryNeeds) => Promise<Stores['firmware']>): void {
  const roomy: LibraryNeeds = { capBytes: 1000, needed: async () => new Set<string>() };

  describe('the firmware library', () => {
    it('gives back a file by its hash, and lists it', async () => {
      const library = await make(roomy);
      const record = aFirmware();
      expect(await library.keep(record, bytesOf(8))).to.deep.equal({ kind: 'kept', record, removed: [] });
      expect(await library.list()).to.deep.equal([record]);
      expect(await library.bytes(record.sha256)).to.deep.equal(bytesOf(8));
    });

    it('gives back a part of a larger file as that part alone', async () => {
      const library = await make(roomy);
      const whole = Uint8Array.from({ length: 32 }, (_, index) => index);
      await library.keep(aFirmware({ size: 4 }), whole.subarray(10, 14));
      expect(Array.from((await library.bytes(aFirmware().sha256)) ?? [])).to.deep.equal([10, 11, 12, 13]);
    });

    it('has no bytes under a hash it does not know', async () => {
      expect(await (await make(roomy)).bytes('00')).to.equal(null);
    });

    it('keeps a file once; label and pin stay when it is kept again', async () => {
      const library = await make(roomy);
      const { sha256 } = aFirmware();
      await library.keep(aFirmware({ added: 1 }), bytesOf(8));
      await library.rename(sha256, 'the good one');
      await library.pin(sha256, true);
      await library.keep(aFirmware({ added: 2, name: 'again.bin' }), bytesOf(8));
      expect(await library.list()).to.deep.equal([
        aFirmware({ added: 2, name: 'again.bin', label: 'the good one', pinned: true }),
      ]);
    });

    it('takes a label away, unpins and removes; what is not there is no error', async () => {
      const library = await make(roomy);
      const { sha256 } = aFirmware();
      await library.keep(aFirmware({ label: 'x', pinned: true }), bytesOf(8));
      await library.rename(sha256, null);
      await library.pin(sha256, false);
      expect(await library.list()).to.deep.equal([aFirmware()]);
      await library.remove(sha256);
      await library.remove(sha256);
      await library.rename(sha256, 'ghost');
      await library.pin(sha256, true);
      expect(await library.list()).to.deep.equal([]);
      expect(await library.bytes(sha256)).to.equal(null);
    });

    it('lists the latest first', async () => {
      const library = await make(roomy);
      for (const [sha256, added] of [['a', 2] as const, ['b', 3] as const, ['c', 1] as const])
        await library.keep(aFirmware({ sha256, added }), bytesOf(8));
      expect((await library.list()).map(({ sha256 }) => sha256)).to.deep.equal(['b', 'a', 'c']);
    });

    it('makes room by removing the oldest that is neither pinned nor needed, with its bytes', async () => {
      const library = await make({ capBytes: 40, needed: async () => new Set(['needed']) });
      for (const [added, sha256] of ['pinned', 'needed', 'old', 'newer'].entries())
        await library.keep(aFirmware({ sha256, added, size: 10, pinned: sha256 === 'pinned' }), bytesOf(10));
      const result = await library.keep(aFirmware({ sha256: 'new', added: 0, size: 10 }), bytesOf(10));
      expect(result.kind === 'kept' && result.removed.map(({ sha256 }) => sha256)).to.deep.equal(['old']);
      expect((await library.list()).map(({ sha256 }) => sha256)).to.have.members(['pinned', 'needed', 'newer', 'new']);
      expect(await library.bytes('old')).to.equal(null);
    });

    it('removes nothing that the caller spares', async () => {
      const library = await make({ capBytes: 25, needed: async () => new Set() });
      for (const [sha256, added] of [
        ['old', 1],
        ['new', 2],
      ] as const) {
        await library.keep(aFirmware({ sha256, added, size: 10 }), bytesOf(10));
      }
      await library.keep(aFirmware({ sha256: 'x', added: 3, size: 10 }), bytesOf(10), new Set(['old']));
      expect((await library.list()).map(({ sha256 }) => sha256)).to.have.members(['old', 'x']);
    });

    it('refuses and loses nothing where what must stay leaves no room', async () => {
      const library = await make({ capBytes: 25, needed: async () => new Set(['needed']) });
      for (const sha256 of ['needed', 'other']) await library.keep(aFirmware({ sha256, size: 10 }), bytesOf(10));
      const before = await library.list();
      expect(await library.keep(aFirmware({ sha256: 'x', size: 16 }), bytesOf(16))).to.deep.equal({
        kind: 'full',
      });
      expect(await library.keep(aFirmware({ sha256: 'x', size: 26 }), bytesOf(26))).to.deep.equal({
        kind: 'larger-than-cap',
      });
      expect(await library.list()).to.deep.equal(before);
      expect(await library.bytes('other')).to.deep.equal(bytesOf(10));
    });
  });
}

export function describeHistory(make: Make<Stores['history']>): void {
  describe('the history', () => {
    const filled = async (count: number): Promise<Stores['history']> => {
      const history = await make();
      for (let index = 0; index < count; index += 1) {
        const outcome: OutcomeName = index % 3 === 0 ? 'failed' : 'updated';
        const deviceId = index % 2 === 0 ? 'even' : 'odd';
        // Two at a time start in the same millisecond.
        await history.add(aHistoryEntry({ id: `u${index}`, deviceId, outcome, startedAt: Math.floor(index / 2) }));
      }
      return history;
    };

    it('gives back an entry with its plot', async () => {
      const history = await make();
      await history.add(aHistoryEntry());
      expect(await history.entry('update-1')).to.deep.equal(aHistoryEntry());
      expect(await history.entry('other')).to.equal(null);
    });

    it('lists lines without plots', async () => {
      const history = await filled(1);
      const { rows } = await history.page({ limit: 10 });
      expect(rows[0]).to.include({ id: 'u0', deviceName: 'Kitchen sensor' });
      expect(rows[0]).to.not.have.any.keys('samples', 'retried');
    });

    it('pages through all of it, newest first, each once', async () => {
      const history = await filled(9);
      const seen: string[] = [];
      let after: HistoryCursor | null = null;
      do {
        const page: HistoryPage = await history.page({ limit: 4, after });
        seen.push(...page.rows.map(({ id }) => id));
        after = page.next;
      } while (after !== null);
      expect(seen).to.deep.equal(['u8', 'u7', 'u6', 'u5', 'u4', 'u3', 'u2', 'u1', 'u0']);
    });

    it('pages through one device, and no other', async () => {
      const history = await filled(9);
      const first = await history.page({ limit: 3, deviceId: 'even' });
      const second = await history.page({ limit: 3, deviceId: 'even', after: first.next });
      expect([...first.rows, ...second.rows].map(({ id }) => id)).to.deep.equal(['u8', 'u6', 'u4', 'u2', 'u0']);
      expect(second.next).to.equal(null);
    });

    it('filters by outcome, also across pages', async () => {
      const history = await filled(9);
      const first = await history.page({ limit: 2, outcomes: ['failed'] });
      expect(first.rows.map(({ id }) => id)).to.deep.equal(['u6', 'u3']);
      const second = await history.page({ limit: 2, outcomes: ['failed'], after: first.next });
      expect(second.rows.map(({ id }) => id)).to.deep.equal(['u0']);
      expect(second.next).to.equal(null);
    });

    it('counts in all and by device, until it is cleared', async () => {
      const history = await filled(9);
      expect([await history.count(), await history.count('even'), await history.count('odd')]).to.deep.equal([9, 5, 4]);
      await history.clear();
      expect([await history.count(), await history.count('even')]).to.deep.equal([0, 0]);
      expect(await history.entry('u1')).to.equal(null);
    });

    it('removes one line with its plot, and no other; one that is not there is no error', async () => {
      const history = await filled(3);
      await history.remove('u1');
      await history.remove('u1');
      expect((await history.all()).map(({ id }) => id)).to.deep.equal(['u2', 'u0']);
      expect(await history.entry('u1')).to.equal(null);
    });

    it('gives every line, newest first', async () => {
      const history = await filled(9);
      expect(await history.all()).to.deep.equal((await history.page({ limit: 9 })).rows);
    });

    it('thins a long plot and keeps its ends', async () => {
      const history = await make();
      const samples = Array.from({ length: 10 * MAX_SAMPLES + 7 }, (_, index) => [index, index * 4096] as const);
      await history.add(aHistoryEntry({ samples }));
      const kept = (await history.entry('update-1'))?.samples ?? [];
      expect(kept).to.have.length(MAX_SAMPLES);
      expect([kept.at(0), kept.at(-1)]).to.deep.equal([samples.at(0), samples.at(-1)]);
    });
  });
}
