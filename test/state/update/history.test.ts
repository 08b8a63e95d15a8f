import { expect } from 'chai';
import { HistoryState } from '../../../src/state/update/history.ts';
import { asCsv, asJson } from '../../../src/state/update/history-export.ts';
import { EVERYTHING, isWanted, OUTCOMES } from '../../../src/state/update/history-search.ts';
import { NoticesState } from '../../../src/state/notices.ts';
import { MemoryHistory } from '../../../src/storage/memory.ts';
import { aHistoryEntry } from '../../storage/samples.ts';

async function filled(count: number): Promise<HistoryState> {
  const history = new HistoryState(new MemoryHistory(), new NoticesState());
  for (let index = 0; index < count; index += 1) {
    const even = index % 2 === 0;
    await history.keep(
      aHistoryEntry({
        id: `u${index}`,
        startedAt: index,
        deviceId: even ? 'kitchen' : 'garage',
        deviceName: even ? 'Kitchen sensor' : 'Garage door',
        outcome: even ? 'updated' : 'failed',
        code: even ? null : 'unreachable',
      }),
    );
  }
  return history;
}

describe('The history', () => {
  it('tells the newest first, as many as are asked for, and whether there are more', async () => {
    const history = await filled(5);
    const some = await history.find(EVERYTHING, 2);
    expect(some.rows.map(({ id }) => id)).to.deep.equal(['u4', 'u3']);
    expect(some.more).to.equal(true);
    expect((await history.find(EVERYTHING, 5)).more).to.equal(false);
  });

  it('finds by device, by outcome and by words, alone and together', async () => {
    const history = await filled(6);
    const ids = async (of: Partial<typeof EVERYTHING>): Promise<string[]> =>
      (await history.find({ ...EVERYTHING, ...of }, 10)).rows.map(({ id }) => id);
    expect(await ids({ deviceId: 'garage' })).to.deep.equal(['u5', 'u3', 'u1']);
    expect(await ids({ outcome: 'updated' })).to.deep.equal(['u4', 'u2', 'u0']);
    expect(await ids({ text: 'GARAGE failed' })).to.deep.equal(['u5', 'u3', 'u1']);
    expect(await ids({ text: 'garage', outcome: 'updated' })).to.be.empty;
    expect(await ids({ text: 'sensor', deviceId: 'kitchen' })).to.deep.equal(['u4', 'u2', 'u0']);
  });

  it('finds by words the same lines as a filter of all of them', async () => {
    const history = await filled(9);
    const wanted = { ...EVERYTHING, text: 'unreachable' };
    const rows = await history.all(EVERYTHING);
    expect((await history.find(wanted, 100)).rows).to.deep.equal(rows.filter((row) => isWanted(row, wanted)));
  });

  it('says that it changed when something is kept and when it is cleared', async () => {
    const history = await filled(2);
    const before = history.$changes.get();
    await history.clear();
    expect(history.$changes.get()).to.be.above(before);
    expect((await history.find(EVERYTHING, 5)).rows).to.be.empty;
  });

  it('has words for each outcome, once', () => {
    expect(new Set(OUTCOMES.map(({ words }) => words)).size).to.equal(OUTCOMES.length);
  });
});

describe('The history as CSV', () => {
  it('has a header and a line for each update', async () => {
    const rows = await (await filled(3)).all(EVERYTHING);
    const lines = asCsv(rows).split('\r\n');
    expect(lines).to.have.length(1 + rows.length + 1);
    expect(lines[0]).to.match(/^started,device,version,/);
    expect(lines.at(-1)).to.equal('');
  });

  for (const begins of ['=', '+', '-', '@', '\t', ' =']) {
    it(`makes text of a name that begins with “${begins}”`, () => {
      const csv = asCsv([aHistoryEntry({ deviceName: `${begins}HYPERLINK("http://a","b")` })]);
      expect(csv).to.contain(`"'${begins}HYPERLINK(""http://a"",""b"")"`);
    });
  }

  for (const separator of [';', '\t', ',', '\n']) {
    it(`makes text of what would be a formula after ${JSON.stringify(separator)}`, () => {
      const csv = asCsv([aHistoryEntry({ deviceName: `Hall${separator}=HYPERLINK(A1)` })]);
      expect(csv).to.contain(`"Hall${separator}'=HYPERLINK(A1)"`);
    });
  }

  it('makes text of a formula in full-width characters, and has all text in quotes', () => {
    const csv = asCsv([aHistoryEntry({ deviceName: '＝A1', version: '1.4.2' })]);
    expect(csv).to.contain(`"'＝A1","1.4.2"`);
  });

  it('quotes commas, quotes and line breaks', () => {
    const csv = asCsv([aHistoryEntry({ deviceName: 'a, "b"\nc' })]);
    expect(csv).to.contain('"a, ""b""\nc"');
  });
});

describe('The history as JSON', () => {
  it('can be read back, with the average speed worked out', () => {
    const entry = aHistoryEntry({ bytes: 2000, durationMs: 1000 });
    const read = JSON.parse(asJson([entry])) as { updates: readonly { id: string; averageBytesPerSecond: number }[] };
    expect(read.updates).to.have.length(1);
    expect(read.updates[0]).to.include({ id: entry.id, averageBytesPerSecond: 2000 });
  });

  it('has no speed for what sent nothing', () => {
    expect(asJson([aHistoryEntry({ bytes: 0 })])).to.contain('"averageBytesPerSecond": null');
  });
});
