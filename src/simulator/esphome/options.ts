/** How one simulated ESPHome device is set up, and what it is like where nothing is said. */
import { esphomeImage } from './build.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface EsphomeOptions extends WholeOptions {
  readonly friendlyName: string;
  /** "ESP32", "ESP8266" */
  readonly platform: string;
  readonly board: string;
  readonly mac: string;
  /** Of updates; null: none is set. */
  readonly password: string | null;
  /** How it asks for it: builds before 2025.10 know MD5 alone, those since 2026.1 want SHA-256. */
  readonly auth: 'sha256' | 'md5';
  /** 1 says nothing of what it has written before it has all of it. */
  readonly otaVersion: 1 | 2;
  /** Whether the native API is there, and may be read without its key. */
  readonly api: 'plain' | 'encrypted' | 'none';
  /** Whether it announces itself on its network. */
  readonly announces: boolean;
  /** Whether its builds say a hash of their configuration, and what it is for each. Null: older ones do not. */
  readonly configHash: ((image: Uint8Array) => string) | null;
  /** Of its web page; null: it has no login. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Whether its web page takes updates. */
  readonly webOta: boolean;
  /** What is left of an upload to its web page that breaks off; absent: as its version does it (from 2025.7 it stays, from 2026.4 not). */
  readonly halfUpload?: 'cleaned' | 'appended';
  /** Whether its web page tells its uptime in words of its own; else it shows in the numbers of its events. */
  readonly tellsUptime: boolean;
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /** After how many milliseconds the new firmware crashes, within its first minute, which takes it back; null: it stays. */
  readonly crashesAfterMs: number | null;
  /** Whether it restarts after it has said yes. Each does; a hung shutdown was seen. */
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
