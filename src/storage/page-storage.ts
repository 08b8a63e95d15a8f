/**
 * The stores of the page on a device, which has no room for the database's code: devices and unfinished updates in
 * `localStorage`, as JSON; files in memory. After a reload the same file goes on when it is chosen again.
 */
import type { Device } from '../model/device/device.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import { withSizeByWay, type EarlierDevice } from './earlier-device.ts';
import { MemoryFirmwareLibrary } from './memory.ts';
import type { TokenKeeping } from './vault/vault.ts';

/** What is used of `localStorage`, so that a test can stand in for it. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem'>;

/** Values by the device's id, under one key. Where the browser keeps nothing, they live as long as the page. */
class Kept<T> {
  readonly #key: string;
  readonly #store: KeyValueStore | null;
  #values: Readonly<Record<string, T>>;

  constructor(key: string, store: KeyValueStore | null) {
    this.#key = `moult-${key}`;
    this.#store = store;
    // Only this page writes there; a device has its origin for itself.
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
      // No room: it is kept until the page closes.
    }
    return Promise.resolve();
  }
}

/** Tokens as they are where the person ticked it, else until the page closes: there is no https to encrypt under. */
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

  /** Whoever can change the device's record here can read the token beside it: nothing is sealed. */
  move(): Promise<void> {
    return Promise.resolve();
  }

  async remove(deviceId: string): Promise<void> {
    await this.#memory.set(deviceId, null);
    await this.#plain.set(deviceId, null);
  }
}

/** What is kept of a device: it may be from an earlier version, and such a page has one way. */
function asItIsNow(kept: Device | EarlierDevice): Device {
  const { chunkBytes, ...device } = kept;
  if (chunkBytes !== null && typeof chunkBytes === 'object') return { ...device, chunkBytes };
  return { ...withSizeByWay({ ...device, route: 'direct', chunkBytes }), route: device.route };
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
