/** The options of a simulated ESPHome device, and their defaults. */
import { esphomeImage } from './build.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface EsphomeOptions extends WholeOptions {
  readonly friendlyName: string;
  /** "ESP32", "ESP8266" */
  readonly platform: string;
  readonly board: string;
  readonly mac: string;
  /** The password for updates; null: none is set. */
  readonly password: string | null;
  /** How it asks for the password: builds before 2025.10 know only MD5, those since 2026.1 want SHA-256. */
  readonly auth: 'sha256' | 'md5';
  /** With 1 it acknowledges nothing before it has the whole image. */
  readonly otaVersion: 1 | 2;
  /** Whether there is a native API, and whether it can be read without a key. */
  readonly api: 'plain' | 'encrypted' | 'none';
  /** Whether it announces itself on its network. */
  readonly announces: boolean;
  /** The hash of the configuration that a build announces. Null: it announces none, as older builds. */
  readonly configHash: ((image: Uint8Array) => string) | null;
  /** The login of its web page; null: it has none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Whether its web page takes updates. */
  readonly webOta: boolean;
  /**
   * What happens to an upload to its web page that breaks off; absent: as in its version (it stays from 2025.7 on, and
   * is cleaned up from 2026.4 on).
   */
  readonly halfUpload?: 'cleaned' | 'appended';
  /** Whether its web page tells its uptime in a field of its own; else it shows in the ids of its events. */
  readonly tellsUptime: boolean;
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /**
   * After how many milliseconds, within its first minute, the new firmware crashes and is rolled back; null: it stays.
   */
  readonly crashesAfterMs: number | null;
  /** Whether it restarts after its “yes”. Every device does, but a shutdown that hung was seen. */
  readonly restarts: boolean;
}

export const ESPHOME_DEFAULTS: EsphomeOptions = {
  ...WHOLE_DEFAULTS,
  friendlyName: 'Shelf sensor',
  platform: 'ESP32',
  board: 'esp32dev',
  mac: 'AA:BB:CC:11:22:33',
  firmware: esphomeImage({ version: '2026.6.4', node: 'shelf-sensor', builtAt: '2026-06-20 10:00:00 +0200' }),
  password: null,
  auth: 'sha256',
  otaVersion: 2,
  api: 'plain',
  announces: true,
  configHash: null,
  login: null,
  webOta: true,
  tellsUptime: true,
  slotBytes: 1_835_008,
  crashesAfterMs: null,
  restarts: true,
};
