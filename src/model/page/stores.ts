/** What the app's state needs remembered. `storage/` implements these shapes; tests hand in memory. */
import type { FirmwareRecord, KeepResult } from '../firmware/firmware-record.ts';
import type { Device } from '../device/device.ts';
import type { HistoryEntry, HistoryRow } from '../update/history-entry.ts';
import type { OutcomeName } from '../update/update-state.ts';

export type { FirmwareRecord, KeepResult } from '../firmware/firmware-record.ts';

export interface DeviceStore {
  /** All saved devices, oldest first. */
  all(): Promise<readonly Device[]>;
  save(device: Device): Promise<void>;
  /** All or none. */
  saveAll(devices: readonly Device[]): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Where a token is kept: under a non-extractable key, as it is (the person ticked it), or until the page closes. */
export type TokenKeeping = 'encrypted' | 'plain' | 'memory';

/**
 * A token is kept for one place (`placeOf` in model/device/device.ts). Where it is encrypted, it is given out for no
 * other place.
 */
export interface TokenVault {
  /** `encrypted` where the page is a secure context and the browser keeps a database for it, else `memory`. */
  readonly preferred: 'encrypted' | 'memory';
  /** Whether a token that cannot be encrypted can be kept as it is. */
  readonly keepsPlain: boolean;
  /** Keeps the token; answers how it was kept. */
  put(deviceId: string, token: string, keeping: TokenKeeping, place: string): Promise<TokenKeeping>;
  get(deviceId: string, place: string): Promise<string | null>;
  keeping(deviceId: string, place: string): Promise<TokenKeeping | null>;
  /** Keeps it for another place: the person changed the device's address. */
  move(deviceId: string, from: string, to: string): Promise<void>;
  remove(deviceId: string): Promise<void>;
  /** Whether it was kept before the passphrase lock was set. Absent where there can be no lock. */
  fromBeforeLock?(deviceId: string): Promise<boolean>;
}

export interface HistoryStore {
  add(entry: HistoryEntry): Promise<void>;
  /** The first `limit` lines, newest first; `next` is null where nothing follows. */
  page(query: {
    readonly limit: number;
    readonly deviceId: string | null;
    readonly outcomes: readonly OutcomeName[] | null;
  }): Promise<{ readonly rows: readonly HistoryRow[]; readonly next: unknown }>;
  /** Every line, newest first. */
  all(): Promise<readonly HistoryRow[]>;
  entry(id: string): Promise<HistoryEntry | null>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
}

export interface FirmwareLibrary {
  list(): Promise<readonly FirmwareRecord[]>;
  /** The bytes of a firmware; null where the library no longer has it. */
  bytes(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Keeps a file once under its hash; makes room by removing the oldest that is not pinned, and that no unfinished
   * update needs. `spare`: hashes that must not be removed either.
   */
  keep(record: FirmwareRecord, bytes: Uint8Array<ArrayBuffer>, spare?: ReadonlySet<string>): Promise<KeepResult>;
  rename(sha256: string, label: string | null): Promise<void>;
  pin(sha256: string, pinned: boolean): Promise<void>;
  remove(sha256: string): Promise<void>;
}
