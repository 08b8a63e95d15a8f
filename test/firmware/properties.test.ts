/** What holds for every file, whatever is in it. */
import { expect } from 'chai';
import { inspect } from './told.ts';
import { notTakenInWords } from '../../src/words/firmware/files.ts';
import { takeOut } from '../../src/firmware/container/inside.ts';
import type { Inspection } from '../../src/model/firmware/inspection.ts';
import { buildMerged, buildOtadata, buildPartitionTable } from './flash-builder.ts';
import { buildApp, buildBootloader, buildSigned, concat, patched, SECTOR, text } from './image-builder.ts';
import { readTells } from '../../src/firmware/image/tells.ts';
import type { Bytes } from './image-builder.ts';
import { bySlowClock } from './slow-clock.ts';
import { buildEsp8266, buildGzip, buildNvs, buildUf2, buildZip } from './other-files-builder.ts';
import { fc, howMany } from '../random.ts';

const RUNS = howMany(300);
/**
 * How often the inspector may yield for a file of some kilobytes, if it yields wherever it can: 5 times were seen in
 * Node, 45 in Chromium, which unpacks in smaller portions. An inspector that goes over the same bytes again and again
 * yields without end.
 */
const MOST_TURNS = 200;

async function inFewTurns(file: Bytes): Promise<Inspection> {
  let turns = 0;
  const rest = async (): Promise<void> => void (turns += 1);
  const seen = await bySlowClock(() => inspect(file, { yieldToPage: rest }));
  expect(turns).to.be.at.most(MOST_TURNS);
  expect(seen.size).to.equal(file.length);
  expect(seen.message).to.match(/\S\.$|\?$/);
  return seen;
}

/** Takes out and inspects the inner files as well. */
async function inDepth(file: Bytes): Promise<Inspection> {
  const seen = await inFewTurns(file);
  for (const inner of seen.inside) {
    const result = await takeOut(file, inner);
    if (result.kind === 'taken') await inFewTurns(result.bytes);
    else expect(notTakenInWords(result)).to.match(/\.$/);
  }
  return seen;
}

const own = (bytes: Uint8Array): Bytes => Uint8Array.from(bytes);

const TASMOTA = ['Tasmota/%s (%s)', 'FRC: Some settings have been reset (%d)', 'minimal', '19:38:07', 'Jul 24 2026'];
const PRETTY = ['/prettyota/queryInfo', 'Jul  4 2026', '19:38:08'];
const ESPHOME = [
  'ESPHome version 2026.2.2 compiled on %s',
  'Project acme.plug version 1.2',
  '2026-03-15 18:46:25 +0100',
];

/** Every byte of these is under the appended hash, or is the hash itself. */
const goodApps: readonly Bytes[] = [
  buildApp(),
  buildApp({ chip: 'ESP32-C3', oddSegments: true, sizeBytes: 2048 }),
  buildApp({ chip: 'ESP32-S3', flash: 0x4f, maxRevision: 99 }),
];
const signed = buildSigned(buildApp({ chip: 'ESP32-C6' }), 2);

/**
 * How many bytes from the start a checksum or digest covers: the last 16 bytes of a signature block are not covered.
 */
function vouchedFor(file: Bytes): number {
  return file === signed ? SECTOR + 1200 : file.length;
}

