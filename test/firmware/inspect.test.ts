import { expect } from 'chai';
import { digestOf } from '../../src/firmware/bytes/digest.ts';
import { inspect } from './told.ts';
import { buildMerged, OTA_TABLE } from './flash-builder.ts';
import {
  buildApp,
  buildBootloader,
  buildImage,
  buildSigned,
  buildSignedV1,
  CHIPS,
  concat,
  filled,
  noise,
  patched,
  resealed,
  SECTOR,
  text,
} from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import { buildUf2 } from './other-files-builder.ts';

const BANNER = 'MicroPython v1.27.0-kaki5 on 2026-01-07';

describe('what an app says of itself', () => {
  it('is read in full', async () => {
    const elf = noise(32, 77);
    const file = buildApp({
      chip: 'ESP32-S3',
      project: 'kitchen',
      version: '1.4.2',
      date: 'Jun  2 2024',
      time: '01:02:03',
      idfVersion: 'v5.4.1',
      secureVersion: 3,
      elfSha256: elf,
      maxRevision: 99,
    });
    const seen = await inspect(file);
    expect(seen).to.deep.include({
      kind: 'app',
      chip: { id: CHIPS['ESP32-S3'].id, name: 'ESP32-S3', known: true },
      checksumValid: true,
      hashValid: true,
      project: 'kitchen',
      version: '1.4.2',
      date: 'Jun  2 2024 01:02:03',
      idfVersion: 'v5.4.1',
      elfSha256: Array.from(elf, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      secureVersion: 3,
      revisions: { min: 0, max: 99 },
      signature: null,
      micropython: null,
      trailingBytes: 0,
      slotBytes: file.length,
    });
  });

  it('is null where it says nothing', async () => {
    const empty = buildApp({ project: '', version: '', date: '', time: '', idfVersion: '', elfSha256: filled(32, 0) });
    expect(await inspect(empty)).to.include({
      project: null,
      version: null,
      date: null,
      idfVersion: null,
      elfSha256: null,
      secureVersion: 0,
    });
    expect(await inspect(buildApp({ descriptor: false }))).to.include({ project: null, secureVersion: null });
  });

  it('loses the characters that could garble a terminal or reverse the direction of a name', async () => {
    const seen = await inspect(buildApp({ project: 'a\u001b[2Jb\u202ec', version: '\u0007 1.0 ' }));
    expect(seen).to.include({ project: 'a[2Jbc', version: '1.0' });
  });

  it('lists its segments, with the address of each', async () => {
    const seen = await inspect(buildApp({ oddSegments: true }));
    expect(seen.segments.map(({ place }) => place)).to.deep.equal(['flash', 'ram', 'padding', 'ram', 'flash']);
    expect(seen.segments[0]).to.deep.equal({
      index: 0,
      fileOffset: 32,
      address: CHIPS.ESP32.drom + 32,
      // The description, and the name of the interpreter behind it.
      length: 256 + 'micropython\0'.length,
      place: 'flash',
    });
    expect(seen.segments[3]?.length).to.equal(0);
  });

  it('is not read from a bootloader, whose own description is', async () => {
    expect(await inspect(buildBootloader({ descriptor: true }))).to.include({
      project: null,
      idfVersion: 'v5.4.1',
      date: 'Jun  2 2024 12:34:56',
    });
  });

  it('does not depend on where in a larger buffer the file lies', async () => {
    const app = buildApp({ strings: [BANNER] });
    const shifted = concat(filled(3, 1), app).subarray(3);
    expect(await inspect(shifted)).to.deep.equal(await inspect(app));
  });

  it('leaves the bytes as they were', async () => {
    const app = buildApp();
    const before = app.slice();
    await inspect(app);
    expect(app).to.deep.equal(before);
  });

  it('is verified with the digest that was given', async () => {
    const hashed: number[] = [];
    const seen = await inspect(buildApp(), {
      digest: (algorithm, bytes) => {
        hashed.push(bytes.length);
        return digestOf(algorithm, bytes);
      },
    });
    expect(seen.hashValid).to.equal(true);
    expect(hashed).to.deep.equal([buildApp().length - 32]);
    const lied = await inspect(buildApp(), { digest: () => Promise.resolve(filled(32, 0)) });
    expect(lied).to.include({ hashValid: false, verdict: 'refuse', reason: 'hash-mismatch' });
  });

  it('yields between slices of a large file, with the same result', async () => {
    const large = buildApp({ sizeBytes: 0x200000, strings: [BANNER] });
    expect(await inspect(large)).to.include({ verdict: 'accept' });
    expect(await inspect(large, { yieldToPage: () => Promise.resolve() })).to.deep.equal(await inspect(large));
  });
});

describe('a MicroPython banner', () => {
  const cases: readonly (readonly [
    string,
    readonly string[],
    { version: string; date: string; machine: string | null },
  ])[] = [
    [
      'in one string',
      [`${BANNER}; ESP32H2 Mini-1 STD with ESP32H2`],
      { version: 'v1.27.0-kaki5', date: '2026-01-07', machine: 'ESP32H2 Mini-1 STD with ESP32H2' },
    ],
    [
      'as sys.version has it, with the board far away',
      [`3.4.0; ${BANNER}`, 'x'.repeat(40_000), '; Generic module with WIFI module of external ESP32C6 with ESP32P4'],
      {
        version: 'v1.27.0-kaki5',
        date: '2026-01-07',
        machine: 'Generic module with WIFI module of external ESP32C6 with ESP32P4',
      },
    ],
    [
      'with a preview of version 2, without a v',
      ['MicroPython (with v2.0 preview) 1.22.0-preview.1.gabc on 2023-12-01'],
      { version: '1.22.0-preview.1.gabc', date: '2023-12-01', machine: null },
    ],
    [
      'behind words that only begin like one',
      ['MicroPython is fun', 'MicroPython v on', BANNER],
      { version: 'v1.27.0-kaki5', date: '2026-01-07', machine: null },
    ],
  ];
  for (const [what, strings, banner] of cases) {
    it(`is found ${what}`, async () => {
      expect((await inspect(buildApp({ strings, sizeBytes: 0x10000 }))).micropython).to.deep.equal(banner);
    });
  }

  it('is found wherever it stands', async () => {
    for (let shift = 0; shift < 24; shift += 1) {
      const seen = await inspect(buildApp({ strings: ['.'.repeat(shift), BANNER] }));
      expect(seen.micropython?.version, `${shift} bytes on`).to.equal('v1.27.0-kaki5');
    }
  });

  it('is found in a full-flash file and across the blocks of a UF2', async () => {
    // 256-byte payloads: with these shifts the banner lies across a block's edge at least once.
    for (const shift of [0, 100, 180, 200, 220]) {
      const app = buildApp({ chip: 'ESP32-S3', strings: ['.'.repeat(shift), `${BANNER}; Board with ESP32-S3`] });
      const expected = { version: 'v1.27.0-kaki5', date: '2026-01-07', machine: 'Board with ESP32-S3' };
      expect((await inspect(buildUf2(app))).micropython).to.deep.equal(expected);
      expect((await inspect(buildMerged({ chip: 'ESP32-S3', app }))).micropython).to.deep.equal(expected);
    }
  });
});

describe('a signature', () => {
  const app = buildApp();

  it('is counted block by block, and is no trailing data', async () => {
    for (const blocks of [1, 2, 3]) {
      const seen = await inspect(buildSigned(app, blocks));
      expect(seen.signature).to.deep.equal({ scheme: 'v2-rsa', blocks, wellFormed: true });
      expect(seen).to.include({ trailingBytes: 0, verdict: 'accept', slotBytes: 0x2000 });
    }
  });

  it('is known in the first scheme of the ESP32, with or without its odd twelve bytes', async () => {
    const signature = { scheme: 'v1', blocks: 1, wellFormed: true };
    expect(await inspect(buildSignedV1(app))).to.deep.include({ signature, trailingBytes: 0, verdict: 'accept' });
    expect(await inspect(concat(buildSignedV1(app), noise(12)))).to.deep.include({ signature, trailingBytes: 0 });
    const other = await inspect(buildSignedV1(buildApp({ chip: 'ESP32-C3' })));
    expect(other).to.deep.include({ signature: null, trailingBytes: 68, reason: 'trailing-bytes' });
  });

  it('is not seen in what a tool appended: settings, words, a few different bytes', async () => {
    const foreign = [
      text('{"ssid":"home","password":"secret","host":"sensor-1234567890-abcdef"}').subarray(0, 64),
      concat(noise(32, 3), text('made by our own tool, in a hurry')),
      concat(noise(32, 3), filled(32, 0)),
      concat(text('0123456789abcdef\r\n0123456789abcd'), noise(32, 3)),
      filled(64, 1).map((_, index) => index % 16),
    ];
    for (const bytes of foreign) {
      const seen = await inspect(concat(app, filled(4, 0), bytes));
      expect(seen).to.deep.include({ signature: null, reason: 'trailing-bytes', verdict: 'warn' });
    }
    const longer = await inspect(concat(buildSignedV1(app), noise(5)));
    expect(longer).to.deep.include({ signature: null, reason: 'trailing-bytes', trailingBytes: 73 });
  });

  it('is not seen in data that begins with the byte that a block begins with', async () => {
    const seen = await inspect(concat(app, Uint8Array.of(0xe7), noise(500, 3)));
    expect(seen).to.deep.include({ signature: null, reason: 'trailing-bytes' });
  });

  it('is not seen in zeros', async () => {
    expect(await inspect(concat(app, filled(80, 0)))).to.include({ signature: null, reason: 'trailing-bytes' });
  });

  it('is broken where it was made for other bytes', async () => {
    const signed = buildSigned(app);
    const other = concat(buildApp({ seed: 9 }), signed.subarray(app.length));
    expect(await inspect(other)).to.deep.include({ signature: { scheme: 'v2-rsa', blocks: 1, wellFormed: false } });
  });
});

describe('a full-flash file', () => {
  it('offers the app at its partition, and shows the table from the same bytes', async () => {
    const app = buildApp({ sizeBytes: 8192 });
    const seen = await inspect(buildMerged({ app }));
    expect(seen.inside).to.deep.equal([{ name: 'ota_0', how: 'partition', offset: 0xf000, size: app.length }]);
    expect(seen.partitions.map(({ label }) => label)).to.deep.equal(OTA_TABLE.map(({ label }) => label));
    expect(seen).to.include({ checksumValid: true, hashValid: true, slotBytes: null, project: null });
  });

  it('offers the signature with the app it belongs to', async () => {
    const signed = buildSigned(buildApp());
    expect((await inspect(buildMerged({ app: signed }))).inside[0]?.size).to.equal(signed.length);
  });

  it('offers the signature of the ESP32’s first scheme with its app, whatever fills the flash behind it', async () => {
    for (const signed of [buildSignedV1(buildApp()), concat(buildSignedV1(buildApp()), noise(12))]) {
      const file = buildMerged({ app: concat(signed, filled(8192, 0xff)) });
      const [inner] = (await inspect(file)).inside;
      expect(inner?.size).to.equal(signed.length);
      const app = file.subarray(inner?.offset ?? 0, (inner?.offset ?? 0) + signed.length);
      expect(await inspect(app)).to.deep.include({
        verdict: 'accept',
        signature: { scheme: 'v1', blocks: 1, wellFormed: true },
      });
    }
  });

  it('says so when its app is cut off', async () => {
    const file = buildMerged().slice(0, -100);
    expect(await inspect(file)).to.deep.include({ kind: 'merged', verdict: 'refuse', reason: 'truncated', inside: [] });
  });

  it('has the chip of its app where an early bootloader names another', async () => {
    const bootloader = buildBootloader({ chip: 'ESP32-S2', chipId: 0 });
    const seen = await inspect(buildMerged({ chip: 'ESP32-S2', bootloader }));
    expect(seen.chip).to.include({ name: 'ESP32-S2' });
  });

  it('is not seen in an app that happens to hold a partition table at that place', async () => {
    const app = buildApp({ chip: 'ESP32-C3', sizeBytes: 0x20000 });
    const table = buildMerged({ chip: 'ESP32-C3', app: null }).subarray(0x8000, 0x8060);
    app.set(table, 0x8000);
    expect(await inspect(resealed(app))).to.include({ kind: 'app', verdict: 'accept' });
  });

  it('is not seen in an app whose table was patched in without resealing', async () => {
    const app = buildApp({ chip: 'ESP32-C3', sizeBytes: 0x20000 });
    expect(await inspect(patched(app, { 0x8000: 0xaa, 0x8001: 0x50 }))).to.include({ kind: 'app', verdict: 'refuse' });
  });
});

describe('an image for a chip that is not known here', () => {
  const segments = buildApp().subarray(32, 32 + 256);

  it('is not refused for the addresses of its segments: which of them are flash is a guess', async () => {
    const { drom, ram } = CHIPS['ESP32-S3'];
    const at = (address: number, chipId: number): Bytes =>
      buildImage({
        chipId,
        segments: [
          { address, data: segments },
          { address: ram, data: text('micropython and more') },
        ],
      });
    // On no flash page: the first byte of a segment lies 32 bytes into the file.
    expect(await inspect(at(drom + 0x44, 77))).to.include({ kind: 'app', verdict: 'warn', reason: 'unknown-chip' });
    expect(await inspect(at(drom + 0x44, CHIPS['ESP32-S3'].id))).to.include({ verdict: 'refuse', reason: 'malformed' });
  });

  it('is a bootloader where all its addresses are RAM or ROM on other chips', async () => {
    for (const address of [0x4037c400, 0x403cc710, 0x3fcd5820, 0x40080000, 0x4ff29ed0]) {
      const image = buildImage({ chipId: 77, segments: [{ address, data: noise(96) }] });
      expect(await inspect(image), address.toString(16)).to.include({ kind: 'bootloader', reason: 'bootloader' });
    }
  });
});

describe('a RAM program', () => {
  it('is refused as a bootloader is: nothing of it runs from flash', async () => {
    const file = buildImage({
      chipId: 9,
      segments: [{ address: CHIPS['ESP32-S3'].ram, data: text('a program in RAM') }],
    });
    expect(await inspect(file)).to.include({ kind: 'bootloader', verdict: 'refuse' });
  });
});

describe('a signature on the curve P-384', () => {
  const app = buildApp({ chip: 'ESP32-C5' });
  const signed = buildSigned(app, 1, 'p384');
  /** Another signed part with a right hash of its own, so that only the signature's digest is wrong. */
  const changed = concat(buildApp({ chip: 'ESP32-C5', seed: 9 }), signed.subarray(app.length));

  it('is well-formed where its digest is the image’s', async () => {
    const { signature } = await inspect(signed);
    expect(signature).to.deep.equal({ scheme: 'v2-ecdsa-sha384', blocks: 1, wellFormed: true });
    expect((await inspect(changed)).signature).to.include({ wellFormed: false });
  });

  it('is not where its block is torn elsewhere: the block has a checksum of its own', async () => {
    const torn = patched(signed, { [SECTOR + 700]: (signed[SECTOR + 700] ?? 0) ^ 1 });
    expect((await inspect(torn)).signature).to.include({ wellFormed: false });
  });
});
