/** How one simulated sketch with ArduinoOTA is set up, and what it is like where nothing is said. */
import { noCosts, realClock, type Costs, type DeviceClock } from '../clock.ts';
import type { UpdaterOptions } from '../forms/arduino-updater.ts';
import { formImage } from '../forms/options.ts';

export interface EspotaOptions extends UpdaterOptions {
  readonly name: string;
  /** As it announces it. */
  readonly board: string;
  /** What it runs at first. */
  readonly firmware: Uint8Array;
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
  /** Whether an image starts. Else an ESP32 goes back to the one before, and an ESP8266, which has no other, is gone. */
  readonly boots: (image: Uint8Array) => boolean;
  /** Whether it is seen again after an update. */
  readonly comesBack: boolean;
  /** Milliseconds from a reset until it is there again. */
  readonly awayMs: number;
  readonly clock: DeviceClock;
  readonly costs: Costs;
}

export const ESPOTA_DEFAULTS: EspotaOptions = {
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
  // 0x140000: a slot of Arduino's usual table for 4 MB.
  slotBytes: 1_310_720,
  isWhole: () => true,
  boots: () => true,
  comesBack: true,
  awayMs: 3_000,
  clock: realClock,
  costs: noCosts,
};
