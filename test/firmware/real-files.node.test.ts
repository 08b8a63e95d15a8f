/** Files that others built, and the verdict that their list expects. They lie beside the project, not in it. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import * as v from 'valibot';
import { sha256 } from '../../src/firmware/bytes/digest.ts';
import { inspect, judge } from './told.ts';
import { takeOut } from '../../src/firmware/container/inside.ts';
import type { ReasonCode } from '../../src/model/firmware/finding.ts';
import type { FirmwareKind, Verdict } from '../../src/model/firmware/inspection.ts';
import { Work } from '../../src/firmware/work.ts';
import { reportOn } from '../../src/host/cli/file-report.ts';
import { chipName } from '../../src/words/firmware/chip-name.ts';
import { innerFileName } from '../../src/words/firmware/inner-file.ts';

const FOLDER = new URL('../../../shared/firmware/', import.meta.url);

const list = v.array(
  v.object({
    file: v.string(),
    kind: v.string(),
    chip: v.nullable(v.string()),
    size: v.number(),
    sha256: v.string(),
    verdict: v.picklist(['accept', 'refuse']),
    checksumValid: v.nullable(v.boolean()),
    hashValid: v.nullable(v.boolean()),
    micropython: v.optional(v.object({ version: v.string(), date: v.string(), machine: v.string() })),
    app: v.nullable(
      v.object({
        secure_version: v.number(),
        version: v.string(),
        project: v.string(),
        time: v.string(),
        date: v.string(),
        idf: v.string(),
        elf_sha: v.string(),
      }),
    ),
  }),
);

/** The list names kinds in its own words; the longer ones begin with these. */
const KINDS: readonly (readonly [start: string, kind: FirmwareKind])[] = [
  ['merged image', 'merged'],
  ['app', 'app'],
  ['bootloader', 'bootloader'],
  ['partition table', 'partition-table'],
  ['otadata', 'otadata'],
  ['littlefs', 'file-system'],
  ['SPIFFS', 'file-system'],
  ['NVS', 'nvs'],
  ['ESP8266', 'esp8266'],
  ['Intel HEX', 'hex'],
  ['UF2', 'uf2'],
  ['ZIP', 'zip'],
  ['wear-levelling', 'unknown'],
];

