import type { Device } from '../model/device/device.ts';
import type { Database } from './database.ts';
import { Mirror } from './mirror.ts';

/** Oldest first; the id decides among devices that were imported together. */
export function byAge(a: Device, b: Device): number {
  return a.added - b.added || (a.id < b.id ? -1 : 1);
}

/** The saved devices, in the database; what that refuses is kept for as long as the page is open. */
export class IndexedDevices {
  readonly #devices: Mirror<'devices'>;

  constructor(db: Database, trouble: (error: unknown) => void) {
    this.#devices = new Mirror(db, 'devices', trouble);
  }

  /** All of them, oldest first. */
  async all(): Promise<readonly Device[]> {
    // There are some hundred small records at most: sorting them here is cheaper than an index.
    return (await this.#devices.all(({ id }) => id)).sort(byAge);
  }

  save(device: Device): Promise<void> {
    return this.saveAll([device]);
  }

  saveAll(devices: readonly Device[]): Promise<void> {
    return this.#devices.put(devices.map((device) => [device.id, device]));
  }

  remove(id: string): Promise<void> {
    return this.#devices.remove(id);
  }
}
