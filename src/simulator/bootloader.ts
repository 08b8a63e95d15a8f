/** Two slots, and which of them runs: what the second-stage bootloader does at each reset. */
import type { Flash } from './flash.ts';

export type SlotLabel = 'ota_0' | 'ota_1';

/** Where the first app partition lies in the usual ESP32 layout. */
const FIRST_APP_ADDRESS = 0x10000;
const APP_TYPE = 0;
/** Partition subtypes of the OTA slots: 0x10 and 0x11. */
const FIRST_OTA_SUBTYPE = 16;

/**
 * The state of a slot's image, as the bootloader keeps it: `new` was made bootable and has not run; `trial` runs for
 * the first time; `valid` was marked so; `unmarked` is what bootloaders without rollback leave; `given-up` fell back.
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
  /** Bytes of the whole image in it; 0 where there is none, or one that was begun and not finished. */
  imageBytes: number;
  state: ImageState;
}

export function other(label: SlotLabel): SlotLabel {
  return label === 'ota_0' ? 'ota_1' : 'ota_0';
}

export interface BootloaderOptions {
  /** Whether an image that was not marked valid goes back at the next reset. */
  readonly rollback: boolean;
  /** Whether these bytes, read back from flash, start. */
  readonly boots: (image: Uint8Array) => boolean;
}

export class Bootloader {
  /** The slot that runs now; null where neither starts. */
  running: SlotLabel | null = 'ota_0';
  /** The slot that is tried at the next reset. */
  boot: SlotLabel = 'ota_0';
  readonly #slots: Readonly<Record<SlotLabel, Slot>>;
  readonly #options: BootloaderOptions;

  constructor(flash: Readonly<Record<SlotLabel, Flash>>, options: BootloaderOptions) {
    this.#slots = {
      ota_0: { label: 'ota_0', flash: flash.ota_0, imageBytes: 0, state: 'valid' },
      ota_1: { label: 'ota_1', flash: flash.ota_1, imageBytes: 0, state: 'unmarked' },
    };
    this.#options = options;
  }

  slot(label: SlotLabel): Slot {
    return this.#slots[label];
  }

  /** The slot an update goes to: the one that does not run. */
  get next(): Slot {
    return this.#slots[other(this.running ?? this.boot)];
  }

  image(label: SlotLabel): Uint8Array<ArrayBuffer> {
    const { flash, imageBytes } = this.#slots[label];
    return flash.read(0, imageBytes);
  }

  info(label: SlotLabel): SlotInfo {
    const { size } = this.#slots[label].flash;
    const position = label === 'ota_0' ? 0 : 1;
    const subtype = FIRST_OTA_SUBTYPE + position;
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
    this.boot = label;
    this.#slots[label].state = this.#options.rollback ? 'new' : 'unmarked';
  }

  markValid(): void {
    if (this.running !== null) this.#slots[this.running].state = 'valid';
  }

  /** Any reset: asked for, a crash, or the power. */
  reset(): void {
    const chosen = this.#slots[this.boot];
    if (this.#options.rollback && chosen.state === 'trial') {
      // It had its one start and nobody marked it valid.
      chosen.state = 'given-up';
      this.boot = other(this.boot);
    } else if (chosen.state === 'new') {
      chosen.state = 'trial';
    }
    // An image that does not start is passed over; the choice in flash stays, so "boot" and "running" differ then.
    this.running = [this.boot, other(this.boot)].find((label) => this.#starts(label)) ?? null;
  }

  #starts(label: SlotLabel): boolean {
    return this.#slots[label].imageBytes > 0 && this.#options.boots(this.image(label));
  }
}
