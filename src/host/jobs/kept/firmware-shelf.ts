/** The firmware that pages have handed over: files in the data folder by their hash, bounded in number and bytes. */
import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ContentStore, type StoreLimits } from '../../data/content-store.ts';
import { isDiskFull, reasonOf } from '../../data/data-error.ts';
import { LARGEST_FILE_BYTES } from '../../../firmware/largest-file.ts';
import { refused, type Refused } from '../refused.ts';
import { firmwareNotKeptText } from '../../../words/host/jobs.ts';

/** The part of `FileHandle` that a file is written with. Injected in tests, for disks that are full. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<unknown>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ShelfLimits extends StoreLimits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Files that arrive at the same time, in all and of one client. */
  readonly arriving: number;
  readonly ofOne: number;
  /** Milliseconds without a byte before an upload is given up. */
  readonly silence: number;
  /** Milliseconds that an upload may be late by, at any time of it. */
  readonly late: number;
  /** Bytes a second, by which it is late or not: so the whole of it has a time by its size. */
  readonly leastRate: number;
}

export const SHELF_LIMITS: ShelfLimits = {
  fileBytes: LARGEST_FILE_BYTES,
  // Eight of the largest files, or some two hundred of the usual ones: little, also on a card of 8 GB.
  bytes: 8 * LARGEST_FILE_BYTES,
  files: 256,
  arriving: 8,
  // Whatever one client does, others have places. A page hands over one file at a time.
  ofOne: 4,
  // As long as a page's own requests are idle before they count as over.
  silence: 10_000,
  // Long enough to walk out of the Wi-Fi and back; a client that sends byte by byte holds a place for no longer.
  late: 30_000,
  // Slower than a Wi-Fi over which the page itself still loads: it is 60 kB. A MicroPython image has a minute and a half.
  leastRate: 32 * 1024,
};

/** Bytes as they come in. */
export type Arriving = AsyncIterable<Uint8Array>;

export class FirmwareShelf {
  readonly #store: ContentStore;
  readonly #limits: ShelfLimits;
  readonly #trouble: (sentence: string) => void;
  readonly #create: (path: string) => Promise<NewFile>;
  /** Room that is promised to files on their way. */
  readonly #promised = new Map<symbol, { readonly length: number; readonly client: string }>();

  /** `isNeeded`: whether a job needs the file of this hash, which then stays. */
  constructor(
    folder: string,
    isNeeded: (sha256: string) => boolean,
    trouble: (sentence: string) => void,
    limits: ShelfLimits = SHELF_LIMITS,
    create: (path: string) => Promise<NewFile> = (path) => open(path, 'wx', 0o600),
  ) {
    this.#store = new ContentStore(folder, isNeeded, limits);
    this.#limits = limits;
    this.#trouble = trouble;
    this.#create = create;
  }

  /** Looks at what is there, and removes what was on its way when the host ended. Rejects with Node's error. */
  load(): Promise<void> {
    return this.#store.load((name) => name.endsWith('.part'));
  }

  get files(): number {
    return this.#store.files;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  /** Bytes of the file; null where there is none. */
  sizeOf(sha256: string): number | null {
    return this.#store.sizeOf(sha256);
  }

  /**
   * Takes a file of `length` bytes in as it comes, and keeps it once its hash is the one that was promised. Answers null
   * where it is kept. Never holds more of it than the piece that came last. `client`: who sends it, for counting.
   */
  async receive(sha256: string, length: number, source: Arriving, client: string): Promise<Refused | null> {
    const { fileBytes, arriving, ofOne } = this.#limits;
    if (length > fileBytes) return refused({ kind: 'too-large', most: fileBytes });
    const own = [...this.#promised.values()].filter((promised) => promised.client === client).length;
    if (this.#promised.size >= arriving || own >= ofOne) return refused({ kind: 'too-many-uploads' });
    const ticket = Symbol(sha256);
    // Before anything is awaited: two that come at once share the room.
    this.#promised.set(ticket, { length, client });
    const part = join(this.#store.folder, `${randomUUID()}.part`);
    try {
      const arrivingBytes = (): readonly number[] => [...this.#promised.values()].map((promised) => promised.length);
      if (!(await this.#store.makeRoom(arrivingBytes))) return refused({ kind: 'disk-full' });
      const why = await this.#write(part, sha256, length, source);
      if (why !== null) return why;
      await this.#store.keep(part, sha256, length);
      return null;
    } catch (error) {
      if (isDiskFull(error)) return refused({ kind: 'disk-full' });
      this.#trouble(firmwareNotKeptText(this.#store.folder, reasonOf(error)));
      return refused({ kind: 'cannot-keep' });
    } finally {
      this.#promised.delete(ticket);
      await rm(part, { force: true }).catch(() => undefined); // The next start removes what cannot be removed now.
    }
  }

  /** The file's bytes; null where there are none, or they are no longer what they were. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#store.read(sha256);
  }

  async #write(part: string, sha256: string, length: number, source: Arriving): Promise<Refused | null> {
    const file = await this.#create(part);
    const hash = createHash('sha256');
    const pieces = source[Symbol.asyncIterator]();
    const { silence, late, leastRate } = this.#limits;
    const began = performance.now();
    let came = 0;
    try {
      for (;;) {
        const left = began + late + (came / leastRate) * 1_000 - performance.now();
        // A source that is late is read no further: it is left as it is, and its connection ends with the answer.
        const next = left > 0 ? await withinTime(pieces.next(), Math.min(silence, left)) : 'late';
        if (next === 'late') return refused({ kind: 'too-slow' });
        if (next.done === true) break;
        came += next.value.length;
        if (came > length) return refused({ kind: 'hash-mismatch' });
        hash.update(next.value);
        await file.write(next.value);
      }
      if (came < length) return refused({ kind: 'too-slow' });
      if (hash.digest('hex') !== sha256) return refused({ kind: 'hash-mismatch' });
      await file.sync();
      return null;
    } catch (error) {
      // Whoever sent it has left. The disk's own errors have other names.
      if (isHungUp(error)) return refused({ kind: 'too-slow' });
      throw error;
    } finally {
      await file.close();
    }
  }
}

function isHungUp(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR';
}

function withinTime<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('late'), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
