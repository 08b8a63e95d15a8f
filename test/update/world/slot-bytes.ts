/** What the slots hold, byte by byte, compared with the file, the firmware from before and the write log. */
import { expect } from 'chai';
import { BLOCK_BYTES } from '../../../src/simulator/flash.ts';
import type { World } from './world.ts';

/** A device, what is sent to it, and what it ran before. */
export type Sent = Pick<World, 'device' | 'image' | 'firmware'> & Partial<Pick<World, 'earlier'>>;

/**
 * Which image runs, every byte of it: '' the one from before, '*' the file, '~' the file with bits that flipped in
 * flash after it started (a damaged image does not start here).
 */
export type Runs = '' | '*' | '~';

type Earlier = NonNullable<World['earlier']>;

const LABELS = ['ota_0', 'ota_1'] as const;
const ERASED = 0xff;

/** @throws where it is neither image, or none at all */
export function whatRuns(world: Sent): Runs {
  const { device, firmware, image, earlier = null } = world;
  const label = device.running;
  if (label === null) throw new Error('The device starts from neither slot.');
  const runs = device.runningImage;
  if (isSame(runs, firmware)) return '';
  if (isSame(runs, image)) return '*';
  if (earlier && isSame(runs, withFlipped(earlier.image, device.flipped(label)))) return '';
  const damaged = withFlipped(image, device.flipped(label));
  const at = firstDifference(runs, damaged);
  if (at !== null) throw new Error(`What runs in ${label} is neither image: it differs from the file at byte ${at}.`);
  return '~';
}

/** Whether either slot holds every byte of the file, apart from bits that flipped in flash. */
export function holdsFile({ device, image }: Sent): boolean {
  return LABELS.some((label) =>
    isSame(device.slot(label).subarray(0, image.length), withFlipped(image, device.flipped(label))),
  );
}

export interface Written {
  /** Places in the write log of chunks that were damaged on the way. */
  readonly damaged?: ReadonlySet<number>;
  /**
   * The offset in the file of the first byte that another client's session holds: without offsets, a device appends our
   * bytes to that session as to our own.
   */
  readonly otherFrom?: number;
  /** Whether chunks of the image before this one may have come late. */
  readonly mayBeLate?: boolean;
}

/**
 * Both slots, whole: every write put the file's bytes at its offset, and no other byte changed except by flipped bits.
 * So the prefix that was written is the file's, and a slot that was not written to is as it was.
 */
export function holdSlots(world: Sent, { damaged = new Set(), otherFrom = 0, mayBeLate = false }: Written = {}): void {
  const { device, earlier = null } = world;
  const { session, writeLog } = device;
  const lastBegin = writeLog.findLastIndex(({ offset }) => offset === 0);
  const isOther = session !== null && session.written > 0 && session.expectedSize !== world.image.length;
  if (session !== null && session.written > 0) {
    const last = writeLog.at(-1);
    expect(session.written, 'the session counts what was written').to.equal((last?.offset ?? 0) + (last?.bytes ?? 0));
  }
  for (const label of LABELS) {
    const actual = device.slot(label);
    const expected = new Uint8Array(actual.length).fill(ERASED);
    expected.set(label === 'ota_0' ? world.firmware : device.options.leftover);
    let erasedTo = 0;
    writeLog.forEach(({ slot, offset, bytes }, index) => {
      if (offset === 0) erasedTo = 0;
      if (slot !== label) return;
      const end = offset + bytes;
      const blocksEnd = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
      if (blocksEnd > erasedTo) expected.fill(ERASED, erasedTo, blocksEnd);
      erasedTo = Math.max(erasedTo, blocksEnd);
      const from = isOther && index >= lastBegin ? otherFrom : 0;
      const isEarlier = (before: Earlier): boolean =>
        index < before.writes ||
        (mayBeLate && isSame(actual.subarray(offset, end), before.image.subarray(offset, end)));
      const image = earlier !== null && isEarlier(earlier) ? earlier.image : world.image;
      expected.set(image.subarray(from + offset, from + end), offset);
      if (!damaged.has(index)) return;
      // The lowest bit of the byte in the middle: see `fault-injection.ts`. The chunk may have been refused all the
      // same.
      const at = offset + Math.floor(bytes / 2);
      const flipped = (image[from + at] ?? 0) ^ 1;
      if (actual[at] === (flipped ^ (device.flipped(label).get(at) ?? 0))) expected[at] = flipped;
    });
    const at = firstDifference(actual, withFlipped(expected, device.flipped(label)));
    if (at !== null) throw new Error(`${label} does not hold what was written: byte ${at} is ${actual[at]}.`);
  }
}

function withFlipped(bytes: Uint8Array, flipped: ReadonlyMap<number, number>): Uint8Array {
  if (flipped.size === 0) return bytes;
  const out = bytes.slice();
  for (const [at, mask] of flipped) if (at < out.length) out[at] = (out[at] ?? 0) ^ mask;
  return out;
}

/** Buffer compares in one go: the slots of ten thousand schedules are hundreds of megabytes. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  if (isSame(a, b)) return null;
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length : at;
}
