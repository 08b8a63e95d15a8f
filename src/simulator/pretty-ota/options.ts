/** How one simulated device with PrettyOTA is set up, and what it is like where nothing is said. */
import { noCosts, realClock, type Costs, type DeviceClock } from '../clock.ts';
import { type PrettyBuild, prettyImage } from './build.ts';

export interface PrettyOptions {
  readonly name: string;
  /** As its app names the hardware; else the board's name in the build. */
  readonly hardwareId: string;
  /** What it runs at first. */
  readonly firmware: Uint8Array;
  /** Null: it asks for none. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Its app may put its pages elsewhere. */
  readonly mainUrl: string;
  readonly loginUrl: string;
  /** Bytes of the part of flash that an update goes to. */
  readonly slotBytes: number;
  /** Whether flash holds a whole image of what was written: what the chip checks before it makes it bootable. */
  readonly isWhole: (image: Uint8Array) => boolean;
  /** Its web server is an older one, which sends an error before all has come, and closes the connection. */
  readonly answersEarly: boolean;
  /** It is gone before its yes is. */
  readonly losesAnswer: boolean;
  /** Something else in its app keeps it from restarting by itself. */
  readonly restartsItself: boolean;
  /** Whether an image starts; else it goes back to the one before. */
  readonly boots: (image: Uint8Array) => boolean;
  /** Whether it is seen again after an update. */
  readonly comesBack: boolean;
  /** Milliseconds from a reset until it answers again. */
  readonly awayMs: number;
  readonly clock: DeviceClock;
  readonly costs: Costs;
}

const FIRST: PrettyBuild = { version: '1.4.0', date: 'Mar  3 2026', time: '09:12:40' };

export const PRETTY_DEFAULTS: PrettyOptions = {
  name: 'Shelf PrettyOTA',
  hardwareId: 'ESP32_DEV',
  firmware: prettyImage(FIRST),
  login: null,
  mainUrl: '/update',
  loginUrl: '/login',
  // 0x140000: a slot of Arduino's usual table for 4 MB.
  slotBytes: 1_310_720,
  isWhole: () => true,
  answersEarly: false,
  losesAnswer: false,
  restartsItself: true,
  boots: () => true,
  comesBack: true,
  awayMs: 3_000,
  clock: realClock,
  costs: noCosts,
};
