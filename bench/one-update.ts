/** One update of a device with larger buffers than the published one: how near the page comes to what the device itself needs. */
import { realisticCosts, noCosts } from '../src/simulator/clock.ts';
import type { DeviceOptions } from '../src/simulator/options.ts';
import { GENEROUS_REQUEST_BYTES } from '../src/simulator/server/server-limits.ts';
import type { SimulatedDevice } from '../src/simulator/simulated-device.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { AppPage } from '../test/journey/app-page.ts';
import { Journey } from '../test/journey/journey.ts';
import { Lan } from '../test/journey/lan.ts';
import { longestTaskMs } from '../test/journey/long-tasks.ts';
import { bareLoop } from './measure/bare-loop.ts';
import { exactClock } from './measure/exact-clock.ts';
import { median, rounded, type Bench, type Measured, type Row } from './measure/found.ts';
import { HeapWatch, type HeapUse } from './measure/heap-watch.ts';
import { PageNotes } from './measure/page-notes.ts';
import { DOCUMENTED_CHUNK, plainLoop } from './measure/plain-loop.ts';
import { doubling, updateRequests } from './measure/update-requests.ts';
import { pageAt, pressLater, UnwatchedBrowser, until } from './measure/unwatched-browser.ts';

const MB = 1024 * 1024;
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
/** What chunks have grown to by far most of the time: the limit of such a device. */
const CHUNK_BYTES = 65_536;
/** A build with larger buffers than the published one, as nobody but this bench has it. */
const GENEROUS = { requestBytes: GENEROUS_REQUEST_BYTES };
const DIALECTS = ['shipped', 'documented'] as const;
type Dialect = (typeof DIALECTS)[number];
const NAME = 'Bench';
/** Often enough to see a copy of the file that lives for a moment, seldom enough to be no load. */
const HEAP_LOOK_MS = 50;
/** The slowest is the plain loop: some 20 s. */
const PATIENCE_MS = 120_000;

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

interface Scene {
  readonly journey: Journey;
  /** Of the page. */
  readonly url: string;
}

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

interface Timed {
  readonly ms: number;
  /** Of the device's own flash. */
  readonly flashMs: number;
}

function ratioOf(runs: readonly Timed[]): number {
  return rounded(median(runs.map(({ ms, flashMs }) => ms / flashMs)), 3);
}

/** What one update cost. */
interface Update extends Timed {
  /** From choosing the file to the outcome; preflights are counted by themselves. */
  readonly requests: number;
  readonly preflights: number;
}

interface Sent {
  readonly updates: readonly Update[];
  readonly notes: PageNotes;
  readonly handledMs: HandledMs;
  /** The first is from before the file was chosen. */
  readonly heap: readonly HeapUse[];
}

/** Milliseconds from a request whole to its answer, inside the simulated device. */
interface HandledMs {
  readonly chunks: number[];
  readonly preflights: number[];
}

/** Whole updates of one device, one after the other, by a page that nobody looks into; checked, since a wrong run says nothing. */
async function sent(
  { journey, url }: Scene,
  options: Partial<DeviceOptions>,
  images: readonly Uint8Array[],
  heapWatch: { readonly collected: boolean } | null = null,
): Promise<Sent> {
  const slotBytes = Math.ceil(Math.max(...images.map(({ length }) => length)) / MB) * MB;
  const served = await journey.device({ ...options, slotBytes });
  const { device } = served;
  const handledMs = watched(device);
  const heap: HeapUse[] = [];
  const costs: Omit<Update, 'ms'>[] = [];
  const browser = await UnwatchedBrowser.launch();
  try {
    await browser.drive(async (profile) => {
      await PageNotes.prepare(profile);
      const app = await AppPage.open(await profile.newPage(), url);
      await app.addDevice(NAME, served);
    });
    for (const image of images) {
      const { flashMs, restarts } = device;
      const before = device.requests.length;
      const watch = await browser.drive(async (profile) => {
        const app = AppPage.of(pageAt(profile, url));
        const update = app.card(NAME).getByRole('button', { name: 'Update', exact: true });
        // What the driver itself brings into the page is there before the first look.
        await update.waitFor();
        const watching =
          heapWatch === null
            ? null
            : await HeapWatch.start(browser.endpoint, url, HEAP_LOOK_MS, heapWatch.collected, (use) => heap.push(use));
        // Dropped, not chosen: to a browser that it did not start itself the driver hands a chosen file as text, over the page.
        await app.drop(await journey.file('bench.bin', image));
        await app.judged();
        await pressLater(update);
        return watching;
      });
      await until(() => device.restarts > restarts, PATIENCE_MS);
      await browser.drive(async (profile) => {
        const app = AppPage.of(pageAt(profile, url));
        await app.says(device.options.dialect === 'shipped' ? 'Updated' : 'Accepted by the device', NAME, PATIENCE_MS);
      });
      await watch?.stop();
      check(device, image);
      const requests = device.requests.slice(before);
      const preflights = requests.filter(({ method }) => method === 'OPTIONS').length;
      costs.push({ flashMs: device.flashMs - flashMs, requests: requests.length - preflights, preflights });
    }
    const notes = await browser.drive(async (profile) => PageNotes.read(pageAt(profile, url)));
    const updates = notes.updatesMs.flatMap((ms, index) => {
      const cost = costs[index];
      return cost === undefined ? [] : { ms, ...cost };
    });
    return { updates, notes, handledMs, heap };
  } finally {
    await browser.end();
    await journey.endTest();
  }
}

function check({ runningImage }: SimulatedDevice, image: Uint8Array): void {
  if (Buffer.compare(runningImage, image) !== 0) throw new Error('the slot does not hold the file');
}

function watched(device: SimulatedDevice): HandledMs {
  const handled: HandledMs = { chunks: [], preflights: [] };
  const receive = device.receive.bind(device);
  device.receive = async (request, signal, arrivedAt) => {
    const startedAt = performance.now();
    const response = await receive(request, signal, arrivedAt);
    const ms = performance.now() - startedAt;
    if (request.method === 'OPTIONS') handled.preflights.push(ms);
    else if (request.bodyBytes === CHUNK_BYTES) handled.chunks.push(ms);
    return response;
  };
  return handled;
}
