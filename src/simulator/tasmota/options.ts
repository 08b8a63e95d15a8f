/** How one simulated Tasmota device is set up, and what it is like where nothing is said. */
import { type TasmotaBuild, tasmotaImage } from './build.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

/**
 * How its flash is divided. `two`: two partitions for apps, one of which runs. `safeboot`: one for an app, and a small system beside
 * it that takes uploads in the app's place. `esp8266`: the new image lies behind the one that runs until the next start.
 */
export type TasmotaLayout = 'two' | 'safeboot' | 'esp8266';

export interface TasmotaOptions extends WholeOptions {
  readonly name: string;
  readonly layout: TasmotaLayout;
  /** "ESP32-D0WD-V3 rev.3": as it tells it. */
  readonly hardware: string;
  readonly flashKilobytes: number;
  /** What takes uploads where there is one partition for an app. */
  readonly safeboot: Uint8Array;
  /** Bytes of the part of flash that an app has. */
  readonly slotBytes: number;
  /** Kilobytes that the app which runs says it has. */
  readonly programKilobytes: number;
  /** Of its web pages, for the user "admin"; null: it asks for none. */
  readonly password: string | null;
  /** Its pages answer those alone that come from its own pages (SetOption128 0). */
  readonly wantsReferer: boolean;
  /** What its pages are written in. */
  readonly language: 'en' | 'de';
  /** It says yes, and restarts only when somebody else restarts it. */
  readonly losesRestart: boolean;
  /** Whether an image starts; else it goes back: to the one before where there are two, to safeboot where there is one. */
  readonly boots: (image: Uint8Array) => boolean;
  /** Whether safeboot is seen after it was asked for. */
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
