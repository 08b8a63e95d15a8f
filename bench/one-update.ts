/** One update of a device with larger buffers than the published one: how near the page comes to what the device itself needs. */
import { realisticCosts, noCosts } from '../src/simulator/clock.ts';
import { GENEROUS_REQUEST_BYTES } from '../src/simulator/server/server-limits.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { Journey } from '../test/journey/journey.ts';
import { Lan } from '../test/journey/lan.ts';
import { longestTaskMs } from '../test/journey/long-tasks.ts';
import { bareLoop } from './measure/bare-loop.ts';
import { exactClock } from './measure/exact-clock.ts';
import { median, rounded, type Bench, type Measured, type Row } from './measure/found.ts';
import { DOCUMENTED_CHUNK, plainLoop } from './measure/plain-loop.ts';
import { doubling, updateRequests } from './measure/update-requests.ts';
import {
  CHUNK_BYTES,
  check,
  MB,
  NAME,
  PATIENCE_MS,
  type Scene,
  sent,
  type Timed,
  type Update,
} from './measure/whole-updates.ts';

const IMAGE_BYTES = 1_500_000;
/** Two versions of a MicroPython firmware: the first update of a device, and one that the page knows it from. */
const FIRST_IMAGE = buildApp({ sizeBytes: IMAGE_BYTES, version: '1.0.0' });
const IMAGES = [FIRST_IMAGE, buildApp({ sizeBytes: IMAGE_BYTES, version: '1.1.0' })];
/** The median of this many runs counts: the machine itself varies by more than what is measured. */
const RUNS = 3;
/** The largest flash that an ESP32 module is sold with and that a person may drop here. */
const LARGEST = buildApp({ sizeBytes: 16 * MB });
/**
 * The page may take this share of the device's own time. In `shipped` each chunk costs a preflight, and a first update
 * has five small ones more, for the sizes that are tried up to 4,096 bytes.
 */
const PAGE_TO_LIMIT = {
  shipped: { known: 1.06, first: 1.08 },
  documented: { known: 1.04, first: 1.04 },
};
const MEMORY_BEYOND_FILE_MB = 8;
const LONG_TASK_MS = 50;
/** A build with larger buffers than the published one, as nobody but this bench has it. */
const GENEROUS = { requestBytes: GENEROUS_REQUEST_BYTES };
const DIALECTS = ['shipped', 'documented'] as const;
type Dialect = (typeof DIALECTS)[number];

export const oneUpdate: Bench = {
  name: 'one-update',
  async run(): Promise<Measured> {
    const lan = await Lan.begin();
    const journey = await Journey.begin();
    try {
      // Without a gateway: the page goes to the device directly, from another origin.
      const scene = { journey, url: await lan.localPage() };
      const rows: Row[] = [];
      for (const dialect of DIALECTS) rows.push(...(await realistic(scene, dialect)));
      for (const dialect of DIALECTS) rows.push(...(await infinitelyFast(scene, dialect)));
      rows.push(...(await largest(scene)));
      return { with: `Chromium ${journey.browser.version()}`, rows };
    } finally {
      await journey.end();
      await lan.end();
    }
  },
};

