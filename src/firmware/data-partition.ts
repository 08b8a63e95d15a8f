/** Images of data partitions, which people take for firmware because a build leaves them beside it. */
import { isFilled, startsWith, u16, u32 } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';

export interface DataPartition {
  readonly kind: 'file-system' | 'nvs';
  readonly kindName: string;
}

const SECTOR = 4096;

function isLittlefs(file: Bytes): boolean {
  // The superblock is kept twice, in the first two blocks; "littlefs" stands 8 bytes in.
  const name = Array.from('littlefs', (letter) => letter.charCodeAt(0));
  return startsWith(file, 8, name) || startsWith(file, SECTOR + 8, name);
}

/** SPIFFS has no magic at its head: each block carries one, made of its distance from the end. ESP-IDF's defaults. */
function isSpiffs(file: Bytes): boolean {
  const blocks = Math.floor(file.length / SECTOR);
  if (blocks < 2) return false;
  const magic = (index: number): boolean =>
    u16(file, index * SECTOR + 252) === ((0x0529 ^ 0x100 ^ (blocks - index)) & 0xffff);
  return magic(0) && magic(1) && magic(blocks - 1);
}

function isFatVolume(file: Bytes, at: number): boolean {
  const bytesPerSector = u16(file, at + 11);
  return startsWith(file, at + 510, [0x55, 0xaa]) && [512, 1024, 2048, SECTOR].includes(bytesPerSector);
}

/** Page states of NVS: active, full, being freed. Version 1 and 2 of the format; the rest of the head is erased. */
function isNvs(file: Bytes): boolean {
  const active = [0xfffffffe, 0xfffffffc, 0xfffffff8].includes(u32(file, 0));
  return active && file.length >= SECTOR && (file[8] === 0xfe || file[8] === 0xff) && isFilled(file, 9, 28, 0xff);
}

/** Null where the file is none of these. */
export function readDataPartition(file: Bytes): DataPartition | null {
  if (isLittlefs(file)) return { kind: 'file-system', kindName: 'littlefs image' };
  if (isSpiffs(file)) return { kind: 'file-system', kindName: 'SPIFFS image' };
  if (isNvs(file)) return { kind: 'nvs', kindName: 'NVS partition' };
  // Wear levelling keeps a sector of its own before the volume.
  if (isFatVolume(file, 0) || isFatVolume(file, SECTOR)) return { kind: 'file-system', kindName: 'FAT image' };
  return null;
}
