/**
 * The struct in which each WLED build since 0.15.2 names itself, near the start of the image, and how to put one there.
 */

export interface WledBuild {
  /** "16.0.1" */
  readonly version: string;
  /** "ESP32_Ethernet" */
  readonly release: string;
}

const ESP8266_AT = 0x1000;
const ESP32_AT = 256;
/** Behind Espressif's app descriptor, which ends here. */
const ESP32_PLACE = 288;
const SEARCHED_BYTES = 512;
const MAGIC = 0x57535453;
const TEXT_BYTES = 48;
const STRUCT_BYTES = 111;

/** Null where the image has none: an older WLED, or no WLED at all. */
export function buildOf(image: Uint8Array, arch: string): WledBuild | null {
  const from = metadataAt(arch);
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  for (let at = from; at < from + SEARCHED_BYTES && at + STRUCT_BYTES <= image.length; at += 1) {
    if (view.getUint32(at, true) !== MAGIC) continue;
    const [version, release] = [textAt(image, at + 8), textAt(image, at + 8 + TEXT_BYTES)];
    if (view.getUint32(at + 8 + 2 * TEXT_BYTES, true) === djb2(release)) return { version, release };
  }
  return null;
}

/** A copy of `image` with this build in it. `installsFrom`: as in version 2 of the struct. */
export function withBuild(
  image: Uint8Array,
  { version, release }: WledBuild,
  {
    arch = 'esp32',
    installsFrom,
  }: { readonly arch?: string; readonly installsFrom?: readonly [number, number, number] } = {},
): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(image);
  const at = arch === 'esp8266' ? ESP8266_AT : ESP32_PLACE;
  const view = new DataView(copy.buffer);
  copy.fill(0, at, at + STRUCT_BYTES);
  view.setUint32(at, MAGIC, true);
  view.setUint32(at + 4, installsFrom === undefined ? 1 : 2, true);
  copy.set(new TextEncoder().encode(version), at + 8);
  copy.set(new TextEncoder().encode(release), at + 8 + TEXT_BYTES);
  view.setUint32(at + 8 + 2 * TEXT_BYTES, djb2(release), true);
  copy.set(installsFrom ?? [0, 15, 2], at + 12 + 2 * TEXT_BYTES);
  return copy;
}

/** Where the device begins to look for it. */
export function metadataAt(arch: string): number {
  return arch === 'esp8266' ? ESP8266_AT : ESP32_AT;
}

/** Bytes that the device waits for before it judges an image. */
export function bytesToJudge(arch: string): number {
  return metadataAt(arch) + SEARCHED_BYTES;
}

function textAt(image: Uint8Array, at: number): string {
  const bytes = image.subarray(at, at + TEXT_BYTES);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function djb2(text: string): number {
  return new TextEncoder().encode(text).reduce((hash, byte) => ((hash << 5) + hash + byte) >>> 0, 5381);
}
