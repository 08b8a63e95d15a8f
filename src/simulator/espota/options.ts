/** How one simulated sketch with ArduinoOTA is set up, and what it is like where nothing is said. */
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
   * What it knows of passwords. `md5`: before core 3.3.1, and the ESP8266's. `sha256`: since then. `md5-kept`: the same, in a sketch
   * whose author wrote the password's MD5 into it.
   */
  readonly auth: 'md5' | 'sha256' | 'md5-kept';
  /** Whether it announces itself on its network. */
  readonly announces: boolean;
  /** So many datagrams are lost on their way to it, at first. */
  readonly losesDatagrams: number;
  /** Whether its connections reach who invited it: a firewall on that machine keeps them out. */
  readonly reachesClient: boolean;
  /** Bytes that it reads, and answers, at a time: a client's 1,024, or a part of them that leaves nothing over. */
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
