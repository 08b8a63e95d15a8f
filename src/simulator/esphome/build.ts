/** What an ESPHome build says of itself, where its files have it: in the descriptor of each ESP-IDF app, and in one text. */

export interface EsphomeBuild {
  readonly version: string;
  /** The device that it was built for. */
  readonly node: string;
  /** "2026-03-15 18:46:25 +0100" */
  readonly builtAt: string;
}

const DESCRIPTOR_AT = 32;
const DESCRIPTOR_MAGIC = 0xabcd5432;
const VERSION_AT = DESCRIPTOR_AT + 16;
const NODE_AT = DESCRIPTOR_AT + 48;
const FIELD_BYTES = 32;
/** Among the texts of the app; in real ones anywhere. */
const BUILT_AT = 512;
const BUILT = /20\d\d-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}/;

/** A copy of the image that tells this build. */
export function withEsphomeBuild(image: Uint8Array, build: EsphomeBuild): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(image);
  new DataView(copy.buffer).setUint32(DESCRIPTOR_AT, DESCRIPTOR_MAGIC, true);
  put(copy, VERSION_AT, build.version, FIELD_BYTES);
  put(copy, NODE_AT, build.node, FIELD_BYTES);
  put(copy, BUILT_AT, build.builtAt, FIELD_BYTES);
  return copy;
}

/** Null: it is no such build. */
export function esphomeBuildOf(image: Uint8Array): EsphomeBuild | null {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (image.length < BUILT_AT + FIELD_BYTES || view.getUint32(DESCRIPTOR_AT, true) !== DESCRIPTOR_MAGIC) return null;
  const version = text(image, VERSION_AT);
  const builtAt = BUILT.exec(new TextDecoder('latin1').decode(image))?.[0] ?? '';
  return version === '' ? null : { version, node: text(image, NODE_AT), builtAt };
}

/** An image of this build. */
export function esphomeImage(build: EsphomeBuild, bytes = 2_000): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * 11) & 0xff);
  image[0] = 0xe9;
  return withEsphomeBuild(image, build);
}

function put(image: Uint8Array, at: number, value: string, bytes: number): void {
  image.fill(0, at, at + bytes);
  image.set(new TextEncoder().encode(value).subarray(0, bytes - 1), at);
}

function text(image: Uint8Array, at: number): string {
  const field = image.subarray(at, at + FIELD_BYTES);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}
