/** Artifacts on disk by their hash: each fetched once, resumed where it broke off, and one copy for all targets. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import type { Artifact } from '../../model/agent/deployment.ts';
import { isDiskFull, isMissing, isNotWritable } from '../data/data-error.ts';
import { makePrivateFolder, syncFolder } from '../data/user-data.ts';
import { SHELF_LIMITS } from '../jobs/kept/firmware-shelf.ts';

export type Wanted = Pick<Artifact, 'size'> & { readonly sha256: string };
/** As `Fetched`, without the action. */
export type FetchEnd = 'here' | 'damaged' | 'no-room' | 'later';
/** The artifact from a byte on. Rejects as `fetch` does. */
export type GetFrom = (from: number, signal: AbortSignal) => Promise<Response>;

/** Milliseconds without a byte, after which a download is left for later. */
const SILENCE_MS = 30_000;
const NAME = /^([0-9a-f]{64})\.bin$/;

export class ArtifactCache {
  readonly #folder: string;
  readonly #isNeeded: (sha256: string) => boolean;
  readonly #clock: Clock;
  /** Bytes of each whole file; what was used longest ago comes first. */
  readonly #files = new Map<string, number>();
  readonly #fetching = new Map<string, Promise<FetchEnd>>();

  /** `isNeeded`: whether an action needs the file of this hash, which then stays. */
  constructor(folder: string, isNeeded: (sha256: string) => boolean, clock: Clock) {
    this.#folder = folder;
    this.#isNeeded = isNeeded;
    this.#clock = clock;
  }

  /** Looks at what is there. Rejects with Node's error. */
  async load(): Promise<void> {
    makePrivateFolder(this.#folder);
    const found: { sha256: string; size: number; usedAt: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      const sha256 = NAME.exec(name)?.[1];
      if (sha256 === undefined) continue;
      const { size, mtimeMs: usedAt } = await stat(join(this.#folder, name));
      found.push({ sha256, size, usedAt });
    }
    found.sort((one, other) => one.usedAt - other.usedAt);
    for (const { sha256, size } of found) this.#files.set(sha256, size);
  }

  /** Bytes of the file; null where there is none. */
  sizeOf(sha256: string): number | null {
    return this.#files.get(sha256) ?? null;
  }

  /** The file's bytes; null where there are none, or they are no longer what they were. */
  async read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    if (!this.#files.has(sha256)) return null;
    const path = this.#whole(sha256);
    const bytes = await readFile(path).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    this.#files.delete(sha256);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256) {
      await rm(path, { force: true });
      return null;
    }
    this.#files.set(sha256, bytes.length);
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined); // It says only what goes first after a restart.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Makes sure that it is here. Whoever asks while it comes waits for the same download. Never rejects. */
  fetch(wanted: Wanted, get: GetFrom, signal: AbortSignal): Promise<FetchEnd> {
    const { sha256 } = wanted;
    if (this.#files.has(sha256)) return Promise.resolve('here');
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
    if (!(await this.#makeRoom(wanted.size))) return 'no-room';
    const part = join(this.#folder, `${wanted.sha256}.part`);
    // Twice: what was damaged on its way, or is the rest of another download, is fetched once more from its beginning.
    for (let tries = 2; tries > 0; tries--) {
      if (!(await this.#bring(part, wanted, get, signal))) return 'later';
      if ((await hashOf(part)) === wanted.sha256) {
        await rename(part, this.#whole(wanted.sha256));
        await syncFolder(this.#folder);
        this.#files.set(wanted.sha256, wanted.size);
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

  /** Removes what was used longest ago and no action needs, until there is room. */
  async #makeRoom(size: number): Promise<boolean> {
    const { bytes, files } = SHELF_LIMITS;
    const fits = (): boolean =>
      [...this.#files.values()].reduce((all, one) => all + one, size) <= bytes && this.#files.size < files;
    for (const sha256 of [...this.#files.keys()]) {
      if (fits()) return true;
      if (this.#isNeeded(sha256)) continue;
      this.#files.delete(sha256);
      await rm(this.#whole(sha256), { force: true });
    }
    return fits();
  }

  #whole(sha256: string): string {
    return join(this.#folder, `${sha256}.bin`);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
