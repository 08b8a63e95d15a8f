/** What an image says of itself, 32 bytes into the file. Source: esp-idf `esp_app_desc.h`, `esp_bootloader_desc.h`. */
import { chipOf } from '../../model/firmware/chips.ts';
import { limitOrNull, readImageHeader, runsFromFlash } from './esp-image.ts';
import type { ChipRevisions, Inspection, Segment } from '../../model/firmware/inspection.ts';
import { isFilled, startsWith, untrustedText, u16, u32 } from '../bytes/little-endian.ts';
import { hex } from '../../model/hex.ts';
import type { Bytes } from '../bytes/little-endian.ts';

const DESCRIPTOR_AT = 0x20;
/** 0xABCD5432, little-endian. */
const APP_MAGIC = [0x32, 0x54, 0xcd, 0xab];
const BOOTLOADER_MAGIC = 0x50;
const APP_DESCRIPTOR_END = DESCRIPTOR_AT + 256;

type Names = Pick<Inspection, 'project' | 'version' | 'date' | 'idfVersion' | 'elfSha256' | 'secureVersion'>;

export const NO_NAMES: Names = {
  project: null,
  version: null,
  date: null,
  idfVersion: null,
  elfSha256: null,
  secureVersion: null,
};

/** Null where the image has none: builds older than ESP-IDF 3.3, and hand-made ones. */
export function readAppDescriptor(image: Bytes): Names | null {
  if (!startsWith(image, DESCRIPTOR_AT, APP_MAGIC) || image.length < APP_DESCRIPTOR_END) return null;
  const words = (at: number, length: number): string => untrustedText(image.subarray(at, at + length));
  const date = [words(0x80, 16), words(0x70, 16)].filter((part) => part !== '').join(' ');
  return {
    project: words(0x50, 32) || null,
    version: words(0x30, 32) || null,
    date: date || null,
    idfVersion: words(0x90, 32) || null,
    elfSha256: isFilled(image, 0xb0, 0xd0, 0) ? null : hex(image.subarray(0xb0, 0xd0)),
    secureVersion: u32(image, 0x24),
  };
}

/** The ESP32, the only chip whose bootloader does not check the revision of its eFuse block. */
const ASKS_NO_EFUSE_BLOCK = 0;

/** Revisions of the chip's eFuse block that an app with a descriptor asks for; null where they are not checked. */
export function readEfuseBlock(app: Bytes): ChipRevisions | null {
  if (readImageHeader(app).chipId === ASKS_NO_EFUSE_BLOCK) return null;
  return { min: limitOrNull(u16(app, 0xd0)) ?? 0, max: limitOrNull(u16(app, 0xd2)) };
}

/** Whether an image is an app. Of an unknown chip the addresses are guessed, so that a descriptor counts as well. */
export function isAppImage(image: Bytes, segments: readonly Segment[]): boolean {
  if (runsFromFlash(segments)) return true;
  return !chipOf(readImageHeader(image).chipId).known && readAppDescriptor(image) !== null;
}

/** Bootloaders have one since ESP-IDF 5.2. Its first byte alone proves little, so it must name a version too. */
export function readBootloaderDescriptor(image: Bytes): Names | null {
  if (image[DESCRIPTOR_AT] !== BOOTLOADER_MAGIC) return null;
  const idfVersion = untrustedText(image.subarray(0x2c, 0x4c));
  if (!/^v?\d/.test(idfVersion)) return null;
  return {
    ...NO_NAMES,
    idfVersion,
    date: untrustedText(image.subarray(0x4c, 0x64)) || null,
    secureVersion: u32(image, 0x24),
  };
}
