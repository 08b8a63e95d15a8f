import { expect } from 'chai';
import { inspect } from '../told.ts';
import { takeOut } from '../../../src/firmware/container/inside.ts';
import type { InnerFile } from '../../../src/model/firmware/inspection.ts';
import { UNPACK_LIMIT_BYTES } from '../../../src/firmware/work.ts';
import { buildMerged } from '../flash-builder.ts';
import { buildApp, buildBootloader, buildSigned, concat, filled, noise, patched, text } from '../image-builder.ts';
import type { Bytes } from '../image-builder.ts';
import { buildEsp8266, buildGzip, buildUf2, buildZip } from '../other-files-builder.ts';

const app = buildApp({ chip: 'ESP32-S3', sizeBytes: 8192 });
const ANY: InnerFile = { name: 'x', how: 'gzip', offset: null, size: null };

async function taken(file: Bytes, inner: InnerFile | undefined): Promise<Bytes> {
  const result = await takeOut(file, inner ?? ANY);
  if (result.kind !== 'taken') throw new Error(result.kind);
  return result.bytes;
}

async function notTaken(file: Bytes, inner: InnerFile): Promise<string> {
  const result = await takeOut(file, inner);
  expect(result.kind).not.to.equal('taken');
  return result.kind;
}

describe('what is inside a file', () => {
  it('is the app of a full-flash file, as a view and not a copy', async () => {
    const file = buildMerged({ chip: 'ESP32-S3', app });
    const inner = await taken(file, (await inspect(file)).inside[0]);
    expect(inner).to.deep.equal(app);
    expect(inner.buffer).to.equal(file.buffer);
    expect(await inspect(inner)).to.include({ kind: 'app', verdict: 'accept' });
  });

  it('is the joined blocks of a UF2, wherever they are addressed to', async () => {
    for (const address of [0, 0x10000]) {
      const file = buildUf2(app, 0xc47e5767, address);
      expect(await taken(file, (await inspect(file)).inside[0])).to.deep.equal(app);
    }
  });

  it('is the app of a UF2 without the zeros that fill its last block, and not without other bytes', async () => {
    const odd = buildApp({ chip: 'ESP32-S3', sizeBytes: 4096 + 16 });
    for (const [behind, size] of [
      [filled(240, 0), odd.length],
      [concat(filled(239, 0), text('x')), odd.length + 240],
      [filled(240 + 256, 0), odd.length + 496],
    ] as const) {
      const file = buildUf2(concat(odd, behind));
      const [inner] = (await inspect(file)).inside;
      const joined = await taken(file, inner);
      expect([inner?.size, joined.length]).to.deep.equal([size, size]);
      expect((await inspect(joined)).verdict).to.equal(size === odd.length ? 'accept' : 'warn');
    }
  });

  it('is a full-flash file in a UF2, and the app in that', async () => {
    const flash = buildMerged({ chip: 'ESP32-S3', app });
    const file = buildUf2(flash);
    const joined = await taken(file, (await inspect(file)).inside[0]);
    expect(joined).to.deep.equal(flash);
    expect(await taken(joined, (await inspect(joined)).inside[0])).to.deep.equal(app);
  });

  it('is what a gzip file unpacks to', async () => {
    const file = await buildGzip(app);
    const { inside } = await inspect(file);
    expect(inside).to.deep.equal([{ name: null, how: 'gzip', offset: null, size: app.length }]);
    expect(await taken(file, inside[0])).to.deep.equal(app);
  });

  it('is chosen from a ZIP by content, the app first, whatever the names say', async () => {
    const flash = buildMerged({ chip: 'ESP32-S3', app });
    const file = await buildZip([
      { name: 'firmware.bin', bytes: text('not firmware at all, whatever its name') },
      { name: 'all.bin', bytes: flash },
      { name: 'boot/', bytes: filled(0, 0), stored: true },
      { name: 'app.bin', bytes: buildBootloader({ chip: 'ESP32-S3' }) },
      { name: 'readme.txt', bytes: app },
      { name: 'copy.txt', bytes: app, stored: true },
      { name: 'readme.txt', bytes: buildApp({ seed: 4 }) },
    ]);
    const { inside } = await inspect(file);
    expect(inside.map(({ name }) => name)).to.deep.equal(['readme.txt', 'copy.txt', 'readme.txt (2)', 'all.bin']);
    expect(await taken(file, inside[0])).to.deep.equal(app);
    expect(await taken(file, inside[1])).to.deep.equal(app);
    expect(await taken(file, inside[2])).to.deep.equal(buildApp({ seed: 4 }));
    expect(await taken(file, inside[3])).to.deep.equal(flash);
  });

  it('is the app alone where another image follows it', async () => {
    const signed = buildSigned(app);
    const file = concat(signed, buildApp({ seed: 3 }));
    const { inside } = await inspect(file);
    expect(inside).to.have.length(2);
    expect(await taken(file, inside[0])).to.deep.equal(signed);
    expect(await taken(file, inside[1])).to.deep.equal(buildApp({ seed: 3 }));
  });

  it('is offered although it is damaged, and refused by its own inspection', async () => {
    const damaged = patched(app, { 0x800: 1, 0x801: 99 });
    const file = await buildZip([{ name: 'a', bytes: damaged }]);
    const inner = await taken(file, (await inspect(file)).inside[0]);
    expect((await inspect(inner)).verdict).to.equal('refuse');
  });

  it('is offered out of an archive with its kind, whatever has to be done with it next', async () => {
    const lead = concat(filled(0x1000, 0xff), app);
    const cases: readonly (readonly [Bytes, RegExp])[] = [
      [buildApp({ chipId: 77 }), /A device takes/],
      [buildApp({ chipId: 77 }).slice(0, -1), /A device takes/],
      [buildApp({ chipId: 77, descriptor: false }), /A device takes/],
      [buildMerged({ chip: 'ESP32-S3', app }), /holds a full-flash file.*: look inside/],
      [lead, /holds firmware that does not start at its first byte.*: look inside/],
      [buildUf2(app), /holds a UF2 file.*: look inside/],
      [await buildGzip(app), /holds another archive.*: look inside/],
      [await buildZip([{ name: 'a.bin', bytes: app }]), /holds another archive.*: look inside/],
    ];
    for (const [inner, told] of cases) {
      for (const file of [await buildGzip(inner), await buildZip([{ name: 'a.bin', bytes: inner }])]) {
        const seen = await inspect(file);
        expect(seen.message).to.match(told);
        expect(await taken(file, seen.inside[0])).to.deep.equal(inner);
      }
    }
  });

  it('is named where an archive holds firmware that no update can send', async () => {
    for (const [inner, told] of [[buildBootloader(), /nothing to send: it holds a bootloader and no app\./]] as const) {
      for (const file of [await buildGzip(inner), await buildZip([{ name: 'a.bin', bytes: inner }])]) {
        expect(await inspect(file)).to.deep.include({ inside: [] });
        expect((await inspect(file)).message).to.match(told);
      }
    }
  });

  it('is offered out of a ZIP where it is for the ESP8266, after an app', async () => {
    const esp8266 = buildEsp8266();
    const alone = await inspect(await buildZip([{ name: 'd1_mini.bin', bytes: esp8266 }]));
    expect(alone.message).to.match(/It holds firmware for the ESP8266, d1_mini\.bin \(.*\): look inside\./);
    const both = await buildZip([
      { name: 'd1_mini.bin', bytes: esp8266 },
      { name: 'esp32.bin', bytes: app },
    ]);
    const seen = await inspect(both);
    expect(seen.inside.map(({ name }) => name)).to.deep.equal(['esp32.bin', 'd1_mini.bin']);
    expect(await taken(both, seen.inside[1])).to.deep.equal(esp8266);
  });

  it('is found behind hundreds of other files of an archive', async () => {
    const others = Array.from({ length: 400 }, (_, index) => ({
      name: `${index % 7}.c`,
      bytes: text('x'),
      stored: true,
    }));
    const found = await inspect(await buildZip([...others, { name: 'last.bin', bytes: app }]));
    expect(found.inside.map(({ name }) => name)).to.deep.equal(['last.bin']);
    const none = await inspect(await buildZip(others));
    expect(none.message).to.match(/no firmware was found in it, though only 256 of its 400 files could be examined/);
  });

  it('is nothing where an archive holds no firmware', async () => {
    const zip = await inspect(await buildZip([{ name: 'firmware.bin', bytes: text('hello') }]));
    expect(zip).to.deep.include({ kind: 'zip', inside: [] });
    expect(zip.message).to.match(/no firmware in it/);
    expect((await inspect(await buildGzip(text('hello')))).inside).to.deep.equal([]);
    expect((await inspect(await buildZip([]))).kind).to.equal('zip');
  });
});

