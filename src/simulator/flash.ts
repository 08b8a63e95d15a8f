/** NOR flash: a write can only clear bits, and only erasing a whole block sets them again. */
import type { Costs, DeviceClock } from './clock.ts';
import type { Power } from './power.ts';

/** The smallest piece that SPI NOR flash can erase, and what ESP32 partitions report as their block. */
export const BLOCK_BYTES = 4096;
const ERASED = 0xff;
const BITS_PER_BYTE = 8;

/** A block that was programmed since its last erase. An erased block is not kept at all: fleets stay small. */
interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One bit a byte: programmed since the last erase. */
  readonly programmed: Uint8Array;
}

/** One partition. All offsets and sizes are bytes from its start. */
export class Flash {
  readonly size: number;
  /** Bytes that were programmed again without an erase in between. */
  bytesProgrammedTwice = 0;
  blocksErased = 0;
  /** How many bytes a fault flipped bits of. */
  bytesFlipped = 0;
  /** Milliseconds spent erasing and programming, as this device's own clock measured them. */
  busyMs = 0;
  readonly #blocks = new Map<number, Block>();
  /** Offset and mask. */
  readonly #flipped = new Map<number, number>();
  readonly #clock: DeviceClock;
  readonly #costs: Costs;

  constructor(size: number, clock: DeviceClock, costs: Costs) {
    if (!Number.isInteger(size) || size <= 0 || size % BLOCK_BYTES !== 0) {
      throw new RangeError(`A partition is whole blocks of ${BLOCK_BYTES} bytes, not ${size}.`);
    }
    this.size = size;
    this.#clock = clock;
    this.#costs = costs;
  }

  get blockCount(): number {
    return this.size / BLOCK_BYTES;
  }

  /**
   * Bytes with bits that were flipped since the last erase of their block: by offset, the mask of the bits that are not
   * as they were programmed. 0: they were flipped back.
   */
  get flipped(): ReadonlyMap<number, number> {
    return this.#flipped;
  }

  /** Sets all bits of block `index`. Rejects with `ConnectionDropped` where `power` ends meanwhile. */
  async erase(index: number, power: Power): Promise<void> {
    await this.#timed(async () => {
      await this.#spend(this.#costs.eraseMsPerBlock, power);
      this.#blocks.delete(index);
      for (const at of this.#flipped.keys()) if (Math.floor(at / BLOCK_BYTES) === index) this.#flipped.delete(at);
      this.blocksErased += 1;
    });
  }

  /** Programs `bytes` at `offset`, block by block: the result is old AND new. */
  async program(offset: number, bytes: Uint8Array, power: Power): Promise<void> {
    this.#inside(offset, bytes.length);
    await this.#timed(async () => {
      for (let done = 0; done < bytes.length;) {
        const at = offset + done;
        const step = Math.min(BLOCK_BYTES - (at % BLOCK_BYTES), bytes.length - done);
        await this.#spend((this.#costs.programMsPerBlock * step) / BLOCK_BYTES, power);
        this.#clearBits(at, bytes.subarray(done, done + step));
        done += step;
      }
    });
  }

  /** Writes bytes as a factory does: at once, into erased flash, at no cost. */
  preload(bytes: Uint8Array): void {
    this.#inside(0, bytes.length);
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      this.#blocks.delete(at / BLOCK_BYTES);
      this.#clearBits(at, bytes.subarray(at, at + BLOCK_BYTES));
    }
  }

  /** Flips the bits of `mask` in the byte at `offset`, as a cell does that goes bad. */
  flip(offset: number, mask: number): void {
    this.#inside(offset, 1);
    const block = this.#block(Math.floor(offset / BLOCK_BYTES));
    const at = offset % BLOCK_BYTES;
    block.bytes[at] = (block.bytes[at] ?? ERASED) ^ mask;
    this.bytesFlipped += 1;
    this.#flipped.set(offset, (this.#flipped.get(offset) ?? 0) ^ mask);
  }

  /** A copy of `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    this.#inside(offset, length);
    const out = new Uint8Array(length).fill(ERASED);
    for (let done = 0; done < length;) {
      const at = offset + done;
      const step = Math.min(BLOCK_BYTES - (at % BLOCK_BYTES), length - done);
      const block = this.#blocks.get(Math.floor(at / BLOCK_BYTES));
      if (block) out.set(block.bytes.subarray(at % BLOCK_BYTES, (at % BLOCK_BYTES) + step), done);
      done += step;
    }
    return out;
  }

  /** `bytes` lie within one block. */
  #clearBits(offset: number, bytes: Uint8Array): void {
    const start = offset % BLOCK_BYTES;
    // A whole block that was erased takes the bytes as they are: the ordinary case, and most of a simulator's work.
    if (bytes.length === BLOCK_BYTES && !this.#blocks.has(offset / BLOCK_BYTES)) {
      const programmed = new Uint8Array(BLOCK_BYTES / BITS_PER_BYTE).fill(0xff);
      this.#blocks.set(offset / BLOCK_BYTES, { bytes: new Uint8Array(bytes), programmed });
      return;
    }
    const block = this.#block(Math.floor(offset / BLOCK_BYTES));
    for (let i = 0; i < bytes.length; i += 1) {
      const at = start + i;
      const cell = at >> 3;
      const bit = 1 << (at % BITS_PER_BYTE);
      const seen = block.programmed[cell] ?? 0;
      if ((seen & bit) !== 0) this.bytesProgrammedTwice += 1;
      block.programmed[cell] = seen | bit;
      block.bytes[at] = (block.bytes[at] ?? ERASED) & (bytes[i] ?? ERASED);
    }
  }

  #block(index: number): Block {
    const known = this.#blocks.get(index);
    if (known) return known;
    const fresh: Block = {
      bytes: new Uint8Array(BLOCK_BYTES).fill(ERASED),
      programmed: new Uint8Array(BLOCK_BYTES / BITS_PER_BYTE),
    };
    this.#blocks.set(index, fresh);
    return fresh;
  }

  #inside(offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > this.size) {
      throw new RangeError(`${length} bytes at ${offset} are outside a partition of ${this.size} bytes.`);
    }
  }

  /**
   * Measured, not added up: a timer that fires late makes the flash slower, and the bench must see that. The
   * simulator's own work on the blocks is in it.
   */
  async #timed(work: () => Promise<void>): Promise<void> {
    const from = this.#clock.now();
    try {
      await work();
    } finally {
      this.busyMs += this.#clock.now() - from;
    }
  }

  async #spend(ms: number, power: Power): Promise<void> {
    if (ms <= 0) return;
    await this.#clock.sleep(ms);
    power.check();
  }
}
