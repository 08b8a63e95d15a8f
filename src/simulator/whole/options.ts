/** What can be said of every simulated device that takes an image whole, and what it is like where nothing is said. */
import { noCosts, realClock, type Costs, type DeviceClock } from '../clock.ts';

export interface WholeOptions {
  /** What it runs at first. What it tells of that is read from it. */
  readonly firmware: Uint8Array;
  /** Whether flash holds a whole image of what was written: what an ESP32 checks before it makes it bootable, and an ESP8266 does not. */
  readonly isWhole: (image: Uint8Array) => boolean;
  /** Whether an image starts. Else it goes back to the one before; a chip that has no other, as an ESP8266, is gone. */
  readonly boots: (image: Uint8Array) => boolean;
  /** Whether it is seen again after an update. */
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
