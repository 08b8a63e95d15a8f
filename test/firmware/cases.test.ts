/**
 * The 26 kinds of files that people try to send, and the verdict on each. The numbers are those of
 * docs/firmware-files.md.
 */
import { expect } from 'chai';
import { inspect, judge } from './told.ts';
import type { ReasonCode } from '../../src/model/firmware/finding.ts';
import type { FirmwareKind, Verdict } from '../../src/model/firmware/inspection.ts';
import type { DeviceFacts } from '../../src/model/firmware/judge.ts';
import { buildMerged, buildOtadata, buildPartitionTable, OTA_TABLE } from './flash-builder.ts';
import {
  buildApp,
  buildBootloader,
  buildImage,
  buildSigned,
  CHIPS,
  concat,
  filled,
  noise,
  patched,
  resealed,
  text,
} from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import {
  buildElf,
  buildEsp8266,
  buildFat,
  buildGzip,
  buildIntelHex,
  buildLittlefs,
  buildNvs,
  buildSpiffs,
  buildTar,
  buildUf2,
  buildZip,
} from './other-files-builder.ts';

const roomy: DeviceFacts = { chipId: CHIPS.ESP32.id, capacityBytes: 0x180000, updateSlot: 'free' };
const nothingKnown: DeviceFacts = { chipId: null, capacityBytes: null, updateSlot: null };

type Expectation = readonly [verdict: Verdict, reason: ReasonCode, kind: FirmwareKind, message: RegExp];

async function tells(file: Bytes, [verdict, reason, kind, message]: Expectation): Promise<void> {
  const seen = await inspect(file);
  expect([seen.verdict, seen.reason, seen.kind]).to.deep.equal([verdict, reason, kind], seen.message);
  expect(seen.message).to.match(message);
  expect(seen.size).to.equal(file.length);
}

async function judged(file: Bytes, device: DeviceFacts): Promise<ReturnType<typeof judge>> {
  return judge(await inspect(file), device);
}

const app = buildApp();
const withLf = (bytes: Bytes): Bytes =>
  Uint8Array.from([...bytes].flatMap((byte) => (byte === 0x0a ? [0x0d, 0x0a] : [byte])));
const seventeenSegments = buildImage({
  chipId: 0,
  segments: Array.from({ length: 17 }, (_, index) => ({ address: CHIPS.ESP32.irom + 32 + 16 * index, data: noise(8) })),
});

