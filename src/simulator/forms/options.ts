/** How one simulated device that takes firmware by a form is set up, and what it is like where nothing is said. */
import type { UpdaterOptions } from './arduino-updater.ts';
import { ARDUINO_SLOT_BYTES, WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

/**
 * Whose page it is. `update-server`: the library of Arduino's own (HTTPUpdateServer, ESP8266HTTPUpdateServer). `espeasy`: the
 * same inside ESPEasy, which tells of itself. `sketch`: the tutorial's, which restarts whatever came of it. `async`: home-made
 * on ESPAsyncWebServer. `elegant-2`, `elegant-3`: ElegantOTA.
 */
export type FormKind = 'update-server' | 'espeasy' | 'sketch' | 'async' | 'elegant-2' | 'elegant-3';

export interface FormOptions extends UpdaterOptions, WholeOptions {
  readonly name: string;
  readonly kind: FormKind;
  /** Where its page is, and what is uploaded goes. */
  readonly path: string;
  /** Asked for by HTTP's own means; null: nobody is asked for anything. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Since mid-2025 Arduino's library for the ESP32 takes an upload from its own page alone. */
  readonly wantsOrigin: boolean;
  /** Its app lets pages of any origin read it. */
  readonly cors: boolean;
  /** What is left of an upload that breaks off; absent: as its kind does it. */
  readonly halfUpload?: 'cleaned' | 'left';
  /** Whether it restarts after an upload that came to nothing; absent: as its kind does it. */
  readonly restartsOnFailure?: boolean;
  /** It says yes to whatever comes of it. */
  readonly alwaysSaysYes: boolean;
  /** It is gone before its yes is. */
  readonly losesAnswer: boolean;
  /** Of ElegantOTA: whether it restarts by itself. */
  readonly restartsItself: boolean;
  /** Its own words for a yes and a no; absent: as its kind has them. */
  readonly words?: { readonly yes: string; readonly no: string };
}

const FIRST_BYTES = 2_000;
const BUILD_AT = 300;

/** An image as such devices run it. @param build what ESPEasy calls it: its file's name */
export function formImage(bytes = FIRST_BYTES, build = '', seed = 7): Uint8Array<ArrayBuffer> {
  const image = new Uint8Array(bytes).map((_, at) => (at * seed) & 0xff);
  image[0] = 0xe9;
  image.set(new TextEncoder().encode(`\0${build}\0`), BUILD_AT);
  return image;
}

/** What ESPEasy calls an image; null: it is none of its own. */
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
