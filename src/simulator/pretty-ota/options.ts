/** How one simulated device with PrettyOTA is set up, and what it is like where nothing is said. */
import { type PrettyBuild, prettyImage } from './build.ts';
import { ARDUINO_SLOT_BYTES, WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface PrettyOptions extends WholeOptions {
  readonly name: string;
  /** As its app names the hardware; else the board's name in the build. */
  readonly hardwareId: string;
  /** Null: it asks for none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Its app may put its pages elsewhere. */
  readonly mainUrl: string;
  readonly loginUrl: string;
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /** Its web server is an older one, which sends an error before all has come, and closes the connection. */
  readonly answersEarly: boolean;
  /** It is gone before its yes is. */
  readonly losesAnswer: boolean;
  /** Something else in its app keeps it from restarting by itself. */
  readonly restartsItself: boolean;
}

const FIRST: PrettyBuild = { version: '1.4.0', date: 'Mar  3 2026', time: '09:12:40' };

export const PRETTY_DEFAULTS: PrettyOptions = {
  ...WHOLE_DEFAULTS,
  name: 'Shelf PrettyOTA',
  hardwareId: 'ESP32_DEV',
  firmware: prettyImage(FIRST),
  login: null,
  mainUrl: '/update',
  loginUrl: '/login',
  slotBytes: ARDUINO_SLOT_BYTES,
  answersEarly: false,
  losesAnswer: false,
  restartsItself: true,
};
