/** The options of a simulated OpenBeken device, and their defaults. */
import { openbekenImage } from './build.ts';
import { WHOLE_DEFAULTS, type WholeOptions } from '../whole/options.ts';

export interface OpenbekenOptions extends WholeOptions {
  /** As its owner named it. Its answer has it unescaped, which may break the JSON. */
  readonly name: string;
  /** The command that it runs when it starts. */
  readonly startCommand: string;
  /** As it names its chip: "ESP32C3", "BK7231T". */
  readonly chipset: string;
  /** The password of its user, who is always `admin`; null: it asks for none. */
  readonly password: string | null;
  /** Bytes of the part of flash that an update goes to; null: it has none. */
  readonly slotBytes: number | null;
  /** Whether it checks an image before it says “yes”. Chips of other makers leave that to the next start. */
  readonly judgesImage: boolean;
  /** Whether its ESP-IDF refuses a second update beside one that is under way. An older one lets both write. */
  readonly refusesBeside: boolean;
  /** Whether it is gone before its “yes” is sent. */
  readonly losesAnswer: boolean;
  /** Whether it restarts once it said that it would. */
  readonly restartsWhenAsked: boolean;
}

export const OPENBEKEN_DEFAULTS: OpenbekenOptions = {
  ...WHOLE_DEFAULTS,
  name: 'shelf_openbeken',
  startCommand: '',
  chipset: 'ESP32',
  firmware: openbekenImage({ date: 'Mar  3 2026', time: '09:12:40', version: '1.18.201_4M' }),
  password: null,
  // 0x1D0000, as in its partition table for 4 MB.
  slotBytes: 1_900_544,
  judgesImage: true,
  refusesBeside: true,
  losesAnswer: false,
  restartsWhenAsked: true,
};
