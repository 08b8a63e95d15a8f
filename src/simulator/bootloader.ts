/** The app partitions, and which of them runs: what the second-stage bootloader does at each reset. */
import type { Flash } from './flash.ts';

export type SlotLabel = 'factory' | 'ota_0' | 'ota_1';

/** Tables of app partitions, in the order in which they lie in flash. The first one runs at first. */
export const TWO_SLOTS: readonly SlotLabel[] = ['ota_0', 'ota_1'];
/**
 * The table of the published board (`ESP32S3_N16R8`), whose slots have 3,670,016 bytes: the first update goes to
 * `ota_0`; from then on the next update slot is the one that runs.
 */
export const ONE_SLOT: readonly SlotLabel[] = ['factory', 'ota_0'];
export const ONE_SLOT_BYTES = 0x380000;

/** Where the first app partition lies in the usual ESP32 layout. */
const FIRST_APP_ADDRESS = 0x10000;
const APP_TYPE = 0;
const SUBTYPES: Readonly<Record<SlotLabel, number>> = { factory: 0x00, ota_0: 0x10, ota_1: 0x11 };

/**
 * The state of a slot's image, as the bootloader keeps it: `new`: it was made bootable and has not run. `trial`: it
 * runs for the first time. `valid`: it was marked so. `unmarked`: the state that bootloaders without rollback leave.
 * `given-up`: it was rolled back.
 */
type ImageState = 'new' | 'trial' | 'valid' | 'unmarked' | 'given-up';

export interface SlotInfo {
  readonly raw: readonly [number, number, number, number, string, boolean];
  readonly type: number;
  readonly subtype: number;
  readonly address: number;
  readonly size: number;
  readonly label: SlotLabel;
  readonly encrypted: boolean;
}

export interface Slot {
  readonly label: SlotLabel;
  readonly flash: Flash;
  /** Bytes of the image in it; 0 where there is none, or one that is not finished. */
  imageBytes: number;
  state: ImageState;
}

export interface BootloaderOptions {
  /** Whether an image that was not marked valid is rolled back at the next reset. */
  readonly rollback: boolean;
  /** Whether an image with these bytes, read back from flash, starts. */
  readonly boots: (image: Uint8Array) => boolean;
}

export class Bootloader {
  /** The slot that runs now; null where none starts. */
  running: SlotLabel | null;
  /** The slot that is tried at the next reset. */
  boot: SlotLabel;
  /** The choice before that one, which a trial that failed falls back to. */
  #bootBefore: SlotLabel;
  readonly slots: readonly Slot[];
  readonly #options: BootloaderOptions;

  /** `flash` has each partition of the table, in its order; the first one holds what runs. */
  constructor(flash: readonly (readonly [SlotLabel, Flash])[], options: BootloaderOptions) {
    const [first] = flash;
    if (first === undefined) throw new RangeError('A partition table without an app is none.');
    this.slots = flash.map(([label, partition]) => ({
      label,
      flash: partition,
      imageBytes: 0,
      state: label === first[0] ? 'valid' : 'unmarked',
    }));
    this.running = this.boot = this.#bootBefore = first[0];
    this.#options = options;
  }

  /** @throws where the table has no such slot */
  slot(label: SlotLabel): Slot {
    const slot = this.slots.find((candidate) => candidate.label === label);
    if (slot === undefined) throw new RangeError(`The partition table has no ${label}.`);
    return slot;
  }

  /** The slot an update goes to: the OTA slot after the one that runs, which is the same where there is one only. */
  get next(): Slot {
    const slots = this.slots.filter(({ label }) => label !== 'factory');
    const after = slots.findIndex(({ label }) => label === (this.running ?? this.boot)) + 1;
    const slot = slots[after % slots.length];
    if (slot === undefined) throw new RangeError('A partition table without an OTA slot takes no update.');
    return slot;
  }

  image(label: SlotLabel): Uint8Array<ArrayBuffer> {
    const { flash, imageBytes } = this.slot(label);
    return flash.read(0, imageBytes);
  }

  info(label: SlotLabel): SlotInfo {
    const { size } = this.slot(label).flash;
    const position = this.slots.findIndex((slot) => slot.label === label);
    const subtype = SUBTYPES[label];
    const address = FIRST_APP_ADDRESS + position * size;
    return {
      raw: [APP_TYPE, subtype, address, size, label, false],
      type: APP_TYPE,
      subtype,
      address,
      size,
      label,
      encrypted: false,
    };
  }

  setBoot(label: SlotLabel): void {
    if (label !== this.boot) this.#bootBefore = this.boot;
    this.boot = label;
    this.slot(label).state = this.#options.rollback ? 'new' : 'unmarked';
  }

  markValid(): void {
    if (this.running !== null) this.slot(this.running).state = 'valid';
  }

  /** Any reset: on request, by a crash, or by the power. */
  reset(): void {
    const chosen = this.slot(this.boot);
    if (this.#options.rollback && chosen.state === 'trial') {
      // It had its one start, and was not marked valid.
      chosen.state = 'given-up';
      [this.boot, this.#bootBefore] = [this.#fallback(), this.boot];
    } else if (chosen.state === 'new') {
      chosen.state = 'trial';
    }
    // An image that does not start is skipped; the choice in flash stays, so that "boot" and "running" differ then.
    this.running = this.#order().find((label) => this.#starts(label)) ?? null;
  }

  /** The choice before; where there was no other, what the bootloader would look at next. */
  #fallback(): SlotLabel {
    return this.#bootBefore === this.boot ? (this.#order()[1] ?? this.boot) : this.#bootBefore;
  }

  /** How the bootloader looks for an image that starts: the one chosen, those before it in flash, those after it. */
  #order(): readonly SlotLabel[] {
    const labels = this.slots.map(({ label }) => label);
    const chosen = labels.indexOf(this.boot);
    return [...labels.slice(0, chosen + 1).reverse(), ...labels.slice(chosen + 1)];
  }

  #starts(label: SlotLabel): boolean {
    return this.slot(label).imageBytes > 0 && this.#options.boots(this.image(label));
  }
}
