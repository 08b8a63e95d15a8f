/** Images of data partitions, which people take for firmware because a build leaves them beside it. */
import { crc32 } from '../bytes/crc32.ts';
import { isFilled, startsWith, u16, u32 } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import { SECTOR } from './sector.ts';

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
  return startsWith(file, at + 510, [0x55, 0xaa]) && [512, 1024, 2048, 4096].includes(bytesPerSector);
}

/** Page states of NVS: active, full, being freed. Version 1 and 2 of the format; the rest of the head is erased. */
function isNvsPage(page: Bytes): boolean {
  const active = [0xfffffffe, 0xfffffffc, 0xfffffff8].includes(u32(page, 0));
  return active && page.length >= SECTOR && (page[8] === 0xfe || page[8] === 0xff) && isFilled(page, 9, 28, 0xff);
}

/** Free pages that are passed over: a quarter of a megabyte, ten times what a partition of settings has as a rule. */
const MOST_FREE_BYTES = 64 * SECTOR;

/** Pages are used in turns, so the first may be free. One further in has to be right by its CRC as well. */
function isNvs(file: Bytes): boolean {
  if (isNvsPage(file)) return true;
  const end = Math.min(file.length, MOST_FREE_BYTES);
  for (let at = SECTOR; at < end && isFilled(file, at - SECTOR, at, 0xff); at += SECTOR) {
    const page = file.subarray(at);
    if (isNvsPage(page) && crc32(page.subarray(4, 28), 0xffffffff) === u32(page, 28)) return true;
  }
  return false;
}

/** Null where the file is none of these. */
export function kindOfDataPartition(file: Bytes): 'file-system' | 'nvs' | null {
  if (isLittlefs(file) || isSpiffs(file)) return 'file-system';
  if (isNvs(file)) return 'nvs';
  // Wear levelling keeps a sector of its own before the volume.
  return isFatVolume(file, 0) || isFatVolume(file, SECTOR) ? 'file-system' : null;
}