describe('the inspector, before what people try to send', () => {
  const refusals: readonly (readonly [what: string, file: Bytes, told: Expectation])[] = [
    ['1: an empty file', filled(0, 0), ['refuse', 'empty', 'empty', /is empty/]],
    ['1: a file shorter than a header', app.slice(0, 23), ['refuse', 'too-short', 'unknown', /only 23 bytes/]],
    ['1: a single byte', app.slice(0, 1), ['refuse', 'too-short', 'unknown', /only 1 byte\./]],
    ['2: twenty bytes of text', text('404: Not Found, bye.'), ['refuse', 'text', 'text', /This is text/]],
    ['2: a web page', text('\n<!DOCTYPE html><title>Not found</title>'), ['refuse', 'text', 'text', /web page/]],
    [
      '2: a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
      ['refuse', 'text', 'text', /Git LFS/],
    ],
    ['2: JSON', text('{"error": "not found", "code": 404}'), ['refuse', 'text', 'text', /JSON/]],
    ['2: text in another alphabet', text('прошивка '.repeat(1000)), ['refuse', 'text', 'text', /This is text/]],
    [
      '2: the head of a web form, and no firmware behind it',
      concat(text('--x\r\nContent-Type: application/octet-stream\r\n\r\n'), noise(600)),
      ['refuse', 'text', 'text', /the head of a web form, and no whole firmware follows/],
    ],
    ['3: an ELF for Xtensa', buildElf(94), ['refuse', 'elf', 'elf', /Debug file \(ELF\)/]],
    ['3: an ELF for RISC-V', buildElf(243), ['refuse', 'elf', 'elf', /\.bin next to it/]],
    ['4: Intel HEX', buildIntelHex(), ['refuse', 'intel-hex', 'hex', /Intel HEX/]],
    ['5: a UF2 for an ESP', buildUf2(app), ['refuse', 'uf2', 'uf2', /takes the firmware inside \(4 KB\)/]],
    [
      '5: a UF2 of a full-flash file',
      buildUf2(buildMerged({ chip: 'ESP32-S3' })),
      ['refuse', 'uf2', 'uf2', /holds a full-flash file \(68 KB\): look inside/],
    ],
    ['6: a UF2 for an RP2040', buildUf2(app, 0xe48bff56), ['refuse', 'uf2-foreign', 'uf2', /another microcontroller/]],
    ['6: a UF2 without a family', buildUf2(app, null), ['refuse', 'uf2-foreign', 'uf2', /another microcontroller/]],
    ['7: a tar archive', buildTar('a.bin', app), ['refuse', 'compressed', 'archive', /tar archive.*Unpack it first/]],
    [
      '8: a merged file at 0x1000',
      buildMerged(),
      ['refuse', 'merged', 'merged', /app inside \(4 KB, partition ota_0\)/],
    ],
    [
      '8: a merged file at 0x2000',
      buildMerged({ chip: 'ESP32-P4' }),
      ['refuse', 'merged', 'merged', /first install by cable/],
    ],
    ['9: a merged file at 0', buildMerged({ chip: 'ESP32-C3' }), ['refuse', 'merged', 'merged', /partition ota_0/]],
    [
      '9: a merged file after erased flash',
      buildMerged({ startsAt: 'flash' }),
      ['refuse', 'merged', 'merged', /app inside/],
    ],
    ...([0, 0x1000, 0x2000] as const).map((base): readonly [string, Bytes, Expectation] => {
      const chip = ({ 0: 'ESP32-C3', 0x1000: 'ESP32', 0x2000: 'ESP32-P4' } as const)[base];
      const merged = buildMerged({
        chip,
        bootloader: buildBootloader({ chip, chipId: 40 }),
        app: buildApp({ chip, chipId: 40 }),
      });
      return [
        `9: a merged file of a chip that is not known here, from 0x${base.toString(16)}`,
        merged,
        ['refuse', 'merged', 'merged', /app inside \(4 KB, partition ota_0\)/],
      ];
    }),
    [
      '10: a merged file without an app',
      buildMerged({ app: null }),
      ['refuse', 'merged-without-app', 'merged', /no app/],
    ],
    ['11: a bootloader', buildBootloader(), ['refuse', 'bootloader', 'bootloader', /bootloader/]],
    [
      '11: a newer bootloader',
      buildBootloader({ descriptor: true }),
      ['refuse', 'bootloader', 'bootloader', /bootloader/],
    ],
    ['11: a signed bootloader', buildSigned(buildBootloader()), ['refuse', 'bootloader', 'bootloader', /bootloader/]],
    [
      '11: a bootloader of 36 KB',
      buildBootloader({ chip: 'ESP32-S3', sizeBytes: 36 * 1024 }),
      ['refuse', 'bootloader', 'bootloader', /would not start/],
    ],
    [
      '12: a partition table',
      buildPartitionTable(),
      ['refuse', 'partition-table', 'partition-table', /Partition table|partition table/],
    ],
    [
      '12: a partition table of 96 bytes with a label in another alphabet',
      buildPartitionTable([{ label: 'данные', type: 1, subtype: 0x83, offset: 0x9000, size: 0x5000 }], 96),
      ['refuse', 'partition-table', 'partition-table', /not an app/],
    ],
    ['12: a boot selector', buildOtadata(), ['refuse', 'otadata', 'otadata', /boot selector/]],
    ['13: littlefs', buildLittlefs(), ['refuse', 'file-system', 'file-system', /data partition/]],
    ['13: SPIFFS', buildSpiffs(), ['refuse', 'file-system', 'file-system', /File-system image/]],
    ['13: FAT', buildFat(), ['refuse', 'file-system', 'file-system', /data partition/]],
    ['13: FAT with wear levelling', buildFat(true), ['refuse', 'file-system', 'file-system', /data partition/]],
    [
      '13: NVS whose first page is free',
      concat(filled(0x1000, 0xff), buildNvs()),
      ['refuse', 'nvs', 'nvs', /nvs partition/],
    ],
    ['13: NVS', buildNvs(), ['refuse', 'nvs', 'nvs', /nvs partition/]],
    ['14: an ESP8266 file of the later form', buildEsp8266(2), ['refuse', 'esp8266-sdk', 'esp8266', /own SDK/]],
    [
      '14: the boot part of an ESP8266 file alone',
      buildEsp8266().slice(0, 0x1000),
      ['refuse', 'bootloader', 'esp8266', /bootloader/],
    ],
    [
      '19: half an ESP8266 file',
      buildEsp8266().slice(0, 0x1400),
      ['refuse', 'truncated', 'esp8266', /Incomplete: at least/],
    ],
    [
      '19: an ESP8266 file without its last byte',
      buildEsp8266().slice(0, -1),
      ['refuse', 'truncated', 'esp8266', /Incomplete: 1 byte missing/],
    ],
    ['19: half a file', app.slice(0, 2048), ['refuse', 'truncated', 'app', /Incomplete: 2,048 bytes missing/]],
    ['19: a cut within the first segment', app.slice(0, 100), ['refuse', 'truncated', 'app', /at least/]],
    ['19: the hash cut off', app.slice(0, -32), ['refuse', 'truncated', 'app', /Incomplete: 32 bytes missing/]],
    ['19: the last byte missing', app.slice(0, -1), ['refuse', 'truncated', 'app', /Incomplete: 1 byte missing/]],
    [
      '19: the last byte missing, for a chip that is not known here',
      buildApp({ chipId: 77 }).slice(0, -1),
      ['refuse', 'truncated', 'app', /Incomplete: 1 byte missing/],
    ],
    [
      '19: erased flash where the rest should be',
      concat(app.slice(0, 300), filled(3796, 0xff)),
      ['refuse', 'truncated', 'app', /from byte \d+ on there is erased flash/],
    ],
    ['20: a flipped bit', patched(app, { 0x800: (app[0x800] ?? 0) ^ 4 }), ['refuse', 'damaged', 'app', /checksum/]],
    [
      '20: changed line endings',
      withLf(buildApp({ sizeBytes: 0x10000 })),
      ['refuse', 'damaged', 'app', /line endings/],
    ],
    [
      '20: bytes that were written as characters',
      text(new TextDecoder().decode(app)),
      ['refuse', 'damaged', 'unknown', /wrote its bytes as characters/],
    ],
    [
      '21: two flips that cancel',
      patched(app, { 0x800: (app[0x800] ?? 0) ^ 4, 0x801: (app[0x801] ?? 0) ^ 4 }),
      ['refuse', 'hash-mismatch', 'app', /Changed after it was built/],
    ],
    ['21: a patched flash size', patched(app, { 3: 0x40 }), ['refuse', 'hash-mismatch', 'app', /hash does not match/]],
    ['22: seventeen segments', seventeenSegments, ['refuse', 'malformed', 'unknown', /structure is wrong/]],
    ['22: a giant segment', patched(app, { 31: 0x7f }), ['refuse', 'malformed', 'app', /structure is wrong/]],
    [
      '22: a segment off its flash page',
      resealed(patched(app, { 24: 0x24 })),
      ['refuse', 'malformed', 'app', /flash pages/],
    ],
    ['22: erased flash', filled(8192, 0xff), ['refuse', 'malformed', 'unknown', /erased flash/]],
    ['22: zeros', filled(8192, 0), ['refuse', 'malformed', 'unknown', /erased flash/]],
    ['22: an encrypted file', noise(65536, 99), ['refuse', 'maybe-encrypted', 'unknown', /may be encrypted/]],
    [
      '22: firmware of another maker',
      concat(Uint8Array.from([0, 0x20, 0, 0x20, 0xc1, 1, 0, 8]), filled(4096, 0x47)),
      ['refuse', 'malformed', 'unknown', /Not readable/],
    ],
    [
      '23: no description on a chip that demands one',
      buildApp({ chip: 'ESP32-C6', descriptor: false }),
      ['refuse', 'descriptor-required', 'app', /ESP-IDF 5\.4/],
    ],
    [
      '24: a second image behind the first',
      concat(app, buildApp({ seed: 5 })),
      ['refuse', 'trailing-image', 'app', /second image/],
    ],
    [
      '24: an image behind the head of a web form',
      concat(text('--x\r\nContent-Type: application/octet-stream\r\n\r\n'), app, text('\r\n--x--')),
      ['refuse', 'trailing-image', 'merged', /behind the head of a web form/],
    ],
    [
      '24: an image that starts at 0x1000',
      concat(filled(0x1000, 0xff), app),
      ['refuse', 'trailing-image', 'merged', /starts 4,096 bytes into/],
    ],
  ];
  for (const [what, file, told] of refusals) it(`refuses ${what}`, () => tells(file, told));

  it('refuses 7: a gzip file, and says what is inside', async () => {
    await tells(await buildGzip(app), ['refuse', 'compressed', 'gzip', /file inside \(4 KB\)/]);
  });

  it('refuses 7: a ZIP, and names the app in it', async () => {
    const zip = await buildZip([
      { name: 'notes.txt', bytes: text('hello') },
      { name: 'a.dat', bytes: app },
    ]);
    await tells(zip, ['refuse', 'compressed', 'zip', /firmware inside: a\.dat \(4 KB\)/]);
  });

  const warnings: readonly (readonly [what: string, file: Bytes, told: Expectation])[] = [
    ['16: an unknown chip id', buildApp({ chipId: 77 }), ['warn', 'unknown-chip', 'app', /chip ID 77/]],
    ['16: a chip id of two bytes', buildApp({ chipId: 0x0102 }), ['warn', 'unknown-chip', 'app', /chip ID 258/]],
    ['17: a chip newer than most', buildApp({ minRevision: 199 }), ['warn', 'chip-revision', 'app', /v1\.99 or newer/]],
    [
      '17: made for chips that are older than some',
      buildApp({ chip: 'ESP32-C5', maxRevision: 99 }),
      ['warn', 'chip-revision', 'app', /up to revision v0\.99/],
    ],
    [
      '17: needs an eFuse block that few chips have',
      resealed(patched(buildApp({ chip: 'ESP32-S3' }), { 0xd0: 1 })),
      ['warn', 'efuse-revision', 'app', /v0\.1 or newer of the chip’s eFuse block/],
    ],
    ['23: no description', buildApp({ descriptor: false }), ['warn', 'no-descriptor', 'app', /no name and no version/]],
    ['23: no hash', buildApp({ hash: false }), ['warn', 'no-hash', 'app', /weak checksum/]],
    [
      '24: bytes behind the image',
      concat(app, noise(38, 8)),
      ['warn', 'trailing-bytes', 'app', /^38 unknown bytes follow/],
    ],
    [
      '24: one byte behind the image',
      concat(app, text('x')),
      ['warn', 'trailing-bytes', 'app', /^1 unknown byte follows/],
    ],
    [
      '25: a broken signature',
      patched(buildSigned(app), { 0x1258: 1, 0x1259: 2 }),
      ['warn', 'signature-malformed', 'app', /signature is broken/],
    ],
    ['26: no sign of MicroPython', buildApp({ python: false }), ['warn', 'no-micropython', 'app', /needs a cable/]],
  ];
  for (const [what, file, told] of warnings) it(`warns of ${what}`, () => tells(file, told));

  const sound: readonly (readonly [what: string, file: Bytes])[] = [
    ['24: erased flash behind the image', concat(app, filled(4096, 0xff))],
    ['25: a signed app', buildSigned(app)],
    ['an app for each chip: S2', buildApp({ chip: 'ESP32-S2' })],
    ['an app for each chip: C3', buildApp({ chip: 'ESP32-C3', minRevision: 3 })],
    ['an app for each chip: S3', buildApp({ chip: 'ESP32-S3' })],
    ['an app for each chip: C2', buildApp({ chip: 'ESP32-C2', minRevision: 100 })],
    ['an app for each chip: C6', buildApp({ chip: 'ESP32-C6' })],
    ['an app for each chip: P4', buildApp({ chip: 'ESP32-P4' })],
    ['an app for each chip: C5', buildApp({ chip: 'ESP32-C5', minRevision: 100 })],
    ['empty and padding segments', buildApp({ oddSegments: true })],
    ['an empty name', buildApp({ project: '', version: '' })],
    ['the name that Arduino leaves', buildApp({ project: 'arduino-lib-builder' })],
    ['a largest revision of 0', buildApp({ maxRevision: 0 })],
    ['a largest revision of 65535', buildApp({ maxRevision: 0xffff })],
    ['a flash size smaller than the board’s', buildApp({ flash: 0x00 })],
    ['a flash size larger than the board’s', buildApp({ flash: 0x70 })],
  ];
  for (const [what, file] of sound) {
    it(`accepts ${what}`, () => tells(file, ['accept', 'ok', 'app', /complete and unchanged/]));
  }

  it('accepts a checksum of 0', async () => {
    const sum = app[app.length - 33] ?? 0;
    const at = app.length - 60;
    const zero = resealed(patched(app, { [at]: (app[at] ?? 0) ^ sum }));
    expect(zero[zero.length - 33]).to.equal(0);
    await tells(zero, ['accept', 'ok', 'app', /complete and unchanged/]);
  });
});

