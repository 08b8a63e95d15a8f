/** Whether the file on the screen fits a device, before anybody presses anything. */
import { atom } from 'nanostores';
import type { Fit } from '../../model/firmware/fit.ts';
import { ASKED_APART } from '../../model/firmware/misfit.ts';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import type { Chip } from '../../model/firmware/inspection.ts';
import type { Device } from '../../model/device/device.ts';
import { goesWhole } from '../../model/device/dialect.ts';
import type { FirmwareState } from '../firmware/firmware.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { ChecksState } from './check/checks.ts';
import type { DevicesState } from './devices.ts';

export type { Fit } from '../../model/firmware/fit.ts';
export { ASKED_APART, type Misfit } from '../../model/firmware/misfit.ts';

export interface FitsParts {
  readonly firmware: FirmwareState;
  readonly checks: Pick<ChecksState, 'told' | 'identity' | '$told'>;
  readonly devices: Pick<DevicesState, '$devices' | 'learn'>;
}

/** One chip, and the devices of which nobody knows whether they have it. */
export interface ChipAsked {
  readonly chip: Chip;
  /** None: updates have proven the chip of all that were asked about. */
  readonly devices: readonly Device[];
  /** It was asked of several at once, and stays where that was asked, however many are left; else the one card asks. */
  readonly atOnce: boolean;
}

export class FitsState {
  /** The file on the screen and each device, by its id; empty where there is no file. What has not changed is the same object. */
  readonly $fits = atom<ReadonlyMap<string, Fit>>(new Map());
  /** The question that is asked once for all devices whose chip nobody knows; null where there is none. */
  readonly $chipAsked = atom<ChipAsked | null>(null);
  readonly #parts: FitsParts;
  /** Ids of chips that not all of the devices have, as the person said: then each device is asked about by itself. */
  readonly #apart = new Set<number>();
  /** What was overruled, by device and file, until that file was sent. */
  readonly #overruled = new Map<string, readonly ReasonCode[]>();
  /**
   * Devices for which the person has agreed to a file without a sign of MicroPython. Whoever builds such files is asked
   * once.
   */
  readonly #withoutMicroPython = new Set<string>();

  constructor(parts: FitsParts) {
    this.#parts = parts;
    const { checks, devices, firmware } = parts;
    for (const store of [firmware.$chosen, devices.$devices, checks.$told]) store.listen(() => this.#judge());
  }

  /** @param overruled besides what was overruled before */
  between(device: Device, firmware: Firmware, overruled: readonly ReasonCode[] = []): Fit {
    const { id, chipId, runs, dialect } = device;
    const { checks, firmware: files } = this.#parts;
    const known = { chipId, runs, dialect, status: checks.told(device), identity: checks.identity(device) };
    return files.fit(firmware, known, [...this.overruled(id, firmware), ...overruled]);
  }

  overruled(deviceId: string, { sha256 }: Firmware): readonly ReasonCode[] {
    const asked: readonly ReasonCode[] = this.#withoutMicroPython.has(deviceId) ? ['no-micropython'] : [];
    return [...new Set([...(this.#overruled.get(`${deviceId} ${sha256}`) ?? []), ...asked])];
  }

  overrule(deviceId: string, firmware: Firmware, reasons: readonly ReasonCode[]): void {
    if (reasons.includes('no-micropython')) this.#withoutMicroPython.add(deviceId);
    if (reasons.length === 0) return;
    this.#overruled.set(`${deviceId} ${firmware.sha256}`, [...this.overruled(deviceId, firmware), ...reasons]);
    this.#judge();
  }

  /** Called when the file was sent: what was overruled for it held for this one time. */
  noteSent(deviceId: string, { sha256 }: Firmware): void {
    if (this.#overruled.delete(`${deviceId} ${sha256}`)) this.#judge();
  }

  /** `unknown`: the person cannot tell, and is asked about these devices no more. */
  async answerChip({ chip, devices }: ChipAsked, answer: 'yes' | 'no' | 'unknown'): Promise<void> {
    if (answer === 'no') {
      this.#apart.add(chip.id);
      this.#judge();
      return;
    }
    const learned = answer === 'yes' ? { chipId: chip.id } : ({ chipLeftOpen: true } as const);
    for (const { id } of devices) await this.#parts.devices.learn(id, learned);
    this.dropAnswered();
  }

  /**
   * Removes a question that has no device left. Called where that cannot surprise anybody: unseen, or just answered.
   */
  dropAnswered(): void {
    if (this.$chipAsked.get()?.devices.length === 0) this.$chipAsked.set(null);
  }

  #judge(): void {
    const { devices, firmware: files } = this.#parts;
    const { firmware } = files;
    const before = this.$fits.get();
    if (firmware === null) {
      if (before.size > 0) this.$fits.set(new Map());
      // While the next file is read the question stays: mostly that is another build of the same firmware.
      if (files.$chosen.get().kind !== 'reading') this.$chipAsked.set(null);
      return;
    }
    const fits = new Map<string, Fit>();
    const asked: Device[] = [];
    const { chip } = firmware.inspection;
    for (const device of devices.$devices.get()) {
      const fit = this.between(device, firmware);
      const known = before.get(device.id);
      fits.set(device.id, known !== undefined && isSame(known, fit) ? known : fit);
      // Where the file does not fit anyway, its chip is no question.
      const isFree = fit.misfit === null || ASKED_APART.includes(fit.misfit.finding.reason);
      if (fit.unknownChip?.known === true && isFree && !device.chipLeftOpen) asked.push(device);
    }
    if (fits.size !== before.size || [...fits].some(([id, fit]) => before.get(id) !== fit)) this.$fits.set(fits);
    const stays = this.$chipAsked.get();
    const atOnce = asked.length > 1 || (stays?.atOnce === true && stays.chip.id === chip?.id);
    const isKnownOfAll = atOnce && [...fits.values()].every(({ unknownChip }) => unknownChip === null);
    const isAsked = chip !== null && (asked.length > 0 || isKnownOfAll) && !this.#apart.has(chip.id);
    this.$chipAsked.set(isAsked ? { chip, devices: asked, atOnce } : null);
  }
}

/** Whether a device without a token may lack one. Those that take the image whole need none, or ask when they do. */
export function mayNeedToken({ dialect }: Device): boolean {
  return !goesWhole(dialect);
}

/** Both are plain facts. */
function isSame(one: Fit, other: Fit): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
