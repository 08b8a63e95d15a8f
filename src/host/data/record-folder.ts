import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { notRemovedText } from '../../words/host/jobs.ts';
import { DataError, isMissing, reasonOf } from './data-error.ts';
import { setAside } from './set-aside.ts';
import { makePrivateFolder, writeWhole } from './user-data.ts';

/** What every record has; another file beside it has another ending. */
export const RECORD = '.json';

/**
 * Reads one record. `json` parses the file of this id that has such an ending, and rejects where it is none, or is gone.
 * Null: the file speaks of another id.
 */
export type ReadRecord<T> = (id: string, json: (ending: string) => Promise<unknown>) => Promise<T | null>;

/** A folder of jobs or rollouts: a file or two for each, named by its id, whole or not at all. */
export class RecordFolder {
  readonly #folder: string;
  readonly #trouble: (sentence: string) => void;

  constructor(folder: string, trouble: (sentence: string) => void) {
    this.#folder = folder;
    this.#trouble = trouble;
  }

  /**
   * What is there; a file that cannot be read is named, and set aside. Rejects with Node's error where the folder cannot be.
   *
   * @param isLeft whether a file besides the records has none to belong to any more
   */
  async load<T>(
    read: ReadRecord<T>,
    isLeft: (name: string, all: readonly string[]) => boolean = () => false,
  ): Promise<T[]> {
    makePrivateFolder(this.#folder);
    const names = await readdir(this.#folder);
    for (const name of names) {
      if (name.endsWith('.new') || isLeft(name, names)) await rm(join(this.#folder, name), { force: true });
    }
    return this.#read(read, (file, error) => setAside('job', file, error));
  }

  /** As `load`, for a caller that only looks: nothing is changed, and no folder means no records. */
  async look<T>(read: ReadRecord<T>): Promise<T[]> {
    try {
      return await this.#read(
        read,
        (file, error) => new DataError({ kind: 'list-not-read', list: 'job', file, reason: reasonOf(error) }),
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** `id`: checked by whoever made the record, so that it is no path. Rejects with Node's error. */
  async write(id: string, ending: string, record: unknown, isDurable?: boolean): Promise<void> {
    await writeWhole(this.#fileOf(id, ending), JSON.stringify(record), isDurable);
  }

  /** Resolves when it is gone, or cannot be and that was told. */
  async remove(id: string, ending: string): Promise<void> {
    const file = this.#fileOf(id, ending);
    try {
      await rm(file, { force: true });
    } catch (error) {
      this.#trouble(notRemovedText(file, reasonOf(error)));
    }
  }

  async #read<T>(read: ReadRecord<T>, damaged: (file: string, error: unknown) => DataError): Promise<T[]> {
    const records: T[] = [];
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith(RECORD)) continue;
      const id = name.slice(0, -RECORD.length);
      let file = join(this.#folder, name);
      try {
        const record = await read(id, async (ending) => {
          file = this.#fileOf(id, ending);
          return JSON.parse(await readFile(file, 'utf8')) as unknown;
        });
        if (record !== null) records.push(record);
      } catch (error) {
        // The host may have forgotten one meanwhile.
        if (!isMissing(error)) this.#trouble(damaged(file, error).message);
      }
    }
    return records;
  }

  #fileOf(id: string, ending: string): string {
    return join(this.#folder, `${id}${ending}`);
  }
}
