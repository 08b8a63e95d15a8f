import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { isMissing } from '../data/data-error.ts';
import { writeWhole } from '../data/user-data.ts';

const FILE = 'paused.json';
const PAUSED = v.object({ version: v.literal(1), pausedAt: v.number() });

/** Whether a person has paused an agent. It is kept on the disk: a restart of the host is no reason to go on. */
export class AgentPause {
  readonly #file: string;
  #since: number | null;

  private constructor(file: string, since: number | null) {
    this.#file = file;
    this.#since = since;
  }

  /** `date`: now, for a file that cannot be read. Somebody paused it, and only a person may end that. */
  static async open(folder: string, date: number): Promise<AgentPause> {
    const file = join(folder, FILE);
    try {
      const { pausedAt } = v.parse(PAUSED, JSON.parse(await readFile(file, 'utf8')));
      return new AgentPause(file, pausedAt);
    } catch (error) {
      return new AgentPause(file, isMissing(error) ? null : date);
    }
  }

  /** In milliseconds since 1970; null: it is not paused. */
  get since(): number | null {
    return this.#since;
  }

  /** Rejects with Node's error where it cannot be written down; then it is as it was. */
  async pause(date: number): Promise<void> {
    if (this.#since !== null) return;
    await writeWhole(this.#file, JSON.stringify({ version: 1, pausedAt: date }));
    this.#since = date;
  }

  /** As `pause`. */
  async resume(): Promise<void> {
    await rm(this.#file, { force: true });
    this.#since = null;
  }
}
