/** One update of a device as it is published, by each way there is, against the client that the devices' authors use. */
import { realisticCosts } from '../src/simulator/clock.ts';
import type { DeviceOptions } from '../src/simulator/options.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { Journey, type ServedDevice } from '../test/journey/journey.ts';
import { Lan } from '../test/journey/lan.ts';
import { bareLoop } from './measure/bare-loop.ts';
import { exactClock } from './measure/exact-clock.ts';
import { median, rounded, type Bench, type Measured, type Row } from './measure/found.ts';
import { plainLoop, PUBLISHED_CHUNK } from './measure/plain-loop.ts';
import { Spans, type Update } from './measure/spans.ts';
import { evenChunks, updateRequests } from './measure/update-requests.ts';
import { byJob, byOwnPage, byPage, byPush, check, ownPage } from './measure/ways.ts';

/** A small program with the runtime around it: long enough that the start does not count, short enough for many runs. */
const IMAGE_BYTES = 600_000;
/** The first update of a device, and one that begins with what was learned from it. */
const IMAGES = ['1.0.0', '1.1.0'].map((version) => buildApp({ sizeBytes: IMAGE_BYTES, version }));
/** The median of this many runs counts: the machine itself varies by more than what is measured. */
const RUNS = 3;
/** A device that is known has no chunk refused; a new one is asked what fits: once by one size too many, once more at most. */
const FAILED = { first: 2, known: 0 };

/** What a browser has room for beside its headers (`CHUNK_SIZES`). */
const BROWSER_CHUNK = 3392;
/** Some eight seconds. */
const PATIENCE_MS = 120_000;

type Dialect = DeviceOptions['dialect'];
type Which = 'first' | 'known';

interface Scene {
  readonly journey: Journey;
  /** A page without a gateway, on another origin than every device. */
  readonly elsewhere: string;
}

interface Way {
  readonly name: string;
  /** The most that is good, in times of the devices' own client; absent: only looked at. */
  readonly marks: Readonly<Partial<Record<Dialect, Readonly<Partial<Record<Which, number>>>>>>;
  readonly update: (scene: Scene, served: ServedDevice) => Promise<void>;
}

const WAYS: readonly Way[] = [
  {
    name: 'page over the LAN host',
    marks: { shipped: { first: 1.08, known: 1.08 } },
    update: ({ journey }, served) => byPage(journey, journey.host.url, served, IMAGES),
  },
  {
    name: 'page from the device itself',
    marks: { shipped: { first: 1.08, known: 1.08 } },
    update: ({ journey }, served) => byOwnPage(journey, served, IMAGES),
  },
  {
    name: 'moult push',
    marks: { shipped: { first: 1.05, known: 1.05 } },
    update: (_scene, served) => byPush(served, IMAGES),
  },
  {
    name: 'a job of the LAN host',
    marks: { shipped: { first: 1.05, known: 1.05 } },
    update: ({ journey }, served) => byJob(journey.host.url, served, IMAGES),
  },
  {
    name: 'page from another origin',
    // A query of its own for each chunk is a preflight of its own; without one there is a preflight in all. A first
    // update as documented has no mark: the chunk that fails costs its session, and that has to run out.
    marks: { shipped: { first: 1.45, known: 1.45 }, documented: { known: 1.15 } },
    update: ({ journey, elsewhere }, served) => byPage(journey, elsewhere, served, IMAGES),
  },
];

export const asItIs: Bench = {
  name: 'as-it-is',
  async run(): Promise<Measured> {
    const lan = await Lan.begin();
    const journey = await Journey.begin();
    try {
      const scene = { journey, elsewhere: await lan.localPage() };
      const rows: Row[] = [];
      for (const dialect of ['shipped', 'documented'] as const) rows.push(...(await measured(scene, dialect)));
      return { with: `Chromium ${journey.browser.version()}`, rows };
    } finally {
      await journey.end();
      await lan.end();
    }
  },
};

async function measured(scene: Scene, dialect: Dialect): Promise<readonly Row[]> {
  const own: Update[] = [];
  const bare: Update[] = [];
  const byWay = new Map(WAYS.map(({ name }) => [name, [] as (readonly Update[])[]]));
  const options = { dialect, costs: realisticCosts, clock: exactClock, slotBytes: 1024 * 1024, mount: await ownPage() };
  for (let run = 0; run < RUNS; run++) {
    // First, since its many requests also warm up the simulator.
    own.push(
      ...(await watched(scene, options, async (served) => {
        const [image = new Uint8Array()] = IMAGES;
        await plainLoop({ ...served, dialect }, image, PUBLISHED_CHUNK);
        check(served.device.runningImage, image);
      })),
    );
    if (dialect === 'shipped') {
      bare.push(
        ...(await watched(scene, options, async (served) => {
          const [image = new Uint8Array()] = IMAGES;
          const requests = updateRequests(dialect, image, evenChunks(BROWSER_CHUNK));
          await bareLoop(`${served.origin}/moult/`, served, image, requests, PATIENCE_MS);
          check(served.device.runningImage, image);
        })),
      );
    }
    for (const { name, update } of WAYS) {
      byWay.get(name)?.push(await watched(scene, options, (served) => update(scene, served)));
    }
  }
  const ownMs = median(own.map(({ ms }) => ms));
  const named = (what: string): string => `${dialect}, 600 kB: ${what}`;
  return [
    { what: named('the devices’ own client'), value: rounded(ownMs / 1000, 2), unit: 's' },
    { what: named('the devices’ own client: requests'), value: own[0]?.requests ?? NaN, unit: '' },
    ...(bare.length === 0
      ? []
      : [
          {
            what: named('a bare loop in a page from the device itself ÷ own client'),
            value: rounded(median(bare.map(({ ms }) => ms)) / ownMs, 3),
            unit: '',
          },
        ]),
    ...WAYS.flatMap(({ name, marks }) =>
      (['known', 'first'] as const satisfies readonly Which[]).flatMap((which) => {
        const updates = (byWay.get(name) ?? []).flatMap((run) => run[which === 'first' ? 0 : 1] ?? []);
        const middle = (of: keyof Update): number => median(updates.map((update) => update[of]));
        const row = (what: string): string =>
          named(`${name}, ${which === 'first' ? 'a new device' : 'a device that is known'}${what}`);
        const mark = marks[dialect]?.[which];
        return [
          {
            what: row(' ÷ own client'),
            value: rounded(middle('ms') / ownMs, 3),
            unit: '',
            ...(mark === undefined ? {} : { mark }),
          },
          { what: row(': requests'), value: middle('requests'), unit: '' },
          { what: row(': and their preflights'), value: middle('preflights'), unit: '' },
          {
            what: row(': chunks that failed, at most'),
            value: Math.max(...updates.map(({ failedChunks }) => failedChunks)),
            unit: '',
            mark: FAILED[which],
          },
        ];
      }),
    ),
  ];
}

/** What `work` did to a device of its own. */
async function watched(
  { journey }: Scene,
  options: Partial<DeviceOptions>,
  work: (served: ServedDevice) => Promise<void>,
): Promise<readonly Update[]> {
  const served = await journey.device(options);
  const spans = new Spans(served.device);
  await work(served);
  await journey.endTest();
  return spans.updates;
}
