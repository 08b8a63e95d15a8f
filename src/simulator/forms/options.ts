/** The options of a simulated device that takes firmware by a form, and their defaults. */
import type { UpdaterOptions } from './arduino-updater.ts';
import { ARDUINO_SLOT_BYTES, WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

/**
 * What its page is made with. `update-server`: Arduino's own library (HTTPUpdateServer, ESP8266HTTPUpdateServer).
 * `espeasy`: the same inside ESPEasy, which tells what it is. `sketch`: the tutorial's code, which restarts whatever
 * the result. `async`: home-made with ESPAsyncWebServer. `elegant-2`, `elegant-3`: ElegantOTA.
 */
export type FormKind = 'update-server' | 'espeasy' | 'sketch' | 'async' | 'elegant-2' | 'elegant-3';

export interface FormOptions extends UpdaterOptions, WholeOptions {
  readonly name: string;
  readonly kind: FormKind;
  /** The path of its page, which also takes the upload. */
  readonly path: string;
  /** The login that it asks for by HTTP's own means; null: none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Whether it takes an upload from its own page only, as Arduino's library for the ESP32 does since mid-2025. */
  readonly wantsOrigin: boolean;
  /** Whether its app lets pages of any origin read its answers. */
  readonly cors: boolean;
  /** What happens to an upload that breaks off; absent: as with its kind. */
  readonly halfUpload?: 'cleaned' | 'left';
  /** Whether it restarts after a failed upload; absent: as with its kind. */
  readonly restartsOnFailure?: boolean;
  /** Whether it says “yes” whatever the result. */
  readonly alwaysSaysYes: boolean;
  /** Whether it restarts before its “yes” is sent. */
  readonly losesAnswer: boolean;
  /** Whether it restarts by itself, which ElegantOTA need not. */
  readonly restartsItself: boolean;
  /** Its own words for “yes” and “no”; absent: those of its kind. */
  readonly words?: { readonly yes: string; readonly no: string };
}

const FIRST_BYTES = 2_000;
const BUILD_AT = 300;

/**
 * An image as such devices run it.
 *
 * @param build what ESPEasy calls it: its file's name
 */
export function formImage(bytes = FIRST_BYTES, build = '', seed = 7): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * seed) & 0xff);
  image[0] = 0xe9;
  image.set(new TextEncoder().encode(`\0${build}\0`), BUILD_AT);
  return image;
}

/** What ESPEasy calls an image; null: it is not an image of ESPEasy. */
export function buildIn(image: Uint8Array): string | null {
  return /\0(ESP_Easy_[\w.-]+)\0/.exec(new TextDecoder('latin1').decode(image.subarray(0, FIRST_BYTES)))?.[1] ?? null;
}

export const FORM_DEFAULTS: FormOptions = {
  ...WHOLE_DEFAULTS,
  name: 'Shelf sketch',
  kind: 'update-server',
  chip: 'ESP32',
  path: '/update',
  firmware: formImage(),
  login: null,
  wantsOrigin: false,
  cors: false,
  alwaysSaysYes: false,
  losesAnswer: false,
  restartsItself: true,
  slotBytes: ARDUINO_SLOT_BYTES,
};