async function realistic(scene: Scene, dialect: Dialect): Promise<readonly Row[]> {
  const { journey, url } = scene;
  const runs: (readonly Update[])[] = [];
  const loops: Timed[] = [];
  const bare: Timed[] = [];
  for (let run = 0; run < RUNS; run++) {
    const device = { ...GENEROUS, dialect, costs: realisticCosts, clock: exactClock };
    // First, since its hundreds of requests also warm up the simulator: cold, its own work took twice as long.
    const served = await journey.device(device);
    const ms = await plainLoop({ ...served, dialect }, FIRST_IMAGE, DOCUMENTED_CHUNK);
    loops.push({ ms, flashMs: served.device.flashMs });
    runs.push((await sent(scene, device, IMAGES)).updates);
    const other = await journey.device(device);
    const bareMs = await bareLoop(
      url,
      other,
      FIRST_IMAGE,
      updateRequests(dialect, FIRST_IMAGE, doubling()),
      PATIENCE_MS,
    );
    check(other.device, FIRST_IMAGE);
    bare.push({ ms: bareMs, flashMs: other.device.flashMs });
    await journey.endTest();
  }
  const named = (what: string): string => `${dialect}, 1.5 MB: ${what}`;
  const rows = (which: string, index: number, mark: number): readonly Row[] => {
    const updates = runs.flatMap((updates) => updates[index] ?? []);
    const middle = (of: keyof Update): number => median(updates.map((update) => update[of]));
    return [
      { what: named(`${which}: page ÷ limit`), value: ratioOf(updates), unit: '', mark },
      { what: named(`${which}: page`), value: rounded(middle('ms') / 1000, 2), unit: 's' },
      { what: named(`${which}: limit`), value: rounded(middle('flashMs') / 1000, 2), unit: 's' },
      { what: named(`${which}: requests`), value: middle('requests'), unit: '' },
      { what: named(`${which}: and their preflights`), value: middle('preflights'), unit: '' },
    ];
  };
  return [
    ...rows('a device known to the page', 1, PAGE_TO_LIMIT[dialect].known),
    ...rows('its first update', 0, PAGE_TO_LIMIT[dialect].first),
    { what: named('a bare loop in the same page ÷ limit'), value: ratioOf(bare), unit: '' },
    { what: named('plain loop ÷ limit'), value: ratioOf(loops), unit: '' },
    { what: named('plain loop'), value: rounded(median(loops.map(({ ms }) => ms)) / 1000, 2), unit: 's' },
  ];
}

/** Nothing costs the device any time, so what a chunk costs here it costs beyond every device. */
async function infinitelyFast(scene: Scene, dialect: Dialect): Promise<readonly Row[]> {
  const { notes, handledMs } = await sent(scene, { ...GENEROUS, dialect, costs: noCosts }, [LARGEST]);
  const cycle = median(notes.chunkCyclesMs(CHUNK_BYTES));
  // Every chunk had a preflight, or none but the first.
  const computes = median(handledMs.chunks) + (handledMs.preflights.length > 20 ? median(handledMs.preflights) : 0);
  const named = (what: string): string => `${dialect}, infinitely fast device, a chunk of 64 KiB: ${what}`;
  return [
    { what: named('from its request to the next one’s'), value: rounded(cycle, 2), unit: 'ms' },
    { what: named('of which the simulator computes'), value: rounded(computes, 2), unit: 'ms' },
    { what: named('beyond the device'), value: rounded(cycle - computes, 2), unit: 'ms' },
  ];
}

async function largest(scene: Scene): Promise<readonly Row[]> {
  const beyond = async (collected: boolean): Promise<number> => {
    const { heap } = await sent(scene, { ...GENEROUS, dialect: 'shipped', costs: noCosts }, [LARGEST], { collected });
    const sums = heap.map(({ objects, elements, buffers }) => objects + elements + buffers);
    const [baseline = 0] = sums;
    return rounded((Math.max(...sums) - baseline - LARGEST.length) / MB, 1);
  };
  return [
    {
      what: '16 MB: memory beyond the file, at most',
      value: await beyond(true),
      unit: 'MB',
      mark: MEMORY_BEYOND_FILE_MB,
    },
    { what: '16 MB: the same with what the browser has not collected yet', value: await beyond(false), unit: 'MB' },
    {
      what: '16 MB: longest task of the main thread',
      value: rounded(await traced(scene), 0),
      unit: 'ms',
      mark: LONG_TASK_MS,
    },
  ];
}

/** A run of its own: the trace takes memory and time, and so does who makes it. */
async function traced({ journey, url }: Scene): Promise<number> {
  const served = await journey.device({
    ...{ ...GENEROUS, dialect: 'shipped', costs: noCosts, slotBytes: LARGEST.length },
  });
  const app = await journey.open(undefined, url);
  await app.addDevice(NAME, served);
  const path = await journey.file('bench.bin', LARGEST);
  const longest = await longestTaskMs(journey.browser, app.page, async () => {
    await app.choose(path);
    await app.press('Update', NAME);
    await app.says('Updated', NAME, PATIENCE_MS);
  });
  check(served.device, LARGEST);
  await journey.endTest();
  return longest;
}

function ratioOf(runs: readonly Timed[]): number {
  return rounded(median(runs.map(({ ms, flashMs }) => ms / flashMs)), 3);
}
