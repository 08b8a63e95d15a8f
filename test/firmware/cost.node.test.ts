/**
 * What the inspection of a file costs in processor time, compared with a yardstick that is measured in the same
 * process: whatever slows down the one slows down the other.
 */
import { expect } from 'chai';
import { inspect } from '../../src/firmware/inspect.ts';
import { buildApp, concat } from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import * as large from './large-files.ts';
import { LARGEST } from './large-files.ts';
import { bySlowClock } from './slow-clock.ts';

/** Processor time varies as well: garbage is collected, caches are shared. The best of several tries counts. */
const TRIES = 5;

/** Milliseconds of processor time of this process so far. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Cost {
  readonly whole: number;
  /** The longest stretch without a yield to the page. */
  readonly stretch: number;
}

async function costOf(file: Bytes): Promise<Cost> {
  const from = processorMs();
  let last = from;
  let stretch = 0;
  const rest = async (): Promise<void> => {
    const now = processorMs();
    stretch = Math.max(stretch, now - last);
    last = processorMs();
  };
  // The hash is not measured here: this one is known beforehand.
  const digest = (): Promise<Bytes> => Promise.resolve(file.slice(-32));
  await bySlowClock(() => inspect(file, { digest, yieldToPage: rest }));
  await rest();
  return { whole: last - from, stretch };
}

/** Milliseconds for one pass over every byte of the largest file, in the plainest way there is. */
function yardstick(file: Bytes): number {
  const from = processorMs();
  let sum = 0;
  for (let at = 0, end = file.length; at < end; at += 1) sum ^= file[at] ?? 0;
  expect(sum, 'what was done is used, or nothing would be done').to.be.at.least(0);
  return processorMs() - from;
}

async function bestOf<T>(measure: () => T | Promise<T>): Promise<readonly T[]> {
  const costs: T[] = [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) costs.push(await measure());
  return costs;
}

describe('the inspection of a file of 16 MB', () => {
  let onePass = 0;
  before(async () => {
    const file = new Uint8Array(LARGEST).fill(3);
    onePass = Math.min(...(await bestOf(() => yardstick(file))));
  });

  for (const [what, make] of [
    ['an app', large.largeApp],
    ['an app that no 32-bit read is aligned to', large.largeAppOffBeat],
    ['an app in erased flash', large.largeAppInErasedFlash],
    ['an app whose download stopped', large.largeAppThatStops],
    ['a full-flash file', large.largeFullFlash],
    ['an ESP8266 file', large.largeEsp8266],
    ['erased flash', () => new Uint8Array(LARGEST).fill(0xff)],
    ['zeros before an app', () => concat(new Uint8Array(LARGEST - 0x10000), buildApp({ sizeBytes: 0x10000 }))],
    ['words that begin like a banner', large.fullOfBanners],
    ['words that begin like a board', large.fullOfBoards],
    ['times of day', large.fullOfStamps],
  ] as const) {
    it(`costs a few passes over its bytes where it is ${what}, and less than half a pass without a yield`, async () => {
      const file = make();
      const costs = await bestOf(() => costOf(file));
      // Most kinds need a few. A file that is searched once for each of its words costs hundreds.
      expect(Math.min(...costs.map(({ whole }) => whole)) / onePass, 'passes').to.be.at.most(10);
      expect(Math.min(...costs.map(({ stretch }) => stretch)) / onePass, 'passes without a yield').to.be.lessThan(0.5);
    });
  }
});
