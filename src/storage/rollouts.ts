import type { RolloutRecord } from '../model/rollout/rollout-record.ts';
import type { Database } from './database.ts';

/** One rollout at a time, so one record, under one key. */
const KEY = 'current';

/**
 * The rollout that has not ended, in the database.
 *
 * A record that cannot be written costs the offer to go on after a reload, never the rollout that runs: `trouble` is
 * told once for each.
 */
export class IndexedRollouts {
  readonly #db: Database;
  readonly #trouble: (error: unknown) => void;

  constructor(db: Database, trouble: (error: unknown) => void) {
    this.#db = db;
    this.#trouble = trouble;
  }

  async read(): Promise<RolloutRecord | null> {
    try {
      return (await this.#db.get('rollouts', KEY)) ?? null;
    } catch (error) {
      this.#trouble(error);
      return null;
    }
  }

  async write(record: RolloutRecord): Promise<void> {
    try {
      await this.#db.put('rollouts', record, KEY);
    } catch (error) {
      this.#trouble(error);
    }
  }

  async clear(): Promise<void> {
    try {
      await this.#db.delete('rollouts', KEY);
    } catch (error) {
      this.#trouble(error);
    }
  }
}
