/** The options of every simulated device that takes an image whole, and their defaults. */
import { noCosts, realClock, type Costs, type DeviceClock } from '../clock.ts';

export interface WholeOptions {
  /** The image that it runs at first, from which it reads what it tells. */
  readonly firmware: Uint8Array;
  /**
   * Whether what was written is a whole image: an ESP32 checks that before it makes it bootable, an ESP8266 does not.
   */
  readonly isWhole: (image: Uint8Array) => boolean;
  /**
   * Whether an image starts. Else the device rolls back to the previous one; a chip without one, as an ESP8266, does
   * not come back.
   */
  readonly boots: (image: Uint8Array) => boolean;
  /** Whether it answers again after an update. */
  readonly comesBack: boolean;
  /** Milliseconds from a reset until it answers again. */
  readonly awayMs: number;
  readonly clock: DeviceClock;
  readonly costs: Costs;
}

export const WHOLE_DEFAULTS = {
  isWhole: () => true,
  boots: () => true,
  comesBack: true,
  awayMs: 3_000,
  clock: realClock,
  costs: noCosts,
} as const satisfies Partial<WholeOptions>;

/** 0x140000: a slot of Arduino's usual table for 4 MB. */
export const ARDUINO_SLOT_BYTES = 1_310_720;