describe('an archive that lies', () => {
  it('is refused when it swells past 16 MB, without unpacking all of it', async () => {
    const bomb = concat(app, filled(UNPACK_LIMIT_BYTES, 0));
    const gzip = await buildGzip(bomb);
    expect(gzip.length).to.be.lessThan(100_000);
    expect((await inspect(gzip)).message).to.match(/more than 16\.0 MB/);
    expect(await notTaken(gzip, ANY)).to.equal('too-large');
  });

  it('costs no more work than four of the largest files, although every CRC in it is wrong', async () => {
    const large = concat(app, filled(2 * 1024 * 1024, 0));
    const zip = await buildZip(Array.from({ length: 36 }, (_, index) => ({ name: `${index}`, bytes: large })));
    // In the directory, each entry's CRC stands 16 bytes in.
    for (let at = 0; at + 46 < zip.length; at += 1) {
      if (zip[at] === 0x50 && zip[at + 1] === 0x4b && zip[at + 2] === 1 && zip[at + 3] === 2)
        zip[at + 16] = ~(zip[at + 16] ?? 0);
    }
    const seen = await inspect(zip);
    expect(seen.inside).to.deep.equal([]);
    const lookedAt = /only (\d+) of its 36 files/.exec(seen.message)?.[1];
    expect(Number(lookedAt)).to.be.within(30, 34);
  });

  it('is left at once when its inspection is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('another file was chosen');
    const zip = await buildZip([{ name: 'a', bytes: buildApp({ sizeBytes: 4 * 1024 * 1024 }) }]);
    const rest = async (): Promise<void> => abort.abort(reason);
    const ended = await inspect(zip, { yieldToPage: rest, signal: abort.signal }).catch((error: unknown) => error);
    expect(ended).to.equal(reason);
  });

  it('is refused before anything is unpacked when it says that it is too large', async () => {
    const zip = await buildZip([{ name: 'bomb', bytes: app }]);
    // The directory's entry stands after the only file; its unpacked size, 24 bytes in, now says 4 GB.
    const bomb = patched(zip, { [zip.length - 22 - 46 - 4 + 27]: 0xff });
    expect((await inspect(bomb)).inside).to.deep.equal([]);
    expect(await notTaken(bomb, { ...ANY, how: 'zip-entry', name: 'bomb' })).to.equal('too-large');
  });

  it('is refused when a file in it is larger than it says', async () => {
    const zip = await buildZip([{ name: 'a', bytes: app }]);
    // The directory's entry stands after the only file; its unpacked size is 24 bytes in.
    const directory = zip.length - 22 - 46 - 1;
    const smaller = patched(zip, { [directory + 24]: 16, [directory + 25]: 1 });
    expect(await notTaken(smaller, { ...ANY, how: 'zip-entry', name: 'a' })).to.equal('damaged');
  });

  it('is refused when the CRC is wrong, when it is locked, and when its packing is not known', async () => {
    const entry: InnerFile = { ...ANY, how: 'zip-entry', name: 'a' };
    const zip = await buildZip([{ name: 'a', bytes: app, stored: true }]);
    const directory = zip.length - 22 - 46 - 1;
    expect(await notTaken(patched(zip, { 100: (zip[100] ?? 0) ^ 1 }), entry)).to.equal('damaged');
    expect(await notTaken(patched(zip, { [directory + 8]: 1 }), entry)).to.equal('encrypted');
    expect(await notTaken(patched(zip, { [directory + 10]: 14 }), entry)).to.equal('unknown-method');
    expect(await notTaken(zip, { ...entry, name: 'b' })).to.equal('absent');
    expect(await notTaken(zip.slice(0, -1), entry)).to.equal('damaged');
  });

  it('is refused when it is cut off', async () => {
    const gzip = await buildGzip(noise(40_000));
    expect(await notTaken(gzip.slice(0, -5), ANY)).to.equal('damaged');
    const uf2 = buildUf2(app);
    expect(await inspect(uf2.slice(0, -512))).to.include({ kind: 'uf2', reason: 'truncated' });
    expect(await notTaken(uf2.slice(0, -512), { ...ANY, how: 'uf2-blocks' })).to.equal('damaged');
  });

  it('is refused when bytes of a UF2 belong to no block, and when one is missing, in numbers that are true', async () => {
    const uf2 = buildUf2(app);
    expect(await inspect(concat(uf2, filled(1, 0)))).to.deep.include({ reason: 'damaged', inside: [] });
    expect((await inspect(concat(uf2, filled(1, 0)))).message).to.match(
      /^Damaged: 1 byte of this UF2 file belongs to no/,
    );
    expect((await inspect(uf2.slice(0, -1))).message).to.match(/^Incomplete: 1 block is missing/);
    expect((await inspect(uf2.slice(0, -513))).message).to.match(/^Incomplete: 2 blocks are missing/);
  });

  it('is refused when the blocks of a UF2 are gigabytes apart', async () => {
    const far = concat(buildUf2(app), buildUf2(app, 0xc47e5767, 0xf0000000));
    expect(await inspect(far)).to.deep.include({ kind: 'uf2', verdict: 'refuse', inside: [] });
    expect(await notTaken(far, { ...ANY, how: 'uf2-blocks' })).to.equal('too-large');
  });

  it('is refused when a slice lies beyond the file', async () => {
    expect(await notTaken(app, { name: 'ota_0', how: 'partition', offset: 8000, size: 8192 })).to.equal('absent');
  });
});
