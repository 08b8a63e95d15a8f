/** What chunk each device took from this machine: the next update of it from here begins with that. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { ChunkBytes } from '../../model/device/device.ts';
import { LARGEST_CHUNK, SMALLEST_CHUNK } from '../../update/pace.ts';
import type { Progress } from '../../model/update/update-state.ts';
import { withFolderLock } from '../data/folder-lock.ts';
import { makePrivateFolder, writeWhole } from '../data/user-data.ts';

const SIZES = v.record(
  v.string(),
  v.pipe(v.number(), v.integer(), v.minValue(SMALLEST_CHUNK), v.maxValue(LARGEST_CHUNK)),
);
/** More devices than one person updates, and a quarter of a megabyte of file at most. */
const MOST = 4_096;

/**
 * In a file of the host's own folder, by the device's origin; what was updated longest ago comes first. What it holds
 * saves a few requests and nothing else, so that a file that cannot be read is as good as none.
 */
export class ChunkSizes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** As an update's plan wants it. */
  async of(origin: string): Promise<ChunkBytes> {
    const direct = (await this.#read()).get(origin);
    return direct === undefined ? {} : { direct };
  }

  /** Remembers what an update of the device at `origin` has shown. Resolves when it is kept, or cannot be. */
  async learn(origin: string, { chunkBytes }: Pick<Progress, 'chunkBytes'>): Promise<void> {
    if (chunkBytes === 0) return;
    try {
      makePrivateFolder(this.#folder);
      // In turn, and from what is there by then: devices of a rollout end at the same time, and so may two commands.
      await withFolderLock(this.#folder, () => this.#keep(origin, chunkBytes));
    } catch {
      // A folder that cannot be written, as in many a build's container: the next update finds the size out again.
    }
  }

  get #file(): string {
    return join(this.#folder, 'chunk-sizes.json');
  }

  async #read(): Promise<Map<string, number>> {
    try {
      return new Map(Object.entries(v.parse(SIZES, JSON.parse(await readFile(this.#file, 'utf8')))));
    } catch {
      // Not there yet, damaged, or of another kind.
      return new Map();
    }
  }

  async #keep(origin: string, bytes: number): Promise<void> {
    const sizes = await this.#read();
    if (sizes.get(origin) === bytes) return;
    sizes.delete(origin);
    sizes.set(origin, bytes);
    const kept = [...sizes].slice(-MOST);
    await writeWhole(this.#file, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
  }
}
