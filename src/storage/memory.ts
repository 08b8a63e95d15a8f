/** The same stores without a database: the app works, and forgets when the page closes. */
import type { FirmwareRecord, KeepResult } from '../model/firmware/firmware-record.ts';
import type { Device } from '../model/device/device.ts';
import type { HistoryEntry, HistoryRow } from '../model/update/history-entry.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import type { RolloutRecord } from '../model/rollout/rollout-record.ts';
import { byAge } from './devices.ts';
import { asPage, bounded, parted } from './history.ts';
import type { HistoryPage, HistoryQuery } from './history.ts';
import { byAdded, makeRoom, renewed } from './library-room.ts';
import type { NeededFirmware } from './library-room.ts';

export class MemoryDevices {
  readonly #devices = new Map<string, Device>();

  all(): Promise<readonly Device[]> {
    return Promise.resolve(Array.from(this.#devices.values()).sort(byAge));
  }

  save(device: Device): Promise<void> {
    return this.saveAll([device]);
  }

  saveAll(devices: readonly Device[]): Promise<void> {
    for (const device of devices) this.#devices.set(device.id, device);
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.#devices.delete(id);
    return Promise.resolve();
  }
}

export class MemoryJournal {
  readonly #entries = new Map<string, JournalEntry>();

  read(deviceId: string): Promise<JournalEntry | null> {
    return Promise.resolve(this.#entries.get(deviceId) ?? null);
  }

  write(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.deviceId, entry);
    return Promise.resolve();
  }

  clear(deviceId: string): Promise<void> {
    this.#entries.delete(deviceId);
    return Promise.resolve();
  }

  all(): Promise<readonly JournalEntry[]> {
    return Promise.resolve(Array.from(this.#entries.values()).sort((a, b) => b.at - a.at));
  }
}

export class MemoryRollouts {
  #record: RolloutRecord | null = null;

  read(): Promise<RolloutRecord | null> {
    return Promise.resolve(this.#record);
  }

  write(record: RolloutRecord): Promise<void> {
    this.#record = record;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#record = null;
    return Promise.resolve();
  }
}

export interface MemoryLibraryOptions {
  readonly needed: NeededFirmware;
  readonly capBytes?: number;
}

/** Some 20 images of an ESP32: what a page can hold in a phone's memory without being discarded. */
export const MEMORY_LIBRARY_CAP_BYTES = 32 * 1024 * 1024;

/** Holds the bytes it is given, without a copy. */
export class MemoryFirmwareLibrary {
  readonly #options: MemoryLibraryOptions;
  readonly #files = new Map<string, { readonly record: FirmwareRecord; readonly bytes: Uint8Array<ArrayBuffer> }>();

  constructor(options: MemoryLibraryOptions) {
    this.#options = options;
  }

  list(): Promise<readonly FirmwareRecord[]> {
    return Promise.resolve(this.#records().sort(byAdded));
  }

  bytes(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.#files.get(sha256)?.bytes ?? null);
  }

  async keep(
    record: FirmwareRecord,
    bytes: Uint8Array<ArrayBuffer>,
    spare: ReadonlySet<string> = new Set(),
  ): Promise<KeepResult> {
    const needed = new Set([...(await this.#options.needed()), ...spare]);
    const room = makeRoom(this.#records(), record, needed, this.#options.capBytes ?? MEMORY_LIBRARY_CAP_BYTES);
    if (room.kind !== 'fits') return room;
    for (const { sha256 } of room.remove) this.#files.delete(sha256);
    const held = this.#files.get(record.sha256);
    const kept = renewed(held?.record, record);
    this.#files.set(kept.sha256, { record: kept, bytes: held?.bytes ?? bytes });
    return { kind: 'kept', record: kept, removed: room.remove };
  }

  rename(sha256: string, label: string | null): Promise<void> {
    return this.#change(sha256, (record) => ({ ...record, label }));
  }

  pin(sha256: string, pinned: boolean): Promise<void> {
    return this.#change(sha256, (record) => ({ ...record, pinned }));
  }

  remove(sha256: string): Promise<void> {
    this.#files.delete(sha256);
    return Promise.resolve();
  }

  #records(): FirmwareRecord[] {
    return Array.from(this.#files.values(), ({ record }) => record);
  }

  #change(sha256: string, change: (record: FirmwareRecord) => FirmwareRecord): Promise<void> {
    const file = this.#files.get(sha256);
    if (file !== undefined) this.#files.set(sha256, { ...file, record: change(file.record) });
    return Promise.resolve();
  }
}

export class MemoryHistory {
  readonly #entries = new Map<string, HistoryEntry>();

  add(entry: HistoryEntry): Promise<void> {
    this.#entries.set(entry.id, bounded(entry));
    return Promise.resolve();
  }

  page({ limit, after = null, deviceId = null, outcomes = null }: HistoryQuery): Promise<HistoryPage> {
    const order = (a: { startedAt: number; id: string }, b: { startedAt: number; id: string }): number =>
      b.startedAt - a.startedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
    const rows = Array.from(this.#entries.values(), (entry) => parted(entry).row)
      .filter((row) => deviceId === null || row.deviceId === deviceId)
      .filter((row) => outcomes === null || outcomes.includes(row.outcome))
      .filter((row) => after === null || order(after, row) < 0)
      .sort(order);
    return Promise.resolve(asPage(rows.slice(0, limit + 1), limit));
  }

  async all(): Promise<readonly HistoryRow[]> {
    return (await this.page({ limit: this.#entries.size })).rows;
  }

  entry(id: string): Promise<HistoryEntry | null> {
    return Promise.resolve(this.#entries.get(id) ?? null);
  }

  count(deviceId?: string): Promise<number> {
    const entries = Array.from(this.#entries.values());
    return Promise.resolve(entries.filter((entry) => deviceId === undefined || entry.deviceId === deviceId).length);
  }

  remove(id: string): Promise<void> {
    this.#entries.delete(id);
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#entries.clear();
    return Promise.resolve();
  }
}
