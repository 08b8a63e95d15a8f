/**
 * What a WLED build says of itself, in a struct near the image's start: version, release, and the oldest version that
 * it can be installed from. The device reads the same struct before it takes an update. Older builds have none. Source:
 * WLED `wled_metadata.h`, `wled_metadata.cpp`, `ota_update.cpp`.
 */
import type { Inspection } from '../../model/firmware/inspection.ts';
import { startsWith, untrustedText, u32, type Bytes } from '../bytes/little-endian.ts';

/** 0x57535453, little-endian. */
const MAGIC = [0x53, 0x54, 0x53, 0x57];
const VERSION_AT = 8;
const RELEASE_AT = 56;
const HASH_AT = 104;
const INSTALLS_FROM_AT = 108;
const BYTES = 111;
/** Each text has 48 bytes, its final 0 included. */
const TEXT_BYTES = 48;
/** Since this version of the struct it states the oldest version that it can be installed from. */
const WITH_INSTALLS_FROM = 2;

/** Where the struct is looked for: behind ESP-IDF's own descriptor, or behind the ESP8266's boot part. */
export const WLED_METADATA_AT = { esp32: 256, esp8266: 0x1000 } as const;
const SEARCH_BYTES = 512;

/** Undefined where the file has none, or one whose checksum is wrong. */
export function readWledMetadata(image: Bytes, chip: keyof typeof WLED_METADATA_AT): Inspection['tells'] {
  const from = WLED_METADATA_AT[chip];
  for (let at = from; at < from + SEARCH_BYTES && at + BYTES <= image.length; at += 1) {
    if (!startsWith(image, at, MAGIC)) continue;
    const release = image.subarray(at + RELEASE_AT, at + RELEASE_AT + TEXT_BYTES);
    if (u32(image, at + HASH_AT) !== checksumOf(release)) continue;
    const version = untrustedText(image.subarray(at + VERSION_AT, at + VERSION_AT + TEXT_BYTES));
    if (version === '') continue;
    const [major = 0, minor = 0, patch = 0] = image.subarray(at + INSTALLS_FROM_AT, at + BYTES);
    return {
      product: 'WLED',
      version,
      release: untrustedText(release) || null,
      installsFrom: u32(image, at + 4) >= WITH_INSTALLS_FROM ? [major, minor, patch] : null,
    };
  }
  return undefined;
}

/** D. J. Bernstein's hash of a text up to its end, in 32 bits: of the release alone. */
function checksumOf(text: Bytes): number {
  let sum = 5381;
  for (const byte of text) {
    if (byte === 0) break;
    sum = (Math.imul(sum, 33) + byte) >>> 0;
  }
  return sum;
}
