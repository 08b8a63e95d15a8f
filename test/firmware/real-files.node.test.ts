/** Files that others built, judged as their list says. They lie beside the project, not in it. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import * as v from 'valibot';
import { sha256 } from '../../src/firmware/digest.ts';
import { inspect } from '../../src/firmware/inspect.ts';
import { takeOut } from '../../src/firmware/inside.ts';
import type { FirmwareKind } from '../../src/firmware/inspection.ts';
import { judge } from '../../src/firmware/judge.ts';

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
      expect(seen.chip?.name ?? null).to.equal(expected.chip);
      const device = { chipId: seen.chip?.id ?? null, capacityBytes: 16 * 1024 * 1024, updateSlot: 'free' } as const;
      expect(judge(seen, device).verdict).to.equal(expected.verdict);
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
    expect(taken).to.deep.equal({ ok: true, bytes: await bytesOf('esphome-esp32-ota.bin') });
  });

  /** What of the list holds an app; what is missing here would be an offer that nobody gets to see. */
  const HOLDING = [
    'esp32c6-merged.bin',
    'esp32s3-merged-lilygo.bin',
    'esphome-esp32-factory.bin',
    'micropython-esp32h2-merged.bin',
    'micropython-esp32p4-merged.bin',
    'micropython-esp32s3-merged.bin',
    'micropython-esp32s3.uf2',
  ];

  it('offer an app where they hold one, and nothing where they do not', async () => {
    const offering: string[] = [];
    for (const { file } of files) if ((await inspect(await bytesOf(file))).inside.length > 0) offering.push(file);
    expect(offering.sort()).to.deep.equal(HOLDING);
  });

  for (const file of HOLDING) {
    it(`${file} holds an app that is accepted by itself`, async () => {
      let bytes = await bytesOf(file);
      let seen = await inspect(bytes);
      for (let [inner] = seen.inside; inner !== undefined; [inner] = seen.inside) {
        const taken = await takeOut(bytes, inner);
        if (!taken.ok) throw new Error(`${file}: ${taken.message}`);
        bytes = taken.bytes;
        seen = await inspect(bytes);
      }
      expect(seen).to.include({ kind: 'app', verdict: 'accept' }, seen.message);
    });
  }
});
