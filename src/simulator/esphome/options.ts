/** How one simulated ESPHome device is set up, and what it is like where nothing is said. */
import { noCosts, realClock, type Costs, type DeviceClock } from '../clock.ts';
import { esphomeImage } from './build.ts';

export interface EsphomeOptions {
  readonly friendlyName: string;
  /** "ESP32", "ESP8266" */
  readonly platform: string;
  readonly board: string;
  readonly mac: string;
  /** What it runs at first. Its version, name and time are read from it. */
  readonly firmware: Uint8Array;
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
  /** Whether what was written is an image that the chip would start. */
  readonly isWhole: (image: Uint8Array) => boolean;
  /** Whether an image starts; else the device goes back to the one before, and says nothing of it. */
  readonly boots: (image: Uint8Array) => boolean;
  /** After how many milliseconds the new firmware crashes, within its first minute, which takes it back; null: it stays. */
  readonly crashesAfterMs: number | null;
  /** Whether it is seen again after an update. */
  readonly comesBack: boolean;
  /** Whether it restarts after it has said yes. Each does; a hung shutdown was seen. */
  readonly restarts: boolean;
  /** Milliseconds from a reset until it answers again. */
  readonly awayMs: number;
  readonly clock: DeviceClock;
  readonly costs: Costs;
}

export const ESPHOME_DEFAULTS: EsphomeOptions = {
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
  isWhole: () => true,
  boots: () => true,
  crashesAfterMs: null,
  comesBack: true,
  restarts: true,
  awayMs: 3_000,
  clock: realClock,
  costs: noCosts,
};
