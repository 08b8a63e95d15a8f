/** One update of one device: how near the page comes to what the device itself needs. */
import { realisticCosts, noCosts, type Costs } from '../src/simulator/clock.ts';
import type { SimulatedDevice } from '../src/simulator/simulated-device.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { AppPage } from '../test/journey/app-page.ts';
import { Journey } from '../test/journey/journey.ts';
import { longestTaskMs } from '../test/journey/long-tasks.ts';
import { median, rounded, type Bench, type Measured, type Row } from './found.ts';
import { HeapWatch, type HeapUse } from './heap-watch.ts';
import { PageNotes } from './page-notes.ts';
import { plainLoop } from './plain-loop.ts';
import { pageAt, pressLater, UnwatchedBrowser, until } from './unwatched-browser.ts';

const MB = 1024 * 1024;
/** A MicroPython firmware. */
const IMAGE = buildApp({ sizeBytes: 1_500_000 });
/** The largest flash that an ESP32 module is sold with and that a person may drop here. */
const LARGEST = buildApp({ sizeBytes: 16 * MB });
/** The page may take this share of the device's own time. */
const PAGE_TO_LIMIT = 1.06;
const MEMORY_BEYOND_FILE_MB = 8;
const LONG_TASK_MS = 50;
/** What chunks have grown to by far most of the time: the device's body limit. */
const CHUNK_BYTES = 65_536;
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
    const journey = await Journey.begin();
    try {
      const rows: Row[] = [];
      for (const dialect of DIALECTS) rows.push(...(await realistic(journey, dialect)));
      for (const dialect of DIALECTS) rows.push(...(await infinitelyFast(journey, dialect)));
      rows.push(...(await largest(journey)));
      return { browser: `Chromium ${journey.browser.version()}`, rows };
    } finally {
      await journey.end();
    }
  },
};

async function realistic(journey: Journey, dialect: Dialect): Promise<readonly Row[]> {
  const { device, notes } = await sent(journey, dialect, IMAGE, realisticCosts);
  const page = notes.updateMs;
  const limit = device.flashMs;
  const requests = device.requests.map(({ method }) => method);
  const preflights = requests.filter((method) => method === 'OPTIONS').length;

  const other = await journey.device({ dialect, costs: realisticCosts });
  const loop = await plainLoop({ ...other, dialect }, IMAGE);
  const loopLimit = other.device.flashMs;
  await journey.endTest();
  const named = (what: string): string => `${dialect}, 1.5 MB: ${what}`;
  return [
    { what: named('page ÷ limit'), value: rounded(page / limit, 3), unit: '', mark: PAGE_TO_LIMIT },
    { what: named('plain loop ÷ limit'), value: rounded(loop / loopLimit, 3), unit: '' },
    { what: named('page'), value: rounded(page / 1000, 2), unit: 's' },
    { what: named('plain loop'), value: rounded(loop / 1000, 2), unit: 's' },
    { what: named('limit, the device’s own flash time'), value: rounded(limit / 1000, 2), unit: 's' },
    { what: named('requests of the page'), value: requests.length - preflights, unit: '' },
    { what: named('and their preflights'), value: preflights, unit: '' },
  ];
}

/** Nothing costs the device any time, so what a chunk costs here it costs beyond every device. */
async function infinitelyFast(journey: Journey, dialect: Dialect): Promise<readonly Row[]> {
  const { notes, handledMs } = await sent(journey, dialect, LARGEST, noCosts);
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

async function largest(journey: Journey): Promise<readonly Row[]> {
  const beyond = async (collected: boolean): Promise<number> => {
    const { heap } = await sent(journey, 'shipped', LARGEST, noCosts, { collected });
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
      value: rounded(await traced(journey), 0),
      unit: 'ms',
      mark: LONG_TASK_MS,
    },
  ];
}

/** A run of its own: the trace takes memory and time, and so does who makes it. */
async function traced(journey: Journey): Promise<number> {
  const served = await journey.device({ dialect: 'shipped', costs: noCosts, slotBytes: LARGEST.length });
  const app = await journey.open();
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

interface Sent {
  readonly device: SimulatedDevice;
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

/** One whole update by a page that nobody looks into; checked, since a wrong run says nothing. */
async function sent(
  journey: Journey,
  dialect: Dialect,
  image: Uint8Array,
  costs: Costs,
  heapWatch: { readonly collected: boolean } | null = null,
): Promise<Sent> {
  const slotBytes = Math.ceil(image.length / MB) * MB;
  const served = await journey.device({ dialect, costs, slotBytes });
  const { device } = served;
  const { url } = journey.host;
  const handledMs = watched(device);
  const heap: HeapUse[] = [];
  const browser = await UnwatchedBrowser.launch();
  try {
    await browser.drive(async (profile) => {
      await PageNotes.prepare(profile);
      const app = await AppPage.open(await profile.newPage(), url);
      await app.addDevice(NAME, served);
    });
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
    await until(() => device.restarts > 0, PATIENCE_MS);
    const notes = await browser.drive(async (profile) => {
      const app = AppPage.of(pageAt(profile, url));
      await app.says(dialect === 'shipped' ? 'Updated' : 'Accepted by the device', NAME, PATIENCE_MS);
      return PageNotes.read(app.page);
    });
    await watch?.stop();
    check(device, image);
    return { device, notes, handledMs, heap };
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
  const handle = device.handle.bind(device);
  device.handle = async (request) => {
    const startedAt = performance.now();
    const response = await handle(request);
    const ms = performance.now() - startedAt;
    if (request.method === 'OPTIONS') handled.preflights.push(ms);
    else if (Number(request.headers.get('Content-Length')) === CHUNK_BYTES) handled.chunks.push(ms);
    return response;
  };
  return handled;
}
