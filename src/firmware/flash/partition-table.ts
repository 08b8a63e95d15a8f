/** The partition table of a flash. Source: esp-idf `esp_flash_partitions.h` and `gen_esp32part.py`. */
import { md5 } from '@noble/hashes/legacy.js';
import type { PartitionEntry } from '../../model/firmware/inspection.ts';
import { sameBytes, startsWith, untrustedText, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';

const ENTRY_BYTES = 32;
const ENTRY_MAGIC = [0xaa, 0x50];
const MD5_MAGIC = [0xeb, 0xeb];
/** A table is at most this long: 95 entries and their MD5. */
const TABLE_BYTES = 0xc00;

export interface PartitionTable {
  readonly entries: readonly PartitionEntry[];
  /** Null where the table carries none. */
  readonly md5Valid: boolean | null;
}

const DATA_SUBTYPES: ReadonlyMap<number, string> = new Map([
  [0x00, 'otadata'],
  [0x01, 'phy'],
  [0x02, 'nvs'],
  [0x03, 'coredump'],
  [0x04, 'nvs_keys'],
  [0x05, 'efuse'],
  [0x06, 'undefined'],
  [0x81, 'fat'],
  [0x82, 'spiffs'],
  [0x83, 'littlefs'],
]);
const BOOTLOADER_SUBTYPES: ReadonlyMap<number, string> = new Map([
  [0, 'primary'],
  [1, 'ota'],
  [2, 'recovery'],
]);

function typeOf(type: number): PartitionEntry['type'] {
  return (['app', 'data', 'bootloader', 'table'] as const)[type] ?? 'other';
}

function appSubtype(subtype: number): string | undefined {
  if (subtype === 0x00) return 'factory';
  if (subtype === 0x20) return 'test';
  return subtype >= 0x10 && subtype <= 0x1f ? `ota_${subtype - 0x10}` : undefined;
}

function subtypeOf(type: number, subtype: number): string {
  const known = [appSubtype(subtype), DATA_SUBTYPES.get(subtype), BOOTLOADER_SUBTYPES.get(subtype)][type];
  return known ?? `${type}/${subtype}`;
}

function readEntry(entry: Bytes): PartitionEntry {
  const type = entry[2] ?? 0;
  return {
    label: untrustedText(entry.subarray(12, 28)),
    type: typeOf(type),
    subtype: subtypeOf(type, entry[3] ?? 0),
    offset: u32(entry, 4),
    size: u32(entry, 8),
  };
}

/** The table at `at`; null where there is none. */
export function readPartitionTable(file: Bytes, at: number): PartitionTable | null {
  const table = file.subarray(at, at + TABLE_BYTES);
  const entries: PartitionEntry[] = [];
  let md5Valid: boolean | null = null;
  for (let next = 0; next + ENTRY_BYTES <= table.length; next += ENTRY_BYTES) {
    const entry = table.subarray(next, next + ENTRY_BYTES);
    if (startsWith(entry, 0, MD5_MAGIC)) md5Valid = sameBytes(md5(table.subarray(0, next)), entry.subarray(16, 32));
    if (!startsWith(entry, 0, ENTRY_MAGIC)) break;
    entries.push(readEntry(entry));
  }
  return entries.length === 0 ? null : { entries, md5Valid };
}
