/** One update of one device: how near the page comes to what the device itself needs. */
import type { Page } from 'playwright-core';
import { realisticCosts, noCosts, type Costs } from '../src/simulator/clock.ts';
import type { SimulatedDevice } from '../src/simulator/simulated-device.ts';
import { Journey, type ServedDevice } from '../test/journey/journey.ts';
import { longestTaskMs } from '../test/journey/long-tasks.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { median, rounded, type Bench, type Measured, type Row } from './found.ts';
import { PageProbe } from './page-probe.ts';
import { plainLoop } from './plain-loop.ts';

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
  const { served, probe } = await sent(journey, dialect, IMAGE, realisticCosts);
  const page = await probe.updateMs();
  const limit = served.device.flashMs;
  const requests = served.device.requests.map(({ method }) => method);
  const preflights = requests.filter((method) => method === 'OPTIONS').length;
  await journey.endTest();

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
  const { probe, handledMs } = await sent(journey, dialect, LARGEST, noCosts);
  const cycle = median(await probe.chunkCyclesMs(CHUNK_BYTES));
  // Every chunk had a preflight, or none but the first.
  const computes = median(handledMs.chunks) + (handledMs.preflights.length > 20 ? median(handledMs.preflights) : 0);
  await journey.endTest();
  const named = (what: string): string => `${dialect}, infinitely fast device, a chunk of 64 KiB: ${what}`;
  return [
    { what: named('from its request to the next one’s'), value: rounded(cycle, 2), unit: 'ms' },
    { what: named('of which the simulator computes'), value: rounded(computes, 2), unit: 'ms' },
    { what: named('beyond the device'), value: rounded(cycle - computes, 2), unit: 'ms' },
  ];
}

async function largest(journey: Journey): Promise<readonly Row[]> {
  const { probe } = await sent(journey, 'shipped', LARGEST, noCosts);
  const { baseline, peak } = probe.heapBytes();
  await journey.endTest();
  // A run of its own: the trace takes memory too.
  let longest = 0;
  await sent(journey, 'shipped', LARGEST, noCosts, async (page, work) => {
    longest = await longestTaskMs(journey.browser, page, work);
  });
  await journey.endTest();
  const beyond = (peak - baseline - LARGEST.length) / MB;
  return [
    {
      what: '16 MB: memory beyond the file, at most',
      value: rounded(beyond, 1),
      unit: 'MB',
      mark: MEMORY_BEYOND_FILE_MB,
    },
    { what: '16 MB: longest task of the main thread', value: rounded(longest, 0), unit: 'ms', mark: LONG_TASK_MS },
  ];
}

interface Sent {
  readonly served: ServedDevice;
  readonly probe: PageProbe;
  readonly handledMs: HandledMs;
}

/** Milliseconds from a request whole to its answer, inside the simulated device. */
interface HandledMs {
  readonly chunks: number[];
  readonly preflights: number[];
}

/** One whole update by the page, as a person does it; checked, since a wrong run says nothing. */
async function sent(
  journey: Journey,
  dialect: Dialect,
  image: Uint8Array,
  costs: Costs,
  around: (page: Page, work: () => Promise<unknown>) => Promise<unknown> = (_, work) => work(),
): Promise<Sent> {
  const slotBytes = Math.ceil(image.length / MB) * MB;
  const served = await journey.device({ dialect, costs, slotBytes });
  const handledMs = watched(served.device);
  const profile = await journey.profile();
  await PageProbe.prepare(profile);
  const app = await journey.open(profile);
  await app.addDevice(NAME, served);
  const probe = await PageProbe.start(app.page);
  const path = await journey.file('bench.bin', image);
  await around(app.page, async () => {
    await app.choose(path);
    await app.press('Update', NAME);
    await app.says(dialect === 'shipped' ? 'Updated' : 'Accepted by the device', NAME, PATIENCE_MS);
  });
  await probe.stop();
  if (Buffer.compare(served.device.runningImage, image) !== 0) throw new Error('the slot does not hold the file');
  return { served, probe, handledMs };
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
