import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { ReasonCode } from '../../model/firmware/finding.ts';
import { UpdateControls } from '../../update/controls.ts';
import { placeOf, type Device } from '../../model/device/device.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { DeviceStatus } from '../../model/device/link.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import type { FirmwareName } from '../../model/firmware/firmware-record.ts';
import type { ActiveState, Judged, Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { Chosen, Firmware } from '../firmware/firmware.ts';
import { learnedFrom } from '../device/learning.ts';
import { ASKED_APART } from '../device/fits.ts';
import { PerDevice } from '../device/per-device.ts';
import { AT_REST, firmwareName, heldElsewhere, isOffered, misfitOf, type UpdateView } from './update-view.ts';
import type { HostRun } from './host-runs.ts';
import { type SentFirmware, sentFirmware } from './sent-firmware.ts';
import type { Started, StartOptions, UpdatesParts } from './updates-parts.ts';
import type { DescribeUpdate, Names } from '../../words/update/describe.ts';

/** One ended update of this visit, newest first. */
export interface EndedUpdate {
  readonly device: Device;
  readonly view: Extract<UpdateView, { kind: 'ended' }>;
}

/** One firmware on its way to one device, and how that is told. */
interface Sending {
  readonly device: Device;
  readonly firmware: SentFirmware;
  readonly describe: DescribeUpdate;
}

/** What the host runs, and how it ended, once that is told. */
interface OnHost {
  readonly run: HostRun;
  end: Outcome | null;
}

const NOT_BEGUN: Started = { kind: 'not-begun' };

function nameOf({ sha256, name, version }: SentFirmware): FirmwareName {
  return { sha256, name, version };
}

function namesOf(device: Device, { version }: SentFirmware): Names {
  return { device: device.name, version };
}

/** Owns every running update: elements come and go, a run stays. One a device at most. */
export class UpdatesState {
  readonly $ended = atom<readonly EndedUpdate[]>([]);
  /** Ids of the devices that are under way, from the press to the end. */
  readonly $running = atom<readonly string[]>([]);
  readonly #views = new PerDevice<UpdateView>(AT_REST);
  readonly #runs = new Map<string, UpdateControls>();
  /** Of those, what the host runs. */
  readonly #onHost = new Map<string, OnHost>();
  readonly #parts: UpdatesParts;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
    parts.firmware.$chosen.listen((chosen) => this.#putAway(chosen));
  }

  /** What one device's update is doing; the same atom for the life of the page. */
  $update(deviceId: string): ReadableAtom<UpdateView> {
    return this.#view(deviceId);
  }

  /** Whether an update of any device, or of this one, is under way. */
  running(deviceId?: string): boolean {
    return deviceId === undefined ? this.#runs.size > 0 : this.#runs.has(deviceId);
  }

  /** Looks in the journal for updates of an earlier visit, and offers to go on with them. */
  async offerUnfinished(): Promise<void> {
    const atTheEnd: string[] = [];
    for (const device of this.#parts.devices.$devices.get()) {
      // What another tab is at has not stopped.
      const entry = await this.#offer(device, () => this.#alone(device, () => Promise.resolve()));
      if (entry?.phase === 'finalizing' || entry?.phase === 'restarting') atTheEnd.push(device.id);
    }
    // Not waited for: a device may take minutes to be back.
    if (atTheEnd.length > 0) void this.#parts.lookBack?.(atTheEnd);
  }

  /** Says on an offer that the device is being asked. */
  showLooking(deviceId: string, isLooking: boolean): void {
    const view = this.#view(deviceId).get();
    if (view.kind === 'offer') this.#view(deviceId).set({ ...view, isLooking });
  }

  /**
   * Resolves when the update has ended, in whatever way. Does nothing while one runs on this device, and sends nothing that
   * does not fit it, or is not on the screen.
   */
  async start(deviceId: string, options: StartOptions = {}): Promise<Started> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined || this.#runs.has(deviceId)) return NOT_BEGUN;
    const failed = this.#failed(deviceId);
    const isAgain = failed?.onHost === true && options.sha256 === failed.firmware.sha256;
    if (isAgain && (await this.#parts.host?.again(deviceId, options))) return NOT_BEGUN;
    // Another press may have begun it while the host was asked.
    if (this.#runs.has(deviceId)) return NOT_BEGUN;
    const controls = new UpdateControls();
    return this.#hold(device, controls, () => this.#prepareAndRun(device, options, controls));
  }

  /** Follows what the host runs since an earlier visit, or for another page. Resolves when that is over. */
  async follow(deviceId: string, run: HostRun): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined || this.#runs.has(deviceId)) return;
    await this.#hold(device, run.controls, async () => {
      this.#view(deviceId).set({ kind: 'preparing', firmware: nameOf(run.firmware) });
      const describe = await this.#parts.describe();
      await this.#parts.checks.stop(deviceId);
      // Keeps this tab's own questions off the device. Another tab that has the lock follows, too.
      const release = await this.#parts.lock.acquire(placeOf(device));
      try {
        const sending = { device, firmware: run.firmware, describe };
        const end = await this.#runOnHost(sending, run);
        if (end === null) return;
        this.#ended(sending, end);
        await this.#learn(sending, end);
      } finally {
        release?.();
      }
    });
  }

  /** Offers what stands still on the host; null: it does not any more. */
  offerFromHost(deviceId: string, offer: Extract<UpdateView, { kind: 'offer' }> | null): void {
    const { kind } = this.#view(deviceId).get();
    if (kind === 'rest' || kind === 'offer') this.#view(deviceId).set(offer ?? AT_REST);
  }

  /** Says of what the host runs whether it is heard. */
  hostAway(isAway: boolean): void {
    for (const id of this.#onHost.keys()) {
      const view = this.#view(id).get();
      if (view.kind === 'running') this.#view(id).set({ ...view, onHost: isAway ? 'away' : 'heard' });
    }
  }

  /** Goes on with an update of an earlier visit. */
  async resumeOffer(deviceId: string, { onlyLook = false }: Pick<StartOptions, 'onlyLook'> = {}): Promise<void> {
    const view = this.#view(deviceId).get();
    if (view.kind !== 'offer') return;
    const { sha256, overruled = [] } = view.entry;
    if (view.onHost !== undefined && (await this.#parts.host?.again(deviceId, {}))) return;
    await this.start(deviceId, { sha256, overruled, onlyLook, goesOn: true });
  }

  /** Forgets an update of an earlier visit. The device is left as it is. */
  async dropOffer(deviceId: string): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    const view = this.#view(deviceId).get();
    if (device === undefined || view.kind !== 'offer') return;
    if (view.onHost !== undefined) {
      this.#view(deviceId).set(AT_REST);
      await this.#parts.host?.forget(deviceId);
      return;
    }
    // Where another tab goes on with it, the journal is that tab's.
    await this.#alone(device, () => this.#parts.ports.journal.clear(deviceId));
    this.#view(deviceId).set(AT_REST);
  }

  pause(deviceId: string): void {
    this.#runs.get(deviceId)?.pause();
    this.#redraw(deviceId);
  }

  resume(deviceId: string): void {
    this.#runs.get(deviceId)?.resume();
    this.#redraw(deviceId);
  }

  cancel(deviceId: string): void {
    this.#runs.get(deviceId)?.cancel();
    this.#redraw(deviceId);
  }

  /** Asks, then overwrites the session that the device holds for somebody else. */
  async takeOver(deviceId: string): Promise<void> {
    const failed = this.#failed(deviceId);
    const session = failed?.state.otherSession;
    const id = session?.id;
    // A session without an id cannot be told from the next one, so nothing may be agreed about it.
    if (!failed || !session || typeof id !== 'string') return;
    if (!(await this.#parts.questions.ask({ kind: 'take-over', device: failed.device, session }))) return;
    await this.start(deviceId, { sha256: failed.firmware.sha256, takeOver: id });
  }

  /** Asks for the device's name, then sends the file on the screen although it does not fit: the person may know better. */
  async sendAnyway(deviceId: string): Promise<void> {
    const { devices, firmware: files, fits, questions } = this.#parts;
    const device = devices.find(deviceId);
    const { firmware } = files;
    const failed = this.#failed(deviceId);
    if (failed?.onHost === true && failed.state.judgement?.canOverrule === true) {
      await this.#overruleOnHost(failed, failed.state.judgement);
      return;
    }
    if (device === undefined || firmware === null) return;
    const overruled: ReasonCode[] = [];
    for (;;) {
      const { misfit } = fits.between(device, firmware, overruled);
      if (misfit === null) break;
      if (!misfit.canOverrule) return;
      const { name } = firmwareName(firmware);
      if (!(await questions.ask({ kind: 'overrule', device, firmware: name, finding: misfit.finding }))) return;
      overruled.push(misfit.finding.reason);
    }
    if (files.firmware !== firmware) return;
    // Kept, so that it can go on after a reload.
    await files.keepChosen();
    await this.start(deviceId, { sha256: firmware.sha256, overruled });
  }

  /** What was refused on the host is started there again, whatever file is on the screen here. */
  async #overruleOnHost(
    { device, firmware }: { readonly device: Device; readonly firmware: FirmwareName },
    { finding }: Judged,
  ): Promise<void> {
    const { host, questions } = this.#parts;
    if (!(await questions.ask({ kind: 'overrule', device, firmware: firmware.name, finding }))) return;
    await host?.again(device.id, { overruled: [finding.reason] });
  }

  /** The device was edited: a failure before the first byte may not be true of it any more, and is put away. */
  edited(deviceId: string): void {
    if (this.#failed(deviceId)?.state.progress.acknowledged === 0) this.#view(deviceId).set(AT_REST);
  }

  async #prepareAndRun(device: Device, options: StartOptions, controls: UpdateControls): Promise<Started> {
    const { checks, devices, fits, lock, notices, recorder } = this.#parts;
    const firmware = await this.#fileFor(options);
    if (firmware === null) return NOT_BEGUN;
    fits.overrule(device.id, firmware, options.overruled ?? []);
    const { misfit } = fits.between(device, firmware, options.withoutMicroPython ? ASKED_APART : []);
    if (misfit !== null && !this.#goesOn(device.id, firmware, options)) return { kind: 'misfit', misfit };
    const before = this.#view(device.id).get();
    this.#view(device.id).set({ kind: 'preparing', firmware: firmwareName(firmware) });
    if (!(await devices.unlocked(device.id))) {
      notices.show({ kind: 'tokens-locked', device: device.name });
      return NOT_BEGUN;
    }
    const sent = sentFirmware(firmware);
    const sending: Sending = { device, firmware: sent, describe: await this.#parts.describe() };
    // The device answers one request at a time.
    await checks.stop(device.id);
    const release = await lock.acquire(placeOf(device));
    if (release === null) return this.#ended(sending, heldElsewhere(device.dialect, firmware.bytes.length));
    // Another file was chosen while the passphrase was typed.
    const isShown = options.firmware !== undefined || this.#parts.firmware.firmware?.sha256 === firmware.sha256;
    const running = isShown ? this.#run(sending, firmware, options, controls) : Promise.resolve(null);
    const end = await running.finally(release);
    if (end === null) return NOT_BEGUN;
    const refused = misfitOf(end);
    if (refused !== null) {
      recorder?.forgets(device.id);
      this.#view(device.id).set(before.kind === 'offer' ? before : AT_REST);
      return { kind: 'misfit', misfit: refused };
    }
    if (end.outcome !== 'failed') fits.sent(device.id, firmware);
    // With the device let go: whoever hears of the end may have a question to it.
    const started = this.#ended(sending, end);
    await this.#learn(sending, end);
    return started;
  }

  async #learn({ device, firmware }: Sending, end: Outcome): Promise<void> {
    const { devices, today } = this.#parts;
    await devices.learn(device.id, learnedFrom(devices.find(device.id) ?? device, firmware, end, today()));
  }

  /** The file to send, which stands on the screen from here on; null where there is none, or it is gone, which is said. */
  async #fileFor({ firmware, sha256 }: StartOptions): Promise<Firmware | null> {
    const files = this.#parts.firmware;
    if (firmware !== undefined) return firmware;
    if (sha256 !== undefined && files.firmware?.sha256 !== sha256) await files.chooseFromLibrary(sha256);
    return sha256 === undefined || files.firmware?.sha256 === sha256 ? files.firmware : null;
  }

  #goesOn(deviceId: string, { sha256 }: Firmware, { goesOn = false }: StartOptions): boolean {
    const failed = this.#failed(deviceId);
    return goesOn || (failed?.state.resumable === true && failed.firmware.sha256 === sha256);
  }

  async #run(
    sending: Sending,
    firmware: Firmware,
    options: StartOptions,
    controls: UpdateControls,
  ): Promise<Outcome | null> {
    const { device } = sending;
    const { takeOver = null, restart = true, beginAgain = false, onlyLook = false, restartFirst = false } = options;
    const { checks, devices, fits, host, linkTo, ports, recorder, run } = this.#parts;
    if (host !== undefined && (await this.#isForHost(device, firmware, options))) {
      const agreed = restartFirst ? { restartFirst } : {};
      const plan = { restart, takeOver, beginAgain, ...agreed, overruled: fits.overruled(device.id, firmware) };
      const taken = await host.start({ device, firmware, plan, controls });
      if (taken === 'left') return null;
      const end = taken === 'here' ? null : await this.#runOnHost(sending, taken);
      if (taken !== 'here' && (end === null || !(await host.fallsBack(device, end)))) return end;
      this.#onHost.delete(device.id);
      this.#tellBusy();
    }
    const plan = {
      deviceId: device.id,
      bytes: firmware.bytes,
      sha256: firmware.sha256,
      inspection: firmware.inspection,
      chipId: device.chipId,
      overruled: fits.overruled(device.id, firmware),
      ...{ restart, takeOver, beginAgain, restartFirst, onlyLook },
      chunkBytes: device.chunkBytes,
      ...(device.patienceMs === undefined ? {} : { patienceMs: device.patienceMs }),
    };
    const open = linkTo(device, await devices.secrets(device));
    recorder?.begins(device, sending.firmware);
    const told = (status: DeviceStatus): void => checks.hear(device, status);
    const toldIdentity = (identity: DeviceIdentity): void => checks.hearIdentity(device, identity);
    return this.#watch(sending, run(plan, { ...ports, open, told, toldIdentity }, controls), controls);
  }

  /** Not for rollouts, nor for what this page has begun by itself: the host knows nothing of that session. */
  async #isForHost(device: Device, { sha256 }: Firmware, { firmware, onlyLook }: StartOptions): Promise<boolean> {
    if (firmware !== undefined || onlyLook === true || this.#parts.host?.wants(device) !== true) return false;
    const entry = await this.#parts.ports.journal.read(device.id);
    return entry?.sha256 !== sha256 || !isOffered(entry);
  }

  /** Null: it stands still there, or is known there no more. */
  async #runOnHost(sending: Sending, run: HostRun): Promise<Outcome | null> {
    const { device, firmware } = sending;
    const onHost: OnHost = { run, end: null };
    this.#onHost.set(device.id, onHost);
    // The page may be closed from here on.
    this.#tellBusy();
    this.#parts.recorder?.begins(device, firmware, { id: run.entryId, startedAt: run.startedAt });
    onHost.end = await this.#watch(sending, run.states, run.controls);
    return onHost.end;
  }

  async #watch(
    sending: Sending,
    states: AsyncIterable<UpdateState>,
    controls: UpdateControls,
  ): Promise<Outcome | null> {
    let end: Outcome | null = null;
    for await (const state of states) {
      this.#parts.recorder?.sees(sending.device.id, state);
      if (state.phase === 'ended') end = state;
      else this.#running(sending, state, controls);
    }
    return end;
  }

  #running({ device, firmware, describe }: Sending, state: ActiveState, controls: UpdateControls): void {
    this.#view(device.id).set({
      kind: 'running',
      firmware: nameOf(firmware),
      state,
      words: describe(state, namesOf(device, firmware)),
      paused: controls.paused,
      cancelling: controls.cancelled.aborted,
      // Whoever tells of a state is heard.
      ...(this.#onHost.has(device.id) ? { onHost: 'heard' } : {}),
    });
  }

  #ended({ device, firmware, describe }: Sending, state: Outcome): Started {
    const words = describe(state, namesOf(device, firmware));
    const onHost = this.#onHost.get(device.id);
    const at = onHost?.run.endedAt() ?? this.#parts.today();
    const name = nameOf(firmware);
    const by = onHost === undefined ? {} : ({ onHost: true } as const);
    const view = { kind: 'ended', firmware: name, state, words, at, ...by } as const;
    // First, so that it is among the ended ones for who hears that it runs no more.
    this.$ended.set([{ device, view }, ...this.$ended.get()]);
    this.#view(device.id).set(view);
    void this.#parts.recorder?.ends(this.#parts.devices.find(device.id) ?? device, firmware, state, words);
    return { kind: 'ended', state };
  }

  /** Does `work` unless another tab has the device in hand. @returns whether it was done */
  async #alone(device: Device, work: () => Promise<void>): Promise<boolean> {
    const release = await this.#parts.lock.acquire(placeOf(device));
    if (release === null) return false;
    await work().finally(release);
    return true;
  }

  /** Another file is on the screen: how the one before it ended is not said beside it. What can go on is offered. */
  #putAway(chosen: Chosen): void {
    if (chosen.kind === 'none' || chosen.kind === 'reading') return;
    const sha256 = chosen.kind === 'ready' ? chosen.firmware.sha256 : null;
    for (const device of this.#parts.devices.$devices.get()) {
      const view = this.#view(device.id);
      const now = view.get();
      if (now.kind !== 'ended' || now.firmware.sha256 === sha256) continue;
      view.set(AT_REST);
      if (now.onHost === true) void this.#parts.host?.offerAgain(device.id);
      void this.#offer(device, () => Promise.resolve(!this.#runs.has(device.id)));
    }
  }

  /**
   * Offers to go on with what the journal tells of a device.
   * @param isFree whether nobody is at it
   * @returns what is offered; null where nothing is
   */
  async #offer({ id }: Device, isFree: () => Promise<boolean>): Promise<JournalEntry | null> {
    const { library, ports } = this.#parts;
    const entry = await ports.journal.read(id);
    const isAtRest = (): boolean => this.#view(id).get().kind === 'rest';
    if (entry === null || !isOffered(entry) || !isAtRest() || !(await isFree()) || !isAtRest()) return null;
    const record = library.find(entry.sha256);
    this.#view(id).set({ kind: 'offer', entry, firmware: record === undefined ? null : firmwareName(record) });
    return entry;
  }

  #failed(deviceId: string) {
    const device = this.#parts.devices.find(deviceId);
    const view = this.#view(deviceId).get();
    if (device === undefined || view.kind !== 'ended' || view.state.outcome !== 'failed') return null;
    return { device, firmware: view.firmware, state: view.state, onHost: view.onHost };
  }

  /** Shows at once that a button was pressed; the engine's next state says the rest. */
  #redraw(deviceId: string): void {
    const view = this.#view(deviceId);
    const now = view.get();
    const controls = this.#runs.get(deviceId);
    if (now.kind !== 'running' || controls === undefined) return;
    view.set({ ...now, paused: controls.paused, cancelling: controls.cancelled.aborted });
  }

  async #hold<T>(device: Device, controls: UpdateControls, work: () => Promise<T>): Promise<T> {
    const { id } = device;
    this.#runs.set(id, controls);
    this.#tellRunning();
    this.#tellBusy();
    try {
      return await work();
    } finally {
      this.#runs.delete(id);
      const onHost = this.#onHost.get(id);
      this.#onHost.delete(id);
      // Only a surprise leaves a run of the page without its outcome; the card must not stand still over it.
      const { kind } = this.#view(id).get();
      if (kind === 'preparing' || kind === 'running') this.#view(id).set(AT_REST);
      this.#tellRunning();
      this.#tellBusy();
      onHost?.run.over(onHost.end);
    }
  }

  /** What the host runs needs no page. */
  #tellBusy(): void {
    this.#parts.busy.set([...this.#runs.keys()].some((id) => !this.#onHost.has(id)));
  }

  #tellRunning(): void {
    this.$running.set([...this.#runs.keys()]);
  }

  #view(deviceId: string): WritableAtom<UpdateView> {
    return this.#views.of(deviceId);
  }
}