describe('for every file', () => {
  let files: readonly Bytes[] = [];

  before(async () => {
    const app = buildApp({ chip: 'ESP32-S3' });
    files = [
      ...goodApps,
      signed,
      buildBootloader(),
      buildMerged({ chip: 'ESP32-S3' }),
      buildMerged({ startsAt: 'flash' }),
      buildPartitionTable(),
      buildOtadata(),
      buildNvs(),
      buildEsp8266(1),
      buildEsp8266(2),
      buildEsp8266(1, { crc: true, strings: TASMOTA }),
      await buildGzip(buildEsp8266(1, { strings: TASMOTA })),
      buildApp({ strings: [...TASMOTA, ...ESPHOME], python: false }),
      buildUf2(app),
      await buildGzip(app),
      await buildZip([
        { name: 'a.bin', bytes: app },
        { name: 'b.bin', bytes: buildBootloader(), stored: true },
      ]),
    ];
  });

  it('of random bytes, the inspector returns and never accepts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), async (bytes) => {
        expect((await inDepth(own(bytes))).verdict).to.equal('refuse');
      }),
      { numRuns: RUNS },
    );
  });

  it('of random bytes behind a start that promises something, the inspector returns and never accepts', async () => {
    const starts = [
      [0xe9],
      [0xe9, 2, 2, 0x20],
      [0xea, 4],
      [0xaa, 0x50],
      [0x1f, 0x8b, 8],
      [0x50, 0x4b, 3, 4],
      [0x3a],
      [0xff],
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 2048 }), async (start, bytes) => {
        expect((await inDepth(concat(Uint8Array.from(start), bytes))).verdict).to.not.equal('accept');
      }),
      { numRuns: RUNS },
    );
  });

  it('cut anywhere, the inspector returns and never accepts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (which, share) => {
          const file = files[which % files.length] ?? goodApps[0];
          if (file === undefined) throw new Error('no file');
          const seen = await inDepth(file.slice(0, Math.floor(share * file.length)));
          expect(seen.verdict).to.not.equal('accept');
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('with any byte of a good app changed, the inspector returns and never accepts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...goodApps),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (app, place, change) => {
          const at = place % vouchedFor(app);
          const seen = await inDepth(patched(app, { [at]: (app[at] ?? 0) ^ change }));
          expect(seen.verdict, `byte ${at}`).to.not.equal('accept');
        },
      ),
      { numRuns: 3 * RUNS },
    );
  });

  it('with any bit of the header of a good app changed, the inspector never accepts', async () => {
    const [app] = goodApps;
    if (app === undefined) throw new Error('no app');
    for (let at = 0; at < 32; at += 1) {
      for (const change of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const seen = await inspect(patched(app, { [at]: (app[at] ?? 0) ^ change }));
        expect(seen.verdict, `byte ${at} ^ ${change}`).to.not.equal('accept');
      }
    }
  });

  it('with some bytes of any good file changed, the inspector returns and never accepts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 }),
        async (which, changes) => {
          const file = files[which % files.length] ?? buildApp();
          const changed = own(file);
          for (const [place, change] of changes) {
            const at = place % vouchedFor(file);
            changed[at] = (changed[at] ?? 0) ^ change;
          }
          const same = changed.every((byte, index) => byte === file[index]);
          const { verdict } = await inDepth(changed);
          if (!same) expect(verdict).to.not.equal('accept');
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('of any words in an app, what it says of itself is a line of plain text, or nothing', async () => {
    const known = fc.constantFrom(...TASMOTA, ...ESPHOME, ...PRETTY, 'tasmota32', 'safeboot', 'a3a4459', '_esphomelib');
    const words = fc.array(
      fc.oneof(known, fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 })),
      {
        maxLength: 30,
      },
    );
    await fc.assert(
      fc.asyncProperty(words, fc.constantFrom('\0', '\0\0\0', ' ', ''), async (strings, between) => {
        const bytes = text(strings.join(between));
        const yields = { count: 0 };
        const yieldWhenDue = async (): Promise<void> => void (yields.count += 1);
        for (const chip of ['esp32', 'esp8266'] as const) {
          const stated = { project: 'kitchen', version: '2026.2.2' };
          const tells = await readTells(bytes, { chip, stated }, yieldWhenDue);
          if (tells === undefined) continue;
          const { product, version, release, build, node, builds = [] } = tells;
          for (const said of [product, version, release, build, node, ...builds]) {
            if (said !== null && said !== undefined) expect(said).to.match(/^[\x20-\x7e]{1,140}$/);
          }
        }
        expect(yields.count).to.be.at.most(MOST_TURNS);
      }),
      { numRuns: 3 * RUNS },
    );
  });

  it('the same bytes are told the same', async () => {
    for (const file of files) expect(await inspect(file)).to.deep.equal(await inspect(own(file)));
  });
});
