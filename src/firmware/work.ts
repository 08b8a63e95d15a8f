/**
 * What looking into a file may cost, over all levels of archives in it. It is counted and not timed, so that every
 * machine answers the same for the same file.
 */
import type { Bound } from '../model/firmware/taken-out.ts';
import { makeYielder } from './bytes/yielder.ts';

/** No chip's slot is larger than this, so whatever unpacks to more is no firmware and may be a bomb. */
export const UNPACK_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Bytes that may be gone through for one file: three seconds of a laptop's processor, at the 170 MB a second that Node was
 * measured at. A release of forty builds of 1.5 MB, with what is inside each of them, takes 430 MB.
 */
const MOST_BYTES = 512 * 1024 * 1024;

/** Bytes of files that may be in memory at once: the largest file and what one level of it unpacks to. */
const MOST_HELD_BYTES = 100_000_000;

/** Files in files that are looked into. A release has a dozen; each costs a report of a kilobyte or two. */
export const MOST_FILES = 64;

/** An archive in an archive, the full-flash file in that, and its app: nobody packs deeper on purpose. */
export const MOST_LEVELS = 3;

/** How many bytes are compared or summed up in the time in which one is unpacked or hashed. */
export const GLANCE = 8;

/** Memory for one file at a time: what is in it is gone as soon as the next one comes. */
export class Room {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** The first `length` bytes. Those that were there before stay; the new ones may hold anything. */
  upTo(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.#bytes.length) {
      const doubled = Math.min(2 * this.#bytes.length, UNPACK_LIMIT_BYTES);
      const larger = new Uint8Array(Math.max(length, doubled));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes.subarray(0, length);
  }
}

/** Counts what one file costs, with everything that is found in it. */
export class Work {
  /**
   * For what is looked at and then released. One for all files, or each would leave its own to the garbage collector.
   */
  readonly room = new Room();
  readonly #rooms: Room[] = [];
  #bytes = 0;
  #files = 0;
  #held = 0;

  /** Bytes gone through so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** For the one file of a level that is being looked into; `level` as in `admitFile`. */
  roomOf(level: number): Room {
    return (this.#rooms[level] ??= new Room());
  }

  /** Whether no more work is to begin. What has begun is finished: each single step has a limit of its own. */
  get isSpent(): boolean {
    return this.#bytes >= MOST_BYTES;
  }

  /** @param bytes that were unpacked, hashed or compared */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Whether as many more bytes may be in memory. */
  hasRoomFor(bytes: number): boolean {
    return this.#held + bytes <= MOST_HELD_BYTES;
  }

  /** Runs `task` while the bytes of one more file are in memory. */
  async holding<T>(bytes: number, task: () => Promise<T>): Promise<T> {
    this.#held += bytes;
    try {
      return await task();
    } finally {
      this.#held -= bytes;
    }
  }

  /**
   * Counts one more file in a file, unless that is too much. Null: it may be looked into.
   *
   * @param level how many files it was taken out of, from 1
   * @param bytes that it adds to what is in memory
   */
  admitFile(level: number, bytes: number): Bound | null {
    if (level > MOST_LEVELS) return 'levels';
    if (this.#files >= MOST_FILES) return 'files';
    if (this.isSpent) return 'work';
    if (!this.hasRoomFor(bytes)) return 'memory';
    this.#files += 1;
    return null;
  }
}

/**
 * Called between slices, with the bytes that were gone through since the last call: yields to the page when it is time.
 */
export type YieldWhenDue = (bytes?: number) => Promise<void>;

/** As `makeYielder`, and counts the work. */
export function makeCountingYielder(work: Work, yieldToPage?: () => Promise<void>, signal?: AbortSignal): YieldWhenDue {
  const yieldWhenDue = makeYielder(yieldToPage, signal);
  return (bytes = 0) => {
    work.add(bytes);
    return yieldWhenDue();
  };
}