describe('the judge of a file for a device', () => {
  it('14: refuses ESP8266 firmware whatever the device', async () => {
    expect((await judged(buildEsp8266(), nothingKnown)).verdict).to.equal('refuse');
  });

  it('14: names the chip of the device, where it is known', async () => {
    const told = await judged(buildEsp8266(), { ...roomy, chipId: CHIPS['ESP32-C3'].id });
    expect(told.message).to.equal('Built for the ESP8266; this device is an ESP32-C3. Choose the file for your chip.');
    expect(told.canOverrule).to.equal(false);
  });

  it('15: refuses another chip, in words, and lets the person overrule it', async () => {
    const told = await judged(buildApp({ chip: 'ESP32-S3' }), { ...roomy, chipId: CHIPS['ESP32-C3'].id });
    expect(told).to.include({ verdict: 'refuse', reason: 'wrong-chip', canOverrule: true });
    expect(told.message).to.equal('Built for ESP32-S3; this device is an ESP32-C3.');
  });

  it('15: warns where the chip of the device is not known', async () => {
    const told = await judged(buildApp({ chip: 'ESP32-S3' }), nothingKnown);
    expect(told).to.include({ verdict: 'warn', reason: 'chip-not-known' });
    expect(told.message).to.match(/Built for ESP32-S3/);
  });

  it('15: says the inspector’s own warning with the question', async () => {
    const told = await judged(buildApp({ hash: false }), nothingKnown);
    expect(told.message).to.match(/Built for ESP32;.*has no hash/);
  });

  it('16: refuses an unknown chip id for a known chip, which can be overruled', async () => {
    const told = await judged(buildApp({ chipId: 77 }), roomy);
    expect(told).to.include({ verdict: 'refuse', reason: 'unknown-chip', canOverrule: true });
  });

  it('16: accepts an unknown chip id that the device is known to have', async () => {
    expect(await judged(buildApp({ chipId: 77 }), { ...roomy, chipId: 77 })).to.include({
      verdict: 'accept',
      reason: 'ok',
    });
  });

  it('17: refuses when the revision of the device is known to be too old, or too new', async () => {
    const old = await judged(buildApp({ minRevision: 199 }), { ...roomy, chipRevision: 100 });
    expect(old).to.include({ verdict: 'refuse', reason: 'chip-revision', canOverrule: false });
    expect(old.message).to.match(/v1\.99 or newer; this device has v1\.0/);
    const fresh = await judged(buildApp({ maxRevision: 99 }), { ...roomy, chipRevision: 100 });
    expect(fresh).to.include({ verdict: 'refuse', reason: 'chip-revision' });
  });

  it('17: is silent about the revision when the device has it', async () => {
    expect(await judged(buildApp({ minRevision: 199 }), { ...roomy, chipRevision: 300 })).to.include({
      verdict: 'accept',
    });
  });

  it('18: refuses what is too big for the slot, to the byte', async () => {
    const told = await judged(buildApp({ sizeBytes: 1_672_800 }), { ...roomy, capacityBytes: 1_572_864 });
    expect(told).to.include({ verdict: 'refuse', reason: 'too-large', canOverrule: false });
    expect(told.message).to.match(/^99,936 bytes too big for the update slot: .* 1\.6 MB, the slot has 1\.5 MB\.$/);
  });

  it('18: accepts what fills the slot to its last byte', async () => {
    expect(await judged(app, { ...roomy, capacityBytes: app.length })).to.include({ verdict: 'accept' });
  });

  it('18: counts the signature’s sector, even where the file ends within it', async () => {
    const cut = buildSigned(app).slice(0, 0x1000 + 1216);
    expect(await judged(cut, { ...roomy, capacityBytes: 0x1fff })).to.include({ reason: 'too-large' });
    expect(await judged(cut, { ...roomy, capacityBytes: 0x2000 })).to.include({ reason: 'signature-malformed' });
  });

  it('18: refuses a device without an update slot, and says why', async () => {
    const told = await judged(app, { ...roomy, updateSlot: 'none', capacityBytes: null });
    expect(told).to.include({ verdict: 'refuse', reason: 'no-update-slot', canOverrule: false });
    expect(told.message).to.match(/no update slot/);
  });

  it('24: lets a second image be overruled, but not past the size of the slot', async () => {
    const two = concat(app, buildApp({ seed: 5 }));
    expect(await judged(two, roomy)).to.include({ reason: 'trailing-image', canOverrule: true });
    expect(await judged(two, { ...roomy, capacityBytes: app.length })).to.include({
      reason: 'too-large',
      canOverrule: false,
    });
  });

  it('15, 24: gives a second reason after the first was overruled, and does not accept the overruling of one never shown', async () => {
    const two = await inspect(concat(buildApp({ chip: 'ESP32-S3' }), buildApp({ chip: 'ESP32-S3', seed: 5 })));
    const told = (overruled: readonly ReasonCode[], device = roomy): unknown => judge(two, device, overruled).reason;
    expect(told([])).to.equal('wrong-chip');
    expect(told(['wrong-chip'])).to.equal('trailing-image');
    expect(told(['trailing-image'])).to.equal('wrong-chip');
    expect(judge(two, roomy, ['wrong-chip', 'trailing-image']).verdict).to.not.equal('refuse');
    expect(told(['wrong-chip', 'trailing-image', 'too-large'], { ...roomy, capacityBytes: 16 })).to.equal('too-large');
  });

  it('24: does not let an image that starts at 0x1000 be overruled', async () => {
    expect(await judged(concat(filled(0x1000, 0xff), app), roomy)).to.include({
      verdict: 'refuse',
      canOverrule: false,
    });
  });

  it('25: refuses what is unsigned or broken where the device takes signed firmware only', async () => {
    const strict: DeviceFacts = { ...roomy, requiresSignature: true };
    const broken = patched(buildSigned(app), { 0x1258: 1, 0x1259: 2 });
    expect(await judged(app, strict)).to.include({
      verdict: 'refuse',
      reason: 'signature-missing',
      canOverrule: false,
    });
    expect(await judged(broken, strict)).to.include({ verdict: 'refuse', reason: 'signature-malformed' });
    expect(await judged(buildSigned(app), strict)).to.include({ verdict: 'accept' });
  });

  it('25: refuses an older security version', async () => {
    const told = await judged(buildApp({ secureVersion: 1 }), { ...roomy, secureVersion: 2 });
    expect(told).to.include({ verdict: 'refuse', reason: 'secure-version', canOverrule: false });
    expect(await judged(buildApp({ secureVersion: 2 }), { ...roomy, secureVersion: 2 })).to.include({
      verdict: 'accept',
    });
  });

  it('never lets a damaged file be overruled, even for another chip', async () => {
    const damaged = patched(buildApp({ chip: 'ESP32-S3' }), { 0x800: 1, 0x801: 7 });
    expect(await judged(damaged, roomy)).to.include({ verdict: 'refuse', canOverrule: false });
  });

  it('refuses every table, with the partitions named', async () => {
    const seen = await inspect(buildPartitionTable());
    expect(seen.partitions.map(({ label, type, offset, size }) => ({ label, type, offset, size }))).to.deep.equal(
      OTA_TABLE.map(({ label, type, offset, size }) => ({ label, type: type === 0 ? 'app' : 'data', offset, size })),
    );
    expect(seen.partitions.map(({ subtype }) => subtype)).to.deep.equal(['nvs', 'otadata', 'ota_0', 'ota_1']);
  });
});
