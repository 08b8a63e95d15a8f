/** Builds what lies around an app in flash: partition table, boot selector (otadata), the full-flash file. */
import { buildApp, buildBootloader, CHIPS, crc32, filled, SECTOR, text, view } from './image-builder.ts';
import type { Bytes, ChipName } from './image-builder.ts';

export interface PartitionRecipe {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly size: number;
}

/** What a board with two update slots has. */
export const OTA_TABLE: readonly PartitionRecipe[] = [
  { label: 'nvs', type: 1, subtype: 2, offset: 0x9000, size: 0x5000 },
  { label: 'otadata', type: 1, subtype: 0, offset: 0xe000, size: 0x2000 },
  { label: 'ota_0', type: 0, subtype: 0x10, offset: 0x10000, size: 0x180000 },
  { label: 'ota_1', type: 0, subtype: 0x11, offset: 0x190000, size: 0x180000 },
];

/** A partition table without its MD5 entry, padded with 0xFF to `length` (3072 as builds leave it). */
export function buildPartitionTable(entries: readonly PartitionRecipe[] = OTA_TABLE, length = 0xc00): Bytes {
  const table = filled(length, 0xff);
  entries.forEach((entry, index) => {
    const bytes = new Uint8Array(32);
    const data = view(bytes);
    data.setUint16(0, 0x50aa, true);
    bytes[2] = entry.type;
    bytes[3] = entry.subtype;
    data.setUint32(4, entry.offset, true);
    data.setUint32(8, entry.size, true);
    bytes.set(text(entry.label).subarray(0, 16), 12);
    table.set(bytes, index * 32);
  });
  return table;
}

export interface MergedRecipe {
  readonly chip?: ChipName;
  readonly bootloader?: Uint8Array;
  readonly table?: Uint8Array;
  readonly app?: Uint8Array | null;
  /** Where the app goes in flash. */
  readonly appAt?: number;
  /** The file starts at the bootloader (as MicroPython's does) or at flash offset 0. */
  readonly startsAt?: 'bootloader' | 'flash';
}

/** A full-flash file: bootloader, partition table at 0x8000, and an app unless it is null. */
export function buildMerged(recipe: MergedRecipe = {}): Bytes {
  const chip = recipe.chip ?? 'ESP32';
  const base = recipe.startsAt === 'flash' ? 0 : CHIPS[chip].bootloaderAt;
  const table = recipe.table ?? buildPartitionTable();
  const app = recipe.app === undefined ? buildApp({ chip }) : recipe.app;
  const appAt = recipe.appAt ?? 0x10000;
  const flash = filled(app === null ? 0x8000 + table.length : appAt + app.length, 0xff);
  flash.set(recipe.bootloader ?? buildBootloader({ chip }), CHIPS[chip].bootloaderAt);
  flash.set(table, 0x8000);
  if (app !== null) flash.set(app, appAt);
  return flash.slice(base);
}

/** A stretch of flash with these in it, up to the end of the last one. */
export function buildFlash(pieces: readonly (readonly [at: number, bytes: Uint8Array])[], filling = 0xff): Bytes {
  const flash = filled(Math.max(...pieces.map(([at, bytes]) => at + bytes.length)), filling);
  for (const [at, bytes] of pieces) flash.set(bytes, at);
  return flash;
}

export interface SelectionRecipe {
  readonly sequence: number;
  /** State of the entry, as in ESP-IDF: 2 valid, 3 invalid, 4 aborted; absent: never set. */
  readonly state?: number;
  readonly wrongCrc?: boolean;
}

/** The selector that Arduino calls boot_app0.bin. Its second sector is erased unless it is given. */
export function buildOtadata(
  sequence = 1,
  second: SelectionRecipe | null = null,
  first: SelectionRecipe = { sequence },
): Bytes {
  const bytes = filled(2 * SECTOR, 0xff);
  [first, second].forEach((selection, index) => {
    if (selection === null) return;
    const sector = bytes.subarray(index * SECTOR);
    const data = view(sector);
    data.setUint32(0, selection.sequence, true);
    data.setUint32(24, selection.state ?? 0xffffffff, true);
    const crc = crc32(sector.subarray(0, 4), 0xffffffff);
    data.setUint32(28, selection.wrongCrc === true ? ~crc : crc, true);
  });
  return bytes;
}
