/**
 * The stores of the page on a device, which has no room for the database's code: devices and unfinished updates in
 * `localStorage`, as JSON; files in memory. After a reload an update is resumed when its file is chosen again.
 */
import type { Device } from '../model/device/device.ts';
import type { TokenKeeping } from '../model/page/stores.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import { withSizeByRoute, type EarlierDevice } from './earlier-device.ts';
import { MemoryFirmwareLibrary } from './memory.ts';

/** What is used of `localStorage`, so that a test can replace it. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem'>;

/** Values by the device's id, under one key. Where the browser keeps nothing, they last as long as the page. */
class Kept<T> {
  readonly #key: string;
  readonly #store: KeyValueStore | null;
  #values: Readonly<Record<string, T>>;

  constructor(key: string, store: KeyValueStore | null) {
    this.#key = `moult-${key}`;
    this.#store = store;
    // Only this page writes there, since the device has an origin of its own.
    this.#values = JSON.parse(store?.getItem(this.#key) ?? '{}') as Readonly<Record<string, T>>;
  }

  all(): T[] {
    return Object.values(this.#values);
  }

  get(id: string): T | null {
    return this.#values[id] ?? null;
  }

  set(id: string, value: T | null): Promise<void> {
    const others = Object.entries(this.#values).filter(([known]) => known !== id);
    this.#values = Object.fromEntries<T>(value === null ? others : [...others, [id, value]]);
    try {
      this.#store?.setItem(this.#key, JSON.stringify(this.#values));
    } catch {
      // There is no room: the value is kept until the page closes.
    }
    return Promise.resolve();
  }
}

/**
 * Keeps tokens unencrypted where the person ticked that, else until the page closes: without https there is no
 * encryption.
 */
class PageVault {
  readonly preferred = 'memory';
  readonly keepsPlain: boolean;
  readonly #plain: Kept<string>;
  readonly #memory = new Kept<string>('', null);

  constructor(store: KeyValueStore | null) {
    this.keepsPlain = store !== null;
    this.#plain = new Kept('tokens', store);
  }

  async put(deviceId: string, token: string, keeping: TokenKeeping): Promise<TokenKeeping> {
    await this.remove(deviceId);
    await (keeping === 'plain' ? this.#plain : this.#memory).set(deviceId, token);
    return keeping === 'plain' ? 'plain' : 'memory';
  }

  get(deviceId: string): Promise<string | null> {
    return Promise.resolve(this.#memory.get(deviceId) ?? this.#plain.get(deviceId));
  }

  keeping(deviceId: string): Promise<TokenKeeping | null> {
    const kept = this.#memory.get(deviceId) === null ? null : 'memory';
    return Promise.resolve(kept ?? (this.#plain.get(deviceId) === null ? null : 'plain'));
  }

  /**
   * Nothing to do: tokens are not sealed for a place, since whoever can change the record of a device here can read its
   * token, too.
   */
  move(): Promise<void> {
    return Promise.resolve();
  }

  async remove(deviceId: string): Promise<void> {
    await this.#memory.set(deviceId, null);
    await this.#plain.set(deviceId, null);
  }
}

/** The device in its present form: an earlier version may have kept it. Such a page has only the direct route. */
function asItIsNow(kept: Device | EarlierDevice): Device {
  const { chunkBytes, ...device } = kept;
  if (chunkBytes !== null && typeof chunkBytes === 'object') return { ...device, chunkBytes };
  return { ...withSizeByRoute({ ...device, route: 'direct', chunkBytes }), route: device.route };
}

/** `store` is null where the browser keeps nothing for this page. */
export function openPageStorage(store: KeyValueStore | null) {
  const devices = new Kept<Device | EarlierDevice>('devices', store);
  const journal = new Kept<JournalEntry>('journal', store);
  return {
    devices: {
      all: () => Promise.resolve(devices.all().map(asItIsNow)),
      save: (device: Device) => devices.set(device.id, device),
      saveAll: async (many: readonly Device[]) => {
        for (const each of many) await devices.set(each.id, each);
      },
      remove: (id: string) => devices.set(id, null),
    },
    journal: {
      read: (id: string) => Promise.resolve(journal.get(id)),
      write: (entry: JournalEntry) => journal.set(entry.deviceId, entry),
      clear: (id: string) => journal.set(id, null),
    },
    vault: new PageVault(store),
    firmware: new MemoryFirmwareLibrary({ needed: () => Promise.resolve(new Set()) }),
  };
}
