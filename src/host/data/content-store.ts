import { createHash } from 'node:crypto';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './data-error.ts';
import { makePrivateFolder, syncFolder } from './user-data.ts';

export interface StoreLimits {
  /** Bytes of all files. */
  readonly bytes: number;
  readonly files: number;
}

const NAME = /^([0-9a-f]{64})\.bin$/;

/** Files in a folder by their SHA-256, bounded in number and bytes: the least recently used goes first. */
export class ContentStore {
  readonly folder: string;
  readonly #isNeeded: (sha256: string) => boolean;
  readonly #limits: StoreLimits;
  /** Bytes of each file; what was used longest ago comes first. */
  readonly #files = new Map<string, number>();

  /** `isNeeded`: whether something needs the file of this hash, which then stays. */
  constructor(folder: string, isNeeded: (sha256: string) => boolean, limits: StoreLimits) {
    this.folder = folder;
    this.#isNeeded = isNeeded;
    this.#limits = limits;
  }

  /**
   * Looks at what is there. Rejects with Node's error.
   *
   * @param isLeft whether another file in the folder is of no use any more, and is removed
   */
  async load(isLeft: (name: string) => boolean = () => false): Promise<void> {
    makePrivateFolder(this.folder);
    const found: { sha256: string; size: number; usedAt: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const sha256 = NAME.exec(name)?.[1];
      const path = join(this.folder, name);
      if (sha256 === undefined) {
        if (isLeft(name)) await rm(path, { force: true });
        continue;
      }
      const { size, mtimeMs: usedAt } = await stat(path);
      found.push({ sha256, size, usedAt });
    }
    found.sort((one, other) => one.usedAt - other.usedAt);
    for (const { sha256, size } of found) this.#files.set(sha256, size);
  }

  get files(): number {
    return this.#files.size;
  }

  get bytes(): number {
    return sum(this.#files.values());
  }

  /** Bytes of the file; null where there is none. */
  sizeOf(sha256: string): number | null {
    return this.#files.get(sha256) ?? null;
  }

  /** The file's bytes; null where there are none, or they are no longer what they were. */
  async read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const size = this.#files.get(sha256);
    if (size === undefined) return null;
    const path = this.#pathOf(sha256);
    const bytes = await readWhole(path, size);
    this.#files.delete(sha256);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256) {
      await rm(path, { force: true });
      return null;
    }
    this.#files.set(sha256, size);
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined); // It says only what goes first after a restart.
    return bytes;
  }

  /**
   * Removes what was used longest ago and is not needed, until there is room. Answers whether there is.
   *
   * @param arriving bytes of each file that is on its way; asked anew each time, as others may come meanwhile
   */
  async makeRoom(arriving: () => readonly number[]): Promise<boolean> {
    const { bytes, files } = this.#limits;
    const fits = (): boolean => {
      const lengths = arriving();
      return this.bytes + sum(lengths) <= bytes && this.files + lengths.length <= files;
    };
    for (const sha256 of [...this.#files.keys()]) {
      if (fits()) return true;
      if (this.#isNeeded(sha256)) continue;
      this.#files.delete(sha256);
      await rm(this.#pathOf(sha256), { force: true });
    }
    return fits();
  }

  /** Takes in a file of its folder that is whole, on the disk, and has this hash. */
  async keep(part: string, sha256: string, size: number): Promise<void> {
    await rename(part, this.#pathOf(sha256));
    await syncFolder(this.folder);
    this.#files.delete(sha256);
    this.#files.set(sha256, size);
  }

  #pathOf(sha256: string): string {
    return join(this.folder, `${sha256}.bin`);
  }
}

async function readWhole(path: string, size: number): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const handle = await open(path);
    try {
      // Not more than was promised, whatever was put there meanwhile.
      if ((await handle.stat()).size !== size) return null;
      const bytes = new Uint8Array(size);
      let read = 0;
      // A disk on the network may give less than was asked for.
      while (read < size) {
        const { bytesRead } = await handle.read(bytes, read, size - read, read);
        if (bytesRead === 0) return null;
        read += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const one of numbers) all += one;
  return all;
}
