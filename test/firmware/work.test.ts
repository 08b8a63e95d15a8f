import { expect } from 'chai';
import { inspect } from './told.ts';
import { takeOut } from '../../src/firmware/container/inside.ts';
import { LARGEST_FILE_BYTES } from '../../src/firmware/largest-file.ts';
import { Room, UNPACK_LIMIT_BYTES, Work } from '../../src/firmware/work.ts';
import { buildApp, concat, filled } from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import { buildGzip, buildUf2, buildZip } from './other-files-builder.ts';

const MB = 1024 * 1024;

async function workFor(file: Bytes): Promise<number> {
  const work = new Work();
  await inspect(file, { work });
  return work.bytes;
}

describe('the work of looking into a file', () => {
  const app = buildApp({ sizeBytes: MB });

  it('is the same every time', async () => {
    const zip = await buildZip([{ name: 'a.bin', bytes: app }]);
    for (const file of [app, zip, buildUf2(app)]) expect(await workFor(file)).to.equal(await workFor(file));
  });

  it('is a little more than its size for an app: hashed once, and gone over a few times', async () => {
    expect(await workFor(app)).to.be.within(MB, 2 * MB);
    expect(await workFor(buildApp({ sizeBytes: 4 * MB }))).to.be.within(4 * MB, 8 * MB);
  });

  it('counts what is unpacked and what is joined, however small the file', async () => {
    const large = concat(app, filled(7 * MB, 0xff));
    const gzip = await buildGzip(large);
    const zip = await buildZip([{ name: 'a', bytes: large }]);
    expect(gzip.length).to.be.lessThan(2 * MB);
    // A ZIP's CRC is computed here, a gzip's by the platform.
    expect(await workFor(gzip)).to.be.within(large.length, 1.5 * large.length);
    expect(await workFor(zip)).to.be.within(2 * large.length, 2.5 * large.length);
    expect(await workFor(buildUf2(large))).to.be.within(large.length, 2 * large.length);
  });

  it('counts what is taken out', async () => {
    const zip = await buildZip([{ name: 'a', bytes: app }]);
    const [inner] = (await inspect(zip)).inside;
    if (inner === undefined) throw new Error('nothing is offered');
    const work = new Work();
    await takeOut(zip, inner, { work });
    expect(work.bytes).to.be.within(2 * app.length, 2.5 * app.length);
  });

  it('ends the inspection of an archive once it is used up', async () => {
    const zip = await buildZip(Array.from({ length: 5 }, (_, index) => ({ name: `${index}`, bytes: app })));
    const work = new Work();
    work.add(512 * MB - 1);
    const seen = await inspect(zip, { work });
    expect(work.isSpent).to.equal(true);
    expect(seen.message).to.match(/only [01] of its 5 files could be examined/);
  });
});

describe('the reason to refuse a file within a file', () => {
  it('is its depth, the number of files, the work, or the memory', () => {
    const work = new Work();
    expect(work.admitFile(4, 0)).to.equal('levels');
    expect(work.admitFile(1, 100_000_001)).to.equal('memory');
    for (let count = 0; count < 64; count += 1) expect(work.admitFile(1 + (count % 3), 1), `${count}`).to.equal(null);
    expect(work.admitFile(1, 0)).to.equal('files');
    const spent = new Work();
    spent.add(512 * MB);
    expect(spent.admitFile(1, 0)).to.equal('work');
  });

  it('is not the memory of a file that was released, also where its inspection failed', async () => {
    const work = new Work();
    await work.holding(LARGEST_FILE_BYTES, async () => {
      // There is room for the largest file and the largest that it can unpack to, not for two of the latter.
      expect(work.hasRoomFor(UNPACK_LIMIT_BYTES)).to.equal(true);
      await work.holding(UNPACK_LIMIT_BYTES, async () => {
        expect(work.hasRoomFor(UNPACK_LIMIT_BYTES)).to.equal(false);
      });
      await work.holding(UNPACK_LIMIT_BYTES, () => Promise.reject(new Error('torn'))).catch(() => undefined);
      expect(work.hasRoomFor(UNPACK_LIMIT_BYTES)).to.equal(true);
    });
    expect(work.hasRoomFor(LARGEST_FILE_BYTES)).to.equal(true);
  });
});

describe('memory that is used again', () => {
  it('is taken once for files of one size, and keeps what was there when it grows', () => {
    const room = new Room();
    const first = room.upTo(1000).fill(7);
    expect(room.upTo(500).buffer).to.equal(first.buffer);
    const grown = room.upTo(1001);
    expect(grown.buffer).to.not.equal(first.buffer);
    expect(grown.subarray(0, 1000)).to.deep.equal(filled(1000, 7));
    // Growing by doubling, so that a file that comes in pieces is not copied for each.
    expect(room.upTo(2000).buffer).to.equal(grown.buffer);
  });

  it('is shared by the inspections within an archive, and never by what is taken out', async () => {
    const files = [1, 2, 3].map((seed) => buildApp({ seed, sizeBytes: 8192 }));
    const zip = await buildZip(files.map((bytes, index) => ({ name: `${index}`, bytes })));
    const work = new Work();
    const { inside } = await inspect(zip, { work });
    // It came in two pieces, and the memory was doubled once at most.
    expect(work.room.upTo(0).buffer.byteLength).to.be.within(8192, 2 * 8192);
    const taken = await Promise.all(inside.map((inner) => takeOut(zip, inner, { work })));
    expect(taken.map((result) => (result.kind === 'taken' ? result.bytes : null))).to.deep.equal(files);
  });
});
