import type { RolloutRecord } from '../model/rollout/rollout-record.ts';
import type { Database } from './database.ts';

/** There is one rollout at a time, so one record, under one key. */
const KEY = 'current';

/**
 * The rollout that has not ended, in the database.
 *
 * Where the record cannot be written, the offer to continue after a reload is lost, never the rollout that runs:
 * `trouble` is called each time.
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
