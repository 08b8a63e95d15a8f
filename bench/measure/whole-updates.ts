/** Whole updates by a page that nobody looks into, and what each of them cost. */
import type { DeviceOptions } from '../../src/simulator/options.ts';
import type { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { AppPage } from '../../test/journey/app-page.ts';
import type { Journey } from '../../test/journey/journey.ts';
import { HeapWatch, type HeapUse } from './heap-watch.ts';
import { PageNotes } from './page-notes.ts';
import { pageAt, pressLater, UnwatchedBrowser, until } from './unwatched-browser.ts';

export const MB = 1024 * 1024;
/** What chunks have grown to by far most of the time: the limit of such a device. */
export const CHUNK_BYTES = 65_536;
export const NAME = 'Bench';
/** Often enough to see a copy of the file that lives for a moment, seldom enough to be no load. */
const HEAP_LOOK_MS = 50;
/** The slowest is the plain loop: some 20 s. */
export const PATIENCE_MS = 120_000;

export interface Scene {
  readonly journey: Journey;
  /** Of the page. */
  readonly url: string;
}

export interface Timed {
  readonly ms: number;
  /** Of the device's own flash. */
  readonly flashMs: number;
}

/** What one update cost. */
export interface Update extends Timed {
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
export async function sent(
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

export function check({ runningImage }: SimulatedDevice, image: Uint8Array): void {
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
