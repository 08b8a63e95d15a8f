/** The options of a simulated device with PrettyOTA, and their defaults. */
import { type PrettyBuild, prettyImage } from './build.ts';
import { ARDUINO_SLOT_BYTES, WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface PrettyOptions extends WholeOptions {
  readonly name: string;
  /** The name of the hardware: the app's, or that of the board in the build. */
  readonly hardwareId: string;
  /** Null: it asks for none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** The paths of its pages, which an app may change. */
  readonly mainUrl: string;
  readonly loginUrl: string;
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /**
   * Whether its web server is an older one, which answers with an error before the upload is complete, and closes the
   * connection.
   */
  readonly answersEarly: boolean;
  /** Whether its “yes” is lost. */
  readonly losesAnswer: boolean;
  /** Whether it restarts by itself, which something in its app may prevent. */
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
