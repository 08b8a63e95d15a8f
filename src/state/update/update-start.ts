import { placeOf, type Device } from '../../model/device/device.ts';
import type { UpdateControls } from '../../update/controls.ts';
import { ASKED_APART } from '../device/fits.ts';
import type { PerDevice } from '../device/per-device.ts';
import type { Firmware } from '../firmware/chosen.ts';
import { sentFirmware } from './sent-firmware.ts';
import type { UnderWay } from './under-way.ts';
import type { UpdateRunner } from './update-runner.ts';
import { AT_REST, failureIn, firmwareName, heldElsewhere, misfitOf, type UpdateView } from './update-view.ts';
import type { Started, StartOptions } from './start-options.ts';
import type { UpdatesParts } from './updates-parts.ts';

export const NOT_BEGUN: Started = { kind: 'not-begun' };

/** What stands between a press and the first byte: the file, whether it fits, the token, and who else has the device. */
export class UpdateStart {
  readonly #views: PerDevice<UpdateView>;
  readonly #underWay: UnderWay;
  readonly #runner: UpdateRunner;
  readonly #parts: UpdatesParts;

  constructor(views: PerDevice<UpdateView>, underWay: UnderWay, runner: UpdateRunner, parts: UpdatesParts) {
    this.#views = views;
    this.#underWay = underWay;
    this.#runner = runner;
    this.#parts = parts;
  }

  /** For a device that is held as under way. Resolves when the update has ended, in whatever way. */
  async run(device: Device, options: StartOptions, controls: UpdateControls): Promise<Started> {
    const { checks, devices, fits, lock, notices, recorder } = this.#parts;
    const firmware = await this.#fileFor(options);
    if (firmware === null) return NOT_BEGUN;
    fits.overrule(device.id, firmware, options.overruled ?? []);
    const { misfit } = fits.between(device, firmware, options.withoutMicroPython ? ASKED_APART : []);
    if (misfit !== null && !this.#goesOn(device.id, firmware, options)) return { kind: 'misfit', misfit };
    const view = this.#views.of(device.id);
    const before = view.get();
    this.#underWay.showPreparing(device.id, firmwareName(firmware));
    if (!(await devices.unlocked(device.id))) {
      notices.show({ kind: 'tokens-locked', device: device.name });
      return NOT_BEGUN;
    }
    notices.dismiss('tokens-locked');
    const sending = { device, firmware: sentFirmware(firmware), describe: await this.#parts.describe() };
    // The device answers one request at a time.
    await checks.stop(device.id);
    const release = await lock.acquire(placeOf(device));
    const giveBack = (): void => view.set(before.kind === 'offer' ? before : AT_REST);
    if (release === null && options.firmware !== undefined) {
      giveBack();
      return { kind: 'held-elsewhere' };
    }
    if (release === null) {
      const state = heldElsewhere(device.dialect, firmware.bytes.length);
      this.#runner.tellEnd(sending, state);
      return { kind: 'ended', state };
    }
    // Another file was chosen while the passphrase was typed.
    const isShown = options.firmware !== undefined || this.#parts.firmware.firmware?.sha256 === firmware.sha256;
    const running = isShown ? this.#runner.run({ sending, firmware, options, controls }) : Promise.resolve(null);
    const end = await running.finally(release);
    if (end === null) return NOT_BEGUN;
    const refused = misfitOf(end);
    if (refused !== null) {
      recorder?.forget(device.id);
      giveBack();
      return { kind: 'misfit', misfit: refused };
    }
    if (end.outcome !== 'failed') fits.noteSent(device.id, firmware);
    // With the device let go: whoever hears of the end may have a question to it.
    this.#runner.tellEnd(sending, end);
    await this.#runner.learn(sending, end);
    return { kind: 'ended', state: end };
  }

  /** The file to send, which stands on the screen from here on; null where there is none, or it is gone, which is said. */
  async #fileFor({ firmware, sha256 }: StartOptions): Promise<Firmware | null> {
    const files = this.#parts.firmware;
    if (firmware !== undefined) return firmware;
    if (sha256 !== undefined && files.firmware?.sha256 !== sha256) await files.chooseFromLibrary(sha256);
    return sha256 === undefined || files.firmware?.sha256 === sha256 ? files.firmware : null;
  }

  #goesOn(deviceId: string, { sha256 }: Firmware, { goesOn = false }: StartOptions): boolean {
    const failed = failureIn(this.#views.of(deviceId).get());
    return goesOn || (failed?.state.resumable === true && failed.firmware.sha256 === sha256);
  }
}
