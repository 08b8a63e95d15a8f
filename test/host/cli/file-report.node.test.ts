/** What one file may cost, however much is packed into it. */
import { expect } from 'chai';
import { reportOn, type FileReport } from '../../../src/host/cli/file-report.ts';
import { UNPACK_LIMIT_BYTES, Work } from '../../../src/firmware/work.ts';
import { buildApp, concat, filled, type Bytes } from '../../firmware/image-builder.ts';
import { buildGzip, buildUf2, buildZip } from '../../firmware/other-files-builder.ts';

const app = buildApp({ chip: 'ESP32-S3' });

/** Bytes that an inspection may go through, and those of the one file that it finishes when these are used up. */
const MOST_WORK = 512 * 1024 * 1024;
const ONE_FILE = 8 * UNPACK_LIMIT_BYTES;

async function report(bytes: Bytes, work = new Work()): Promise<FileReport> {
  return reportOn('bomb', { kind: 'read', bytes }, work);
}

function reportsIn({ inside }: FileReport): number {
  return inside.reduce((sum, inner) => sum + 1 + reportsIn(inner), 0);
}

function boundsIn({ notLookedIntoBecause, inside }: FileReport): readonly string[] {
  return [...(notLookedIntoBecause === undefined ? [] : [notLookedIntoBecause]), ...inside.flatMap(boundsIn)];
}

/** Two blocks of a UF2, as far apart as they may be: 1 KB that joins to 16 MB. */
function wideUf2(): Bytes {
  const near = buildUf2(app.slice(0, 512));
  const far = buildUf2(app.slice(0, 512), undefined, UNPACK_LIMIT_BYTES - 512);
  return concat(near.subarray(0, 512), far.subarray(512));
}

/** `count` files of `bytes` in a ZIP, each with a name of its own. */
const zipOf = (count: number, bytes: Bytes): Promise<Bytes> =>
  buildZip(Array.from({ length: count }, (_, index) => ({ name: `${index}`, bytes })));

describe('the report on a file that holds others', () => {
  it('ends where its work is spent: a few hundred kilobytes that unpack to gigabytes', async () => {
    const packed = await buildGzip(concat(app, filled(UNPACK_LIMIT_BYTES - app.length, 0xff)));
    for (const bomb of [
      await zipOf(40, packed),
      await zipOf(40, wideUf2()),
      await zipOf(40, await zipOf(40, packed)),
    ]) {
      expect(bomb.length).to.be.lessThan(300_000);
      const work = new Work();
      // Most of it is spent already, so that the test is short.
      work.add(MOST_WORK - 4 * UNPACK_LIMIT_BYTES);
      const found = await report(bomb, work);
      expect(boundsIn(found)).to.include('work');
      expect(work.bytes).to.be.within(MOST_WORK, MOST_WORK + ONE_FILE);
    }
  }).timeout(300_000);

  it('ends after 64 files, in however many archives they lie, and stays short', async () => {
    const few = await zipOf(70, app);
    const flat = await report(few);
    expect([flat.inside.length, flat.notLookedInto, flat.notLookedIntoBecause]).to.deep.equal([64, 6, 'files']);
    for (const bomb of [await zipOf(70, few), await zipOf(70, await zipOf(70, few))]) {
      const found = await report(bomb);
      expect(reportsIn(found)).to.equal(64);
      expect(JSON.stringify(found).length).to.be.lessThan(100_000);
    }
  }).timeout(300_000);

  it('cuts names that are too long for a file system', async () => {
    const long = 'n'.repeat(60_000);
    const zip = await buildZip([1, 2].map((number) => ({ name: `${long}${number}`, bytes: app })));
    const found = await report(zip);
    expect(found.inside.map(({ name }) => name)).to.deep.equal(['n'.repeat(255), `${'n'.repeat(255)} (2)`]);
    expect(found.inside.map(({ kind }) => kind)).to.deep.equal(['app', 'app']);
  });

  it('ends three archives down', async () => {
    let deep = await buildGzip(app);
    for (let level = 0; level < 3; level += 1) deep = await buildGzip(deep);
    expect(boundsIn(await report(deep))).to.deep.equal(['levels']);
  });

  it('says so where there is no memory left to unpack anything', async () => {
    const zip = await zipOf(1, app);
    for (const file of [await buildGzip(app), zip, buildUf2(app)]) {
      const work = new Work();
      const found = await work.holding(99_999_999, () => report(file, work));
      expect(found).to.deep.include({ verdict: 'refuse', inside: [] });
      expect(found.message).to.match(/would take too much memory to/);
    }
  });
});
