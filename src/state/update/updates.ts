import type { ReadableAtom } from 'nanostores';
import type { Device } from '../../model/device/device.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import { UpdateControls } from '../../update/controls.ts';
import { PerDevice } from '../device/per-device.ts';
import type { HostRun } from './host-runs.ts';
import { UnderWay } from './under-way.ts';
import { UpdateOffers } from './update-offers.ts';
import { askToOverrule, askToOverruleOnHost, askToTakeOver } from './update-questions.ts';
import { UpdateRunner } from './update-runner.ts';
import { NOT_BEGUN, UpdateStart } from './update-start.ts';
import { AT_REST, failureIn, type FailedView, type OfferedUpdate, type UpdateView } from './update-view.ts';
import type { Started, StartOptions } from './start-options.ts';
import type { UpdatesParts } from './updates-parts.ts';

interface Look {
  readonly sha256: string;
  /** Null where there was none. */
  readonly end: Promise<Outcome | null>;
  /** The host runs it, and this page looks on. */
  readonly onHost?: boolean;
}

/** Owns every running update: elements come and go, a run stays. At most one per device. */
export class UpdatesState {
  /** The ended updates of this visit, newest first. */
  readonly $ended;
  /** Ids of the devices that are under way, from the press to the end. */
  readonly $running;
  readonly #views = new PerDevice<UpdateView>(AT_REST);
  readonly #underWay: UnderWay;
  readonly #offers: UpdateOffers;
  readonly #runner: UpdateRunner;
  readonly #start: UpdateStart;
  /** By device, where nothing was begun there since: what this page saw of an earlier visit's update, or sees just now. */
  readonly #looks = new Map<string, Look>();
  readonly #parts: UpdatesParts;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    this.#underWay = new UnderWay(this.#views, parts);
    this.#offers = new UpdateOffers(this.#views, this.#underWay, parts);
    this.#runner = new UpdateRunner(this.#underWay, parts);
    this.#start = new UpdateStart(this.#views, this.#underWay, this.#runner, parts);
    this.$ended = this.#underWay.$ended;
    this.$running = this.#underWay.$running;
    parts.firmware.$chosen.listen((chosen) => this.#offers.replaceEnded(chosen));
  }

  /** What one device's update is doing; the same atom for the life of the page. */
  $update(deviceId: string): ReadableAtom<UpdateView> {
    return this.#views.of(deviceId);
  }

  /** Whether an update of any device, or of this one, is under way. */
  isRunning(deviceId?: string): boolean {
    return this.#underWay.has(deviceId);
  }

  /**
   * Resolves when the update has ended, in whatever way. Does nothing while one runs on this device, and sends nothing that
   * does not fit it, or is not on the screen.
   */
  async start(deviceId: string, options: StartOptions = {}): Promise<Started> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined || this.#underWay.has(deviceId)) return NOT_BEGUN;
    const failed = this.#failure(deviceId);
    const isAgain = failed?.onHost === true && options.sha256 === failed.firmware.sha256;
    if (isAgain && (await this.#parts.host?.again(deviceId, options))) return NOT_BEGUN;
    // Another press may have begun it while the host was asked.
    if (this.#underWay.has(deviceId)) return NOT_BEGUN;
    this.#looks.delete(deviceId);
    const controls = new UpdateControls();
    return this.#underWay.hold(deviceId, controls, () => this.#start.run(device, options, controls));
  }

  /** Follows what the host runs since an earlier visit, or for another page. Resolves when that is over. */
  async follow(deviceId: string, run: HostRun): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined || this.#underWay.has(deviceId)) return;
    const end = this.#underWay.hold(deviceId, run.controls, () => this.#runner.follow(device, run));
    this.#looks.set(deviceId, { sha256: run.firmware.sha256, end, onHost: true });
    await end;
  }

  /** Says of what the host runs whether it is heard. */
  showHostAway(isAway: boolean): void {
    this.#underWay.showHostAway(isAway);
  }

  pause(deviceId: string): void {
    this.#underWay.press(deviceId, 'pause');
  }

  resume(deviceId: string): void {
    this.#underWay.press(deviceId, 'resume');
  }

  cancel(deviceId: string): void {
    this.#underWay.press(deviceId, 'cancel');
  }

  /** Looks in the journal for updates of an earlier visit, and offers to go on with them. */
  async offerUnfinished(): Promise<void> {
    await this.#offers.find();
  }

  /** Offers what stands still on the host; null: it does not any more. */
  offerFromHost(deviceId: string, offer: OfferedUpdate | null): void {
    this.#offers.showFromHost(deviceId, offer);
  }

  /** Says on an offer that the device is being asked. */
  showLooking(deviceId: string, isLooking: boolean): void {
    this.#offers.showLooking(deviceId, isLooking);
  }

  /** Goes on with an update of an earlier visit. */
  async resumeOffer(deviceId: string, { onlyLook = false }: Pick<StartOptions, 'onlyLook'> = {}): Promise<void> {
    const offer = this.#offers.of(deviceId);
    if (offer === null) return;
    const { sha256, overruled = [] } = offer.entry;
    if (offer.onHost !== undefined && (await this.#parts.host?.again(deviceId, {}))) return;
    const run = this.start(deviceId, { sha256, overruled, onlyLook, goesOn: true });
    const end = run.then((started) => (started.kind === 'ended' ? started.state : null));
    if (onlyLook) this.#looks.set(deviceId, { sha256, end });
    await end;
  }

  /**
   * How the update with this file that an earlier visit left here has ended, where this page saw it by itself; waits while
   * it looks. Null where it saw no end, or something was begun there since.
   *
   * @param onHost also of one that the host brings to its end
   */
  async seenEnd(deviceId: string, sha256: string, onHost: boolean): Promise<Outcome | null> {
    const look = this.#looks.get(deviceId);
    if (look === undefined || (look.onHost === true && !onHost)) return null;
    const end = await look.end;
    return look.sha256 !== sha256 || end?.outcome === 'failed' || end?.outcome === 'cancelled' ? null : end;
  }

  /** Forgets an update of an earlier visit. The device is left as it is. */
  async dropOffer(deviceId: string): Promise<void> {
    await this.#offers.drop(deviceId);
  }

  /** Asks, then overwrites the session that the device holds for somebody else. */
  async takeOver(deviceId: string): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    const failed = this.#failure(deviceId);
    if (device === undefined || failed === null) return;
    await this.#startIfAny(device, await askToTakeOver(device, failed, this.#parts));
  }

  /** Asks for the device's name, then sends the file on the screen although it does not fit: the person may know better. */
  async sendAnyway(deviceId: string): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined) return;
    const failed = this.#failure(deviceId);
    if (failed?.onHost === true && failed.state.judgement?.canOverrule === true) {
      await askToOverruleOnHost(device, failed, this.#parts);
    } else await this.#startIfAny(device, await askToOverrule(device, this.#parts));
  }

  /** The device was edited: a failure before the first byte may not be true of it any more, and is put away. */
  dropEarlyFailure(deviceId: string): void {
    if (this.#failure(deviceId)?.state.progress.acknowledged === 0) this.#views.of(deviceId).set(AT_REST);
  }

  async #startIfAny({ id }: Device, options: StartOptions | null): Promise<void> {
    if (options !== null) await this.start(id, options);
  }

  #failure(deviceId: string): FailedView | null {
    return failureIn(this.#views.of(deviceId).get());
  }
}
