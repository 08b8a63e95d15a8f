/**
 * The ESP32 family: what tells its members apart in a file.
 * Sources: esp-idf `esp_app_format.h` (ids), esptool `targets/` (memory maps, bootloader places, UF2 families),
 * esp-idf `Kconfig.hw_support` and `COMPATIBILITY.md` (revisions).
 */
import { ESP8266_ID, type Chip, type KnownChip } from './inspection.ts';

type AddressRange = readonly [from: number, to: number];

interface ChipFacts {
  readonly id: number;
  readonly name: string;
  /** Where the bootloader lies in flash, in bytes: a full-flash file may start there. */
  readonly bootloaderAt: number;
  /** Addresses that flash is mapped to, [from, to): only an app has segments there. */
  readonly mapped: readonly AddressRange[];
  readonly uf2Family: number | null;
  /** ESP-IDF 5.4 and later refuse an app without a descriptor on these chips. */
  readonly needsDescriptor: boolean;
  /** The lowest revision that an ordinary build asks for (major * 100 + minor); asking for more leaves boards out. */
  readonly usualMinRevision: number;
  /** Newest revision that ESP-IDF knows: an image that does not allow it leaves boards out, too. */
  readonly newestRevision: number;
  /** Flash page that mapped data is aligned to, in bytes, where the image states none: the chip's smallest. */
  readonly smallestPage: number;
}

const PAGE_64K = 0x10000;
/** The newer chips can map pages as small as 8 KiB; any larger page is a multiple of it. */
const PAGE_8K = 0x2000;

const mappedAsC6: readonly AddressRange[] = [[0x42000000, 0x43000000]];

// prettier-ignore
const FACTS: readonly ChipFacts[] = [
  { id: 0, name: 'ESP32', bootloaderAt: 0x1000, mapped: [[0x3f400000, 0x3f800000], [0x400d0000, 0x40400000]], uf2Family: 0x1c5f21b0, needsDescriptor: false, usualMinRevision: 0, newestRevision: 301, smallestPage: PAGE_64K },
  { id: 2, name: 'ESP32-S2', bootloaderAt: 0x1000, mapped: [[0x3f000000, 0x3f3f0000], [0x40080000, 0x40b80000]], uf2Family: 0xbfdd4eee, needsDescriptor: false, usualMinRevision: 0, newestRevision: 100, smallestPage: PAGE_64K },
  { id: 5, name: 'ESP32-C3', bootloaderAt: 0, mapped: [[0x3c000000, 0x3c800000], [0x42000000, 0x42800000]], uf2Family: 0xd42ba06c, needsDescriptor: false, usualMinRevision: 4, newestRevision: 101, smallestPage: PAGE_64K },
  { id: 9, name: 'ESP32-S3', bootloaderAt: 0, mapped: [[0x3c000000, 0x3e000000], [0x42000000, 0x44000000]], uf2Family: 0xc47e5767, needsDescriptor: false, usualMinRevision: 0, newestRevision: 2, smallestPage: PAGE_64K },
  { id: 12, name: 'ESP32-C2', bootloaderAt: 0, mapped: [[0x3c000000, 0x3c400000], [0x42000000, 0x42400000]], uf2Family: 0x2b88d29c, needsDescriptor: true, usualMinRevision: 100, newestRevision: 200, smallestPage: PAGE_8K },
  { id: 13, name: 'ESP32-C6', bootloaderAt: 0, mapped: mappedAsC6, uf2Family: 0x540ddf62, needsDescriptor: true, usualMinRevision: 0, newestRevision: 2, smallestPage: PAGE_8K },
  { id: 16, name: 'ESP32-H2', bootloaderAt: 0, mapped: mappedAsC6, uf2Family: 0x332726f6, needsDescriptor: true, usualMinRevision: 0, newestRevision: 102, smallestPage: PAGE_8K },
  { id: 18, name: 'ESP32-P4', bootloaderAt: 0x2000, mapped: [[0x40000000, 0x4c000000]], uf2Family: 0x3d308e94, needsDescriptor: false, usualMinRevision: 1, newestRevision: 301, smallestPage: PAGE_8K },
  { id: 20, name: 'ESP32-C61', bootloaderAt: 0, mapped: mappedAsC6, uf2Family: 0x77d850c4, needsDescriptor: true, usualMinRevision: 100, newestRevision: 101, smallestPage: PAGE_8K },
  { id: 23, name: 'ESP32-C5', bootloaderAt: 0x2000, mapped: [[0x42000000, 0x44000000]], uf2Family: 0xf71c0343, needsDescriptor: false, usualMinRevision: 100, newestRevision: 102, smallestPage: PAGE_8K },
  { id: 25, name: 'ESP32-H21', bootloaderAt: 0, mapped: mappedAsC6, uf2Family: 0xb6dd00af, needsDescriptor: true, usualMinRevision: 0, newestRevision: 0, smallestPage: PAGE_8K },
  { id: 28, name: 'ESP32-H4', bootloaderAt: 0x2000, mapped: mappedAsC6, uf2Family: 0x9e0baa8a, needsDescriptor: true, usualMinRevision: 0, newestRevision: 0, smallestPage: PAGE_8K },
  { id: 31, name: 'ESP32-E22', bootloaderAt: 0, mapped: [[0x3c000000, 0x40000000]], uf2Family: null, needsDescriptor: false, usualMinRevision: 0, newestRevision: 0, smallestPage: PAGE_8K },
  { id: 32, name: 'ESP32-S31', bootloaderAt: 0x2000, mapped: [[0x40000000, 0x54000000]], uf2Family: 0x3101f7c1, needsDescriptor: true, usualMinRevision: 0, newestRevision: 0, smallestPage: PAGE_8K },
];

/**
 * A chip of which only an id is known. Its mapped addresses are a guess: where other chips map flash, and none has RAM.
 * Where the ESP32 maps its code, and in the wide ranges of the S2, P4 and S31, other chips have RAM.
 */
const UNKNOWN: Omit<ChipFacts, 'id' | 'name'> = {
  bootloaderAt: 0,
  mapped: [
    [0x3c000000, 0x3e000000],
    [0x3f400000, 0x3f800000],
    [0x42000000, 0x44000000],
  ],
  uf2Family: null,
  needsDescriptor: false,
  usualMinRevision: 0,
  newestRevision: 0,
  smallestPage: PAGE_8K,
};

export const ESP8266: KnownChip = { id: ESP8266_ID, name: 'ESP8266', known: true };

export function chipFacts(id: number): Omit<ChipFacts, 'id' | 'name'> {
  return FACTS.find((facts) => facts.id === id) ?? UNKNOWN;
}

/** The chip of an id, from an image header (0–65535) or the ESP8266's. */
export function chipOf(id: number): Chip {
  return [ESP8266, ...KNOWN_CHIPS].find((chip) => chip.id === id) ?? { id, known: false };
}

/** The chips a person can choose from, in the order they came to market. */
export const KNOWN_CHIPS: readonly KnownChip[] = FACTS.map(({ id, name }) => ({ id, name, known: true }));

export function chipOfUf2Family(family: number): Chip | null {
  const facts = FACTS.find(({ uf2Family }) => uf2Family === family);
  return facts === undefined ? null : chipOf(facts.id);
}

export function isFlashMapped(chipId: number, address: number): boolean {
  return chipFacts(chipId).mapped.some(([from, to]) => address >= from && address < to);
}
