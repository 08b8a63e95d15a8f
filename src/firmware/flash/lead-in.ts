/**
 * What may lie before the first content of a file that was taken from flash: filling, which stands for erased flash.
 */
import { IMAGE_MAGIC, isStretchOf, readImageHeader } from '../image/esp-image.ts';
import { isFilled } from '../bytes/little-endian.ts';
import type { Bytes } from '../bytes/little-endian.ts';
import type { YieldWhenDue } from '../work.ts';
import { SECTOR } from './sector.ts';

/** Secure Boot V1 keeps 128 random bytes and a digest of 64 at the start of flash, and the bootloader behind them. */
const DIGEST_BYTES = 128 + 64;
/** On the ESP32, the only chip with Secure Boot V1. */
const BOOTLOADER_AT = 0x1000;
const ESP32 = 0;

/** `dd` and `objcopy` leave zeros where flash is erased. */
function isFilling(byte: number | undefined): byte is number {
  return byte === 0xff || byte === 0;
}

export function hasSecureBootDigest(file: Bytes): boolean {
  return (
    file[BOOTLOADER_AT] === IMAGE_MAGIC &&
    readImageHeader(file.subarray(BOOTLOADER_AT)).chipId === ESP32 &&
    isFilled(file, DIGEST_BYTES, BOOTLOADER_AT, 0xff)
  );
}

/**
 * The offset of the sector in which the content begins, where only filling lies before it; null where the content
 * begins at once, or never.
 */
export async function endOfLeadIn(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<number | null> {
  if (hasSecureBootDigest(file)) return BOOTLOADER_AT;
  const [filling] = file;
  if (!isFilling(filling)) return null;
  for (let at = SECTOR; at < file.length; at += SECTOR) {
    if (file[at] !== filling) return (await isStretchOf(filling, file, 0, at, yieldWhenDue)) ? at : null;
  }
  return null;
}

/** An image that begins behind such a lead-in; null where there is none. */
export async function imageAfterLeadIn(file: Bytes, yieldWhenDue: YieldWhenDue): Promise<number | null> {
  const at = await endOfLeadIn(file, yieldWhenDue);
  return at !== null && file[at] === IMAGE_MAGIC ? at : null;
}
