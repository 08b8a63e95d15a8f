/** Packed files: those whose format is only named, and those with something behind their end. */
import { expect } from 'chai';
import { inspect } from '../told.ts';
import { takeOut } from '../../../src/firmware/container/inside.ts';
import { buildApp, buildBootloader, concat, filled, noise, text } from '../image-builder.ts';
import type { Bytes } from '../image-builder.ts';
import { buildGzip, buildTar, buildUf2, buildZip } from '../other-files-builder.ts';
import { buildMerged } from '../flash-builder.ts';

const app = buildApp({ chip: 'ESP32-S3', sizeBytes: 8192 });

const behind = (...head: readonly number[]): Bytes => concat(Uint8Array.from(head), noise(8192, 5));

const SEALED: readonly (readonly [name: string, file: Bytes])[] = [
  ['xz file', behind(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4)],
  ['7z file', behind(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4)],
  ['RAR file', behind(0x52, 0x61, 0x72, 0x21, 0x1a, 7, 1, 0)],
  ['RAR file', behind(0x52, 0x61, 0x72, 0x21, 0x1a, 7, 0)],
  ['bzip2 file', behind(0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59)],
  ['Zstandard file', behind(0x28, 0xb5, 0x2f, 0xfd, 0x24)],
  ['LZ4 file', behind(0x04, 0x22, 0x4d, 0x18)],
  ['tar archive', buildTar('release/firmware.bin', app)],
  ['tar archive', buildTar('release/firmware.bin', app, 'none')],
];

describe('an archive that is not read here', () => {
  for (const [name, file] of SEALED) {
    it(`is named, and not taken for something encrypted: a ${name}`, async () => {
      const seen = await inspect(file);
      expect(seen).to.deep.include({
        kind: 'archive',
        verdict: 'refuse',
        reason: 'compressed',
        inside: [],
      });
      expect(seen.message)
        .to.contain(`(${name})`)
        .and.match(/Unpack it first, and choose the app’s \.bin\.$/);
    });

    it(`is named where it lies in another one: a ${name}`, async () => {
      for (const outer of [await buildGzip(file), await buildZip([{ name: 'a', bytes: file }])]) {
        const seen = await inspect(outer);
        expect(seen.inside).to.deep.equal([]);
        expect(seen.message).to.match(new RegExp(`It holds an? ${name}\\. Unpack it first`));
      }
    });
  }

  it('is no tar archive where the checksum of its header is wrong, and no bzip2 file where only its first word is there', async () => {
    const [, tar] = SEALED.at(-1) ?? expect.fail('no tar');
    const wrong = tar.slice();
    wrong[1] = 0x30;
    expect((await inspect(wrong)).kind).to.equal('unknown');
    expect((await inspect(concat(text('BZh is no archive'), noise(4096)))).kind).to.equal('unknown');
  });

  it('does not hide an app beside it', async () => {
    const [, xz] = SEALED[0] ?? expect.fail('no xz');
    const zip = await buildZip([
      { name: 'a.xz', bytes: xz },
      { name: 'app.bin', bytes: app },
    ]);
    expect((await inspect(zip)).message).to.match(/A device takes the firmware inside: app\.bin/);
  });
});

describe('bytes behind the end of an archive', () => {
  it('are passed over, as unzip and gunzip do: a line end, and what mail adds', async () => {
    const zip = await buildZip([{ name: 'app.bin', bytes: app }]);
    const gzip = await buildGzip(app);
    for (const file of [
      concat(zip, text('\r\n')),
      concat(zip, text('\n-- \nsent by a machine\n')),
      concat(gzip, text('\n')),
      concat(gzip, text('\r\n\r\n')),
    ]) {
      const [inner] = (await inspect(file)).inside;
      if (inner === undefined) throw new Error('nothing is offered');
      expect(await takeOut(file, inner)).to.deep.equal({ kind: 'taken', bytes: app });
    }
  });

  it('do not make a cut archive whole', async () => {
    const zip = await buildZip([{ name: 'app.bin', bytes: app }]);
    const gzip = await buildGzip(app);
    for (const file of [concat(zip.slice(0, -8), text('\r\n')), concat(gzip.slice(0, -6), text('\n'))]) {
      const seen = await inspect(file);
      expect(seen.inside).to.deep.equal([]);
      expect(seen.message).to.match(/damaged or incomplete/);
    }
  });

  it('may look like the end itself: the last end that points to a directory counts', async () => {
    const zip = await buildZip([{ name: 'app.bin', bytes: app }]);
    const end = zip.slice(-22);
    end[10] = 1;
    end.fill(0xff, 16, 20);
    expect((await inspect(concat(zip, end))).inside.map(({ name }) => name)).to.deep.equal(['app.bin']);
  });
});

describe('the blocks of a UF2', () => {
  const uf2 = (bytes: Uint8Array): Bytes => buildUf2(bytes);

  it('are named for what they hold, and only an app is said to be taken', async () => {
    for (const [bytes, told, offered] of [
      [app, /A device takes the firmware inside \(8 KB\)\.$/, 1],
      [buildMerged({ chip: 'ESP32-S3', app }), /It holds a full-flash file \(72 KB\): look inside\.$/, 1],
      [
        concat(filled(0x1000, 0xff), app),
        /It holds firmware that does not start at its first byte \(12 KB\): look inside\.$/,
        1,
      ],
      [buildBootloader({ chip: 'ESP32-S3' }), /nothing to send: it holds a bootloader and no app\.$/, 0],
      [noise(4096), /It holds no firmware that Moult knows\.$/, 0],
    ] as const) {
      const seen = await inspect(uf2(bytes));
      expect(seen).to.include({ kind: 'uf2', verdict: 'refuse', reason: 'uf2' });
      expect(seen.message).to.match(told);
      expect(seen.inside).to.have.length(offered);
    }
  });
});