function expectedFiles(): v.InferOutput<typeof list> | null {
  try {
    return v.parse(list, JSON.parse(readFileSync(new URL('expected.json', FOLDER), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(file, FOLDER)));
}

const files = expectedFiles();

describe('real files', () => {
  if (files === null) {
    it.skip('are judged as expected: skipped, there is no folder ../shared/firmware beside this project');
    return;
  }

  it('are all there', () => expect(files).to.have.length(26));

  for (const expected of files) {
    it(`${expected.file} is judged as expected`, async () => {
      const bytes = await bytesOf(expected.file);
      const seen = await inspect(bytes);
      expect(await sha256(bytes)).to.equal(expected.sha256);
      expect(seen).to.deep.include({
        kind: KINDS.find(([start]) => expected.kind.startsWith(start))?.[1],
        size: expected.size,
        checksumValid: expected.checksumValid,
        hashValid: expected.hashValid,
        micropython: expected.micropython ?? null,
      });
      expect(seen.chip && chipName(seen.chip.id)).to.equal(expected.chip);
      const device = { chipId: seen.chip?.id ?? null, capacityBytes: 16 * 1024 * 1024, updateSlot: 'free' } as const;
      // The list says whether a device starts it; that it is no MicroPython is another matter.
      const isOther = expected.verdict === 'accept' && expected.micropython === undefined && seen.tells === undefined;
      expect(judge(seen, device).verdict).to.equal(isOther ? 'warn' : expected.verdict);
      const warnings = isOther ? ['no-micropython'] : seen.kind === 'esp8266' ? ['esp8266'] : [];
      expect(seen.warnings.map(({ reason }) => reason)).to.deep.equal(warnings);
      const { app } = expected;
      expect(seen).to.include({
        project: app?.project ?? null,
        version: app?.version ?? null,
        elfSha256: app?.elf_sha ?? null,
        secureVersion: app?.secure_version ?? null,
        date: app === null ? null : `${app.date} ${app.time}`,
        // Bootloaders state the version of ESP-IDF, too; the list does not tell theirs.
        idfVersion: app === null ? seen.idfVersion : app.idf,
      });
    });
  }

  it('the app inside the full-flash file is the one for updates, byte for byte', async () => {
    const factory = await bytesOf('esphome-esp32-factory.bin');
    const [inner] = (await inspect(factory)).inside;
    if (inner === undefined) throw new Error('nothing inside');
    const taken = await takeOut(factory, inner);
    expect(taken).to.deep.equal({ kind: 'taken', bytes: await bytesOf('esphome-esp32-ota.bin') });
  });

  /** The files that hold an app, each with the warnings of that app. */
  const HOLDING: ReadonlyMap<string, readonly ReasonCode[]> = new Map([
    ['esp32c6-merged.bin', ['no-micropython']],
    ['esp32s3-merged-lilygo.bin', ['no-micropython']],
    ['esphome-esp32-factory.bin', []],
    ['micropython-esp32h2-merged.bin', []],
    // Built for the P4 before its revision 3, as all were until then.
    ['micropython-esp32p4-merged.bin', ['chip-revision']],
    ['micropython-esp32s3-merged.bin', []],
    ['micropython-esp32s3.uf2', []],
  ]);

  it('offer an app where they hold one, and nothing where they do not', async () => {
    const offering: string[] = [];
    for (const { file } of files) if ((await inspect(await bytesOf(file))).inside.length > 0) offering.push(file);
    expect(offering.sort()).to.deep.equal([...HOLDING.keys()]);
  });

  for (const [file, warnings] of HOLDING) {
    it(`${file} holds an app that is whole by itself`, async () => {
      const { seen } = await innermost(await bytesOf(file));
      expect(seen.kind, seen.message).to.equal('app');
      expect(seen.warnings.map(({ reason }) => reason)).to.deep.equal(warnings);
      expect(seen.verdict).to.equal(warnings.length === 0 ? 'accept' : 'warn');
    });
  }
});

/** Takes the first offer, and the first of that, to the end. */
async function innermost(
  file: Uint8Array<ArrayBuffer>,
): Promise<{ seen: Awaited<ReturnType<typeof inspect>>; names: readonly string[] }> {
  const names: string[] = [];
  let bytes = file;
  let seen = await inspect(bytes);
  for (let [inner] = seen.inside; inner !== undefined; [inner] = seen.inside) {
    const taken = await takeOut(bytes, inner);
    if (taken.kind !== 'taken') throw new Error(taken.kind);
    names.push(innerFileName(inner));
    bytes = taken.bytes;
    seen = await inspect(bytes);
  }
  return { seen, names };
}

type Case = readonly [
  file: string,
  kind: FirmwareKind,
  verdict: Verdict,
  reason: ReasonCode,
  told: RegExp,
  /** Names of what is taken out, from outside in; "app" is what the last one has to be. */
  taken?: readonly string[],
];

/** Each was judged wrongly once, and stands for a kind of file. */
const CASES: readonly Case[] = [
  ['app-at-0x10000.bin', 'merged', 'refuse', 'trailing-image', /starts 65,536 bytes into/, ['image at 0x10000']],
  ['dump-runs-ota_1.bin', 'merged', 'refuse', 'merged', /partition ota_1\)/, ['ota_1']],
  ['efuse-block-v251.85.bin', 'app', 'warn', 'efuse-revision', /v251\.85/],
  ['factory-safeboot-first.bin', 'merged', 'refuse', 'merged', /partition app0\)/, ['app0']],
  ['ff-where-rest-should-be.bin', 'app', 'refuse', 'truncated', /from byte 30,000 on/],
  ['firmware.7z', 'archive', 'refuse', 'compressed', /7z file.*Unpack it first/],
  ['firmware.bin.xz', 'archive', 'refuse', 'compressed', /xz file.*Unpack it first/],
  ['idf-merge-esp32.uf2', 'uf2', 'refuse', 'uf2', /full-flash file \(182 KB\): look inside/, ['joined blocks', 'app0']],
  ['legacy-min-rev-3.bin', 'app', 'warn', 'chip-revision', /v3\.0 or newer/],
  ['merged-zero-gaps.bin', 'merged', 'refuse', 'merged', /partition ota_0\)/, ['ota_0']],
  ['multipart-body.bin', 'merged', 'refuse', 'trailing-image', /behind the head of a web form/, ['image at 0x88']],
  ['nvs-first-page-empty.bin', 'nvs', 'refuse', 'nvs', /nvs partition/],
  ['p4-max-rev-1.99.bin', 'app', 'warn', 'chip-revision', /up to revision v1\.99/],
  ['release.tar.gz', 'gzip', 'refuse', 'compressed', /holds a tar archive\. Unpack it first/],
  ['unknown-chip-app.bin', 'app', 'warn', 'unknown-chip', /chip ID 77/],
  ['unknown-chip-bootloader.bin', 'bootloader', 'refuse', 'bootloader', /bootloader/],
  ['utf8-mangled.bin', 'unknown', 'refuse', 'damaged', /text transfer/],
  ['zip-trailing-newline.zip', 'zip', 'refuse', 'compressed', /firmware inside: firmware\.bin/, ['firmware.bin']],
];

describe('files that were judged wrongly once', () => {
  if (files === null) {
    it.skip('are judged rightly: skipped, there is no folder ../shared/firmware beside this project');
    return;
  }

  for (const [file, kind, verdict, reason, told, names = []] of CASES) {
    it(`${file} is judged rightly`, async () => {
      const bytes = await bytesOf(`cases/${file}`);
      const seen = await inspect(bytes);
      expect([seen.kind, seen.verdict, seen.reason]).to.deep.equal([kind, verdict, reason], seen.message);
      expect(seen.message).to.match(told);
      const taken = await innermost(bytes);
      expect(taken.names).to.deep.equal(names);
      if (names.length > 0) expect(taken.seen.kind).to.equal('app');
    });
  }

  it('4 KB that unpack to 512 MB are bounded', async () => {
    const work = new Work();
    const report = await reportOn('uf2x32.zip', { kind: 'read', bytes: await bytesOf('cases/uf2x32.zip') }, work);
    expect(work.bytes).to.be.lessThan(640 * 1024 * 1024);
    expect(report.notLookedIntoBecause).to.equal('work');
  });
});
