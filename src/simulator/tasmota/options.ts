/** The options of a simulated Tasmota device, and their defaults. */
import { type TasmotaBuild, tasmotaImage } from './build.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

/**
 * How its flash is divided. `two`: two partitions for apps, one of which runs. `safeboot`: one for an app, and a small
 * system beside it that takes uploads in the app's place. `esp8266`: the new image is stored behind the one that runs,
 * until the next start.
 */
export type TasmotaLayout = 'two' | 'safeboot' | 'esp8266';

export interface TasmotaOptions extends WholeOptions {
  readonly name: string;
  readonly layout: TasmotaLayout;
  /** "ESP32-D0WD-V3 rev.3": as the device tells it. */
  readonly hardware: string;
  readonly flashKilobytes: number;
  /** What takes uploads where there is one partition for an app. */
  readonly safeboot: Uint8Array;
  /** Bytes of the part of flash that an app has. */
  readonly slotBytes: number;
  /** Kilobytes of the app that runs, as it tells them. */
  readonly programKilobytes: number;
  /** The password of its web pages, for the user "admin"; null: it asks for none. */
  readonly password: string | null;
  /** Whether its pages answer only requests from its own pages (SetOption128 0). */
  readonly wantsReferer: boolean;
  /** The language of its pages. */
  readonly language: 'en' | 'de';
  /** It says “yes”, and does not restart by itself. */
  readonly losesRestart: boolean;
  /**
   * Whether an image starts. Else the device rolls back: to the previous app where there are two partitions, to
   * safeboot where there is one.
   */
  readonly boots: (image: Uint8Array) => boolean;
  /** Whether safeboot starts when it is asked for. */
  readonly startsSafeboot: boolean;
}

const FIRST: TasmotaBuild = { version: '15.1.0', variant: 'tasmota32', builtAt: '2025-10-11T09:00:01' };
const SAFEBOOT: TasmotaBuild = { version: '15.1.0', variant: 'safeboot', builtAt: '2025-10-11T08:00:00' };

export const TASMOTA_DEFAULTS: TasmotaOptions = {
  ...WHOLE_DEFAULTS,
  name: 'Shelf plug',
  layout: 'two',
  hardware: 'ESP32-D0WD-V3 rev.3',
  flashKilobytes: 4096,
  firmware: tasmotaImage(FIRST),
  safeboot: tasmotaImage(SAFEBOOT),
  // 0x1F0000: two of them fill 4 MB.
  slotBytes: 2_031_616,
  programKilobytes: 1_899,
  password: null,
  wantsReferer: false,
  language: 'en',
  losesRestart: false,
  startsSafeboot: true,
  awayMs: 2_000,
};
