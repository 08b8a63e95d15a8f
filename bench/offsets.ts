/**
 * How a page on another origin can tell a chunk's offset to a device as it is published, and what each way costs: why
 * docs/decisions/chunk-offsets.md says what it says.
 */
import { realisticCosts } from '../src/simulator/clock.ts';
import { buildApp } from '../test/firmware/image-builder.ts';
import { Journey } from '../test/journey/journey.ts';
import { Lan } from '../test/journey/lan.ts';
import { bareLoop } from './measure/bare-loop.ts';
import { exactClock } from './measure/exact-clock.ts';
import { median, rounded, type Bench, type Measured, type Row } from './measure/found.ts';
import { Spans, type Update } from './measure/spans.ts';
import { evenChunks, jsonRequests, updateRequests, type UpdateRequest } from './measure/update-requests.ts';
import { check } from './measure/ways.ts';

const IMAGE = buildApp({ sizeBytes: 600_000 });
const RUNS = 3;
/** The slowest takes some ten seconds. */
const PATIENCE_MS = 120_000;
/** Chromium leaves 3,403 bytes of a request for the body. */
const BYTES = 3392;
/** In base64, with the JSON around it, 3,400 bytes: four for three, and less than one block of three is left over. */
const BYTES_IN_JSON = 2520;

const WAYS: readonly { readonly name: string; readonly posts: readonly UpdateRequest[] }[] = [
  { name: 'in a query', posts: updateRequests('shipped', IMAGE, evenChunks(BYTES)) },
  { name: 'in JSON, with base64', posts: jsonRequests(IMAGE, BYTES_IN_JSON) },
  {
    name: 'not at all, which is not safe',
    posts: updateRequests('shipped', IMAGE, evenChunks(BYTES)).map(({ route, body }) => ({
      route: route.replace(/\?offset=\d+$/, ''),
      body,
    })),
  },
];

export const offsets: Bench = {
  name: 'offsets',
  async run(): Promise<Measured> {
    const lan = await Lan.begin();
    const journey = await Journey.begin();
    try {
      const url = await lan.localPage();
      const runs = new Map(WAYS.map(({ name }) => [name, [] as Update[]]));
      for (let run = 0; run < RUNS; run++) {
        for (const { name, posts } of WAYS) {
          const served = await journey.device({ costs: realisticCosts, clock: exactClock, slotBytes: 1024 * 1024 });
          const spans = new Spans(served.device);
          await bareLoop(url, served, IMAGE, posts, PATIENCE_MS);
          check(served.device.runningImage, IMAGE);
          await journey.endTest();
          runs.get(name)?.push(...spans.updates);
        }
      }
      const rows = WAYS.flatMap(({ name }): readonly Row[] => {
        const updates = runs.get(name) ?? [];
        const middle = (of: keyof Update): number => median(updates.map((update) => update[of]));
        const named = (what: string): string => `shipped, 600 kB, from another origin, the offset ${name}: ${what}`;
        return [
          { what: named('a bare loop'), value: rounded(middle('ms') / 1000, 2), unit: 's' },
          { what: named('requests'), value: middle('requests'), unit: '' },
          { what: named('and their preflights'), value: middle('preflights'), unit: '' },
        ];
      });
      return { with: `Chromium ${journey.browser.version()}`, rows };
    } finally {
      await journey.end();
      await lan.end();
    }
  },
};
