/**
 * What it costs to look into a file, in processor time, against a yardstick that is measured beside it: whatever slows down
 * the one slows down the other.
 */
import { expect } from 'chai';
import { inspect } from '../../src/firmware/inspect.ts';
import { buildApp, concat } from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import * as large from './large-files.ts';
import { LARGEST } from './large-files.ts';
import { bySlowClock } from './slow-clock.ts';

/** Even processor time has its good and bad moments: garbage is collected, caches are shared. What counts is the best of some. */
const TRIES = 5;

/** Milliseconds of processor time of this process so far. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Cost {
  readonly whole: number;
  /** The longest stretch in which the page could not have had its turn. */
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
  // The hash is somebody else's work: this one is known beforehand.
  const digest = (): Promise<Bytes> => Promise.resolve(file.slice(-32));
  await bySlowClock(() => inspect(file, { digest, yieldToPage: rest }));
  await rest();
  return { whole: last - from, stretch };
}

/** To look at every byte of the largest file once, in the plainest way there is. */
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

describe('to look into a file of 16 MB', () => {
  let oneLook = 0;
  before(async () => {
    const file = new Uint8Array(LARGEST).fill(3);
    oneLook = Math.min(...(await bestOf(() => yardstick(file))));
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
    it(`costs some looks at each byte where it is ${what}, and less than half a look at a stretch`, async () => {
      const file = make();
      const costs = await bestOf(() => costOf(file));
      // A few in most kinds. A file that is looked at for each of its words costs hundreds.
      expect(Math.min(...costs.map(({ whole }) => whole)) / oneLook, 'looks').to.be.at.most(10);
      expect(Math.min(...costs.map(({ stretch }) => stretch)) / oneLook, 'looks at a stretch').to.be.lessThan(0.5);
    });
  }
});
