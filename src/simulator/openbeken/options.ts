/** How one simulated OpenBeken device is set up, and what it is like where nothing is said. */
import { openbekenImage } from './build.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface OpenbekenOptions extends WholeOptions {
  /** As its owner called it. It stands in its answer as it is, and may break that. */
  readonly name: string;
  /** What it does when it starts. */
  readonly startCommand: string;
  /** As it names its chip: "ESP32C3", "BK7231T". */
  readonly chipset: string;
  /** Of its user, who is always called `admin`; null: it asks for none. */
  readonly password: string | null;
  /** Bytes of the part of flash that an update goes to; null: it has none. */
  readonly slotBytes: number | null;
  /** It holds an image against itself before it says yes. The chips of others leave that to their next start. */
  readonly judgesImage: boolean;
  /** Its ESP-IDF begins no second update beside one that is under way. An older one has both write. */
  readonly refusesBeside: boolean;
  /** It is gone before its yes is. */
  readonly losesAnswer: boolean;
  /** Whether it does start anew where it said that it would. */
  readonly restartsWhenAsked: boolean;
}

export const OPENBEKEN_DEFAULTS: OpenbekenOptions = {
  ...WHOLE_DEFAULTS,
  name: 'shelf_openbeken',
  startCommand: '',
  chipset: 'ESP32',
  firmware: openbekenImage({ date: 'Mar  3 2026', time: '09:12:40', version: '1.18.201_4M' }),
  password: null,
  // 0x1D0000: of its table for 4 MB.
  slotBytes: 1_900_544,
  judgesImage: true,
  refusesBeside: true,
  losesAnswer: false,
  restartsWhenAsked: true,
};
