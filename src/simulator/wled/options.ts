/** The options of a simulated WLED lamp, and their defaults. */
import { type WledBuild, withBuild } from './metadata.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface WledOptions extends WholeOptions {
  readonly name: string;
  /** "esp32", "ESP32-S3", "esp8266": as the lamp tells it. */
  readonly arch: string;
  readonly flashMegabytes: number;
  /** The build of an image without the struct; null: such an image is not WLED, and the lamp does not answer again. */
  readonly legacy: WledBuild | null;
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /** Four digits; null: none is set. */
  readonly pin: string | null;
  /** Whether updates are locked in its settings. */
  readonly otaLock: boolean;
  /** Whether updates are built in. */
  readonly ota: boolean;
  /** Whether the client is in another subnet than the lamp. */
  readonly otherSubnet: boolean;
  /** What happens to an upload that breaks off; absent: as in its version (cleaned up since 0.15.2). */
  readonly halfUpload?: 'cleaned' | 'appended';
}

/** Bytes of the image that a lamp runs by default. */
const FIRST_BYTES = 2_000;

export function wledImage(build: WledBuild, bytes = FIRST_BYTES, arch = 'esp32'): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * 7) & 0xff);
  image[0] = 0xe9;
  return withBuild(image, build, { arch });
}

export const WLED_DEFAULTS: WledOptions = {
  ...WHOLE_DEFAULTS,
  name: 'Shelf lamp',
  arch: 'esp32',
  flashMegabytes: 4,
  firmware: wledImage({ version: '16.0.0', release: 'ESP32' }),
  legacy: null,
  // 0x180000: two of them and a file system fill 4 MB.
  slotBytes: 1_572_864,
  pin: null,
  otaLock: false,
  ota: true,
  otherSubnet: false,
  awayMs: 2_000,
};
