import type { Device } from '../update/device.ts';
import type { Database } from './database.ts';

/** Oldest first; the id settles devices that were imported in one go. */
export function byAge(a: Device, b: Device): number {
  return a.added - b.added || (a.id < b.id ? -1 : 1);
}

/** The saved devices, in the database. */
export class IndexedDevices {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All of them, oldest first. */
  async all(): Promise<readonly Device[]> {
    // Some hundred small records at most: sorting them here is cheaper than an index to keep.
    return (await this.#db.getAll('devices')).sort(byAge);
  }

  async save(device: Device): Promise<void> {
    await this.#db.put('devices', device);
  }

  /** Saves all or none: an import must not stop halfway. */
  async saveAll(devices: readonly Device[]): Promise<void> {
    const transaction = this.#db.transaction('devices', 'readwrite');
    await Promise.all([...devices.map((device) => transaction.store.put(device)), transaction.done]);
  }

  async remove(id: string): Promise<void> {
    await this.#db.delete('devices', id);
  }
}
