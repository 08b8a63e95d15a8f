/** The options of a simulated sketch with ArduinoOTA, and their defaults. */
import type { UpdaterOptions } from '../forms/arduino-updater.ts';
import { formImage } from '../forms/options.ts';
import { ARDUINO_SLOT_BYTES, WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface EspotaOptions extends UpdaterOptions, WholeOptions {
  readonly name: string;
  /** As it announces it. */
  readonly board: string;
  /** Null: it asks for none. */
  readonly password: string | null;
  /**
   * How it checks a password. `md5`: as cores before 3.3.1, and the ESP8266's. `sha256`: as cores since then.
   * `md5-kept`: the same, in a sketch whose author put the password's MD5 into it.
   */
  readonly auth: 'md5' | 'sha256' | 'md5-kept';
  /** Whether it announces itself on its network. */
  readonly announces: boolean;
  /** How many datagrams to it are lost at first. */
  readonly losesDatagrams: number;
  /** Whether its connections reach the client: a firewall on that machine may keep them out. */
  readonly reachesClient: boolean;
  /** Bytes that it reads, and acknowledges, at a time: 1,024 as a client sends them, or a divisor of that. */
  readonly readsBytes: number;
  /** Whether it restarts by itself after an update. */
  readonly restartsItself: boolean;
}

export const ESPOTA_DEFAULTS: EspotaOptions = {
  ...WHOLE_DEFAULTS,
  name: 'shelf-sketch',
  board: 'esp32',
  chip: 'ESP32',
  firmware: formImage(),
  password: null,
  auth: 'sha256',
  announces: true,
  losesDatagrams: 0,
  reachesClient: true,
  readsBytes: 1024,
  restartsItself: true,
  slotBytes: ARDUINO_SLOT_BYTES,
};
