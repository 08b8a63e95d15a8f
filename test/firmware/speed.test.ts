/**
 * The page stays responsive while it inspects a file. Measured in counts: a duration would depend on the machine and on
 * what else it does.
 */
import { expect } from 'chai';
import { sha256 } from '../../src/firmware/bytes/digest.ts';
import { inspect } from '../../src/firmware/inspect.ts';
import { filled } from './image-builder.ts';
import type { Bytes } from './image-builder.ts';
import * as large from './large-files.ts';
import { LARGEST, MB } from './large-files.ts';
import { buildGzip } from './other-files-builder.ts';
import { bySlowClock } from './slow-clock.ts';

/** The most bytes between two yields: about a millisecond of work, four where they are hashed in JavaScript. */
const SLICE_BYTES = 256 * 1024;

/**
 * How often the page gets its turn while `file` is inspected, by a clock that makes the inspector yield wherever it
 * can.
 */
async function turnsDuring(file: Bytes): Promise<number> {
  let turns = 0;
  const rest = async (): Promise<void> => void (turns += 1);
  // The hash is not measured here: this one is known beforehand.
  const digest = (): Promise<Bytes> => Promise.resolve(file.slice(-32));
  await bySlowClock(() => inspect(file, { digest, yieldToPage: rest }));
  return turns;
}

describe('while a file is inspected, the page gets its turn', () => {
  for (const [what, make, goneThrough] of [
    // Its checksum, and the search for what it is.
    ['an app', large.largeApp, 2 * LARGEST],
    ['an app that no 32-bit read is aligned to', large.largeAppOffBeat, 2 * LARGEST],
    // Checksum and search, and whether all the rest is erased.
    ['an app in erased flash', large.largeAppInErasedFlash, 2 * 4 * MB + 12 * MB],
    ['a full-flash file', large.largeFullFlash, 2 * 4 * MB],
    ['an ESP8266 file', large.largeEsp8266, LARGEST],
    // The payload of its blocks, which is half of the file: once to find its extent and once to join it.
    ['a UF2 file', large.largeUf2, 2 * (LARGEST / 2)],
    // The CRC of its content.
    ['a ZIP archive that packs nothing', large.largeZip, LARGEST],
  ] as const) {
    it(`with every 256 KiB of 16 MB of ${what}`, async () => {
      const file = await make();
      expect(file.length).to.be.at.least(LARGEST);
      expect(await turnsDuring(file)).to.be.at.least(goneThrough / SLICE_BYTES);
    });
  }

  for (const [what, make] of [
    ['like a banner', large.fullOfBanners],
    ['like a board', large.fullOfBoards],
  ] as const) {
    it(`where 16 MB are full of words that begin ${what}, of which a thousand are examined`, async () => {
      const [most, slices] = [1000, LARGEST / SLICE_BYTES];
      const turns = await turnsDuring(make());
      // The page also gets its turn with each word that is examined. There are more than a hundred thousand words.
      expect(turns).to.be.at.least(most + slices);
      expect(turns).to.be.at.most(5 * (most + slices));
    });
  }

  for (const [how, make] of [
    ['badly', large.largeApp],
    ['well', large.largeAppInErasedFlash],
  ] as const) {
    it(`with every 4 KiB of a gzip file of 16 MB that packs ${how}`, async () => {
      const packed = await buildGzip(make());
      const portions: number[] = [];
      const turns = await withCountedPortions(portions, () => turnsDuring(packed));
      // Chromium unpacks each portion in one go, and deflate swells a thousandfold at most.
      expect(Math.max(...portions)).to.equal(4 * 1024);
      expect(portions.reduce((sum, portion) => sum + portion, 0)).to.equal(packed.length);
      expect(turns).to.be.at.least(portions.length);
    });
  }

  it('with every 256 KiB that are hashed where the page has no crypto.subtle', async () => {
    const slices = LARGEST / SLICE_BYTES;
    const shares: number[] = [];
    const turns = await turnsOfOthers(() =>
      bySlowClock(() => sha256(filled(LARGEST, 1), { onProgress: (share) => shares.push(share), subtle: null })),
    );
    expect(shares).to.deep.equal(Array.from({ length: slices }, (_, slice) => (slice + 1) / slices));
    // The messages counted here have a queue of their own, which may be passed over now and then.
    expect(turns).to.be.at.least(slices / 2);
  });
});

/** Notes how many packed bytes each portion has that `work` hands to the browser's own decompressor. */
async function withCountedPortions<T>(portions: number[], work: () => Promise<T>): Promise<T> {
  const Original = DecompressionStream;
  class Counted extends Original {
    override get writable(): WritableStream<BufferSource> {
      const writer = super.writable.getWriter();
      return new WritableStream<BufferSource>({
        write: (portion) => {
          portions.push(portion.byteLength);
          return writer.write(portion);
        },
        close: () => writer.close(),
        abort: (reason) => writer.abort(reason),
      });
    }
  }
  globalThis.DecompressionStream = Counted;
  try {
    return await work();
  } finally {
    globalThis.DecompressionStream = Original;
  }
}

/** How often a message handler gets its turn during `work`; it posts its next message each time. */
async function turnsOfOthers(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    turns += 1;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  await work();
  port1.close();
  return turns;
}
