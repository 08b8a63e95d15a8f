/** Artifacts on disk by their hash: each fetched once, resumed where it broke off, and one copy for all targets. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import type { Artifact } from '../../model/agent/deployment.ts';
import { ContentStore } from '../data/content-store.ts';
import { isDiskFull, isNotWritable } from '../data/data-error.ts';
import { SHELF_LIMITS } from '../jobs/kept/firmware-shelf.ts';

export type Wanted = Pick<Artifact, 'size'> & { readonly sha256: string };
/** As `Fetched`, without the action. */
export type FetchEnd = 'here' | 'damaged' | 'no-room' | 'later';
/** The artifact from a byte on. Rejects as `fetch` does. */
export type GetFrom = (from: number, signal: AbortSignal) => Promise<Response>;

/** Milliseconds without a byte, after which a download is left for later. */
const SILENCE_MS = 30_000;

export class ArtifactCache {
  readonly #store: ContentStore;
  readonly #clock: Clock;
  readonly #fetching = new Map<string, Promise<FetchEnd>>();

  /** `isNeeded`: whether an action needs the file of this hash, which then stays. */
  constructor(folder: string, isNeeded: (sha256: string) => boolean, clock: Clock) {
    this.#store = new ContentStore(folder, isNeeded, SHELF_LIMITS);
    this.#clock = clock;
  }

  /** Looks at what is there; what has come in part stays, and is gone on with. Rejects with Node's error. */
  load(): Promise<void> {
    return this.#store.load();
  }

  /** Bytes of the file; null where there is none. */
  sizeOf(sha256: string): number | null {
    return this.#store.sizeOf(sha256);
  }

  /** The file's bytes; null where there are none, or they are no longer what they were. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#store.read(sha256);
  }

  /** Makes sure that it is here. Whoever asks while it comes waits for the same download. Never rejects. */
  fetch(wanted: Wanted, get: GetFrom, signal: AbortSignal): Promise<FetchEnd> {
    const { sha256 } = wanted;
    if (this.#store.sizeOf(sha256) !== null) return Promise.resolve('here');
    const under = this.#fetching.get(sha256);
    if (under !== undefined) return under;
    const fetching = this.#fetch(wanted, get, signal)
      // `later` is never told and never given up. A disk that is full or cannot be written needs a person.
      .catch((error: unknown): FetchEnd => (isDiskFull(error) || isNotWritable(error) ? 'no-room' : 'later'))
      .finally(() => this.#fetching.delete(sha256));
    this.#fetching.set(sha256, fetching);
    return fetching;
  }

  async #fetch(wanted: Wanted, get: GetFrom, signal: AbortSignal): Promise<FetchEnd> {
    if (!(await this.#store.makeRoom(() => [wanted.size]))) return 'no-room';
    const part = join(this.#store.folder, `${wanted.sha256}.part`);
    // Twice: what was damaged on its way, or is the rest of another download, is fetched once more from its beginning.
    for (let tries = 2; tries > 0; tries--) {
      if (!(await this.#bring(part, wanted, get, signal))) return 'later';
      if ((await hashOf(part)) === wanted.sha256) {
        await this.#store.keep(part, wanted.sha256, wanted.size);
        return 'here';
      }
      await rm(part, { force: true });
    }
    return 'damaged';
  }

  /** Whether all of it is in the file then; what came stays there. */
  async #bring(part: string, { size }: Wanted, get: GetFrom, signal: AbortSignal): Promise<boolean> {
    const file = await open(part, 'a', 0o600);
    const silent = new AbortController();
    try {
      let has = (await file.stat()).size;
      if (has > size) {
        await file.truncate(0);
        has = 0;
      }
      if (has === size && size > 0) return true;
      const limit = AbortSignal.any([signal, silent.signal]);
      const response = await this.#inTime(get(has, limit), silent);
      if (response.status === 200 && has > 0) {
        await file.truncate(0);
        has = 0;
      } else if (response.status !== (has > 0 ? 206 : 200)) {
        // A server that cannot go on from there is asked for the whole of it next time.
        if (response.status === 416) await file.truncate(0);
        await response.body?.cancel();
        return false;
      }
      const reader = response.body?.getReader();
      while (reader !== undefined && has < size) {
        const { done, value } = await this.#inTime(reader.read(), silent);
        if (done) break;
        await file.write(value.subarray(0, size - has));
        has += value.length;
      }
      await reader?.cancel().catch(() => undefined); // It is here, or it broke off.
      await file.sync();
      return has >= size;
    } finally {
      silent.abort();
      await file.close();
    }
  }

  /** Rejects, and ends the request, where it takes too long. */
  async #inTime<T>(work: Promise<T>, silent: AbortController): Promise<T> {
    const done = new AbortController();
    const late = this.#clock.sleep(SILENCE_MS, done.signal).then(() => {
      silent.abort();
      throw new TypeError('no byte in time');
    });
    late.catch(() => undefined); // It came in time.
    try {
      return await Promise.race([work, late]);
    } finally {
      done.abort();
    }
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
