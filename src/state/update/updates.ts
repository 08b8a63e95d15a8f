import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import { lacksMicroPython } from '../../model/firmware/inspection.ts';
import { UpdateControls } from '../../update/controls.ts';
import { placeOf, type Device } from '../../model/device/device.ts';
import type { ActiveState, Outcome } from '../../model/update/update-state.ts';
import type { Firmware } from '../firmware/firmware.ts';
import { learnedFrom } from '../device/learning.ts';
import { PerDevice } from '../device/per-device.ts';
import {
  AT_REST,
  firmwareName,
  heldElsewhere,
  isOffered,
  versionOf,
  type Agreed,
  type UpdateView,
} from './update-view.ts';
import type { StartOptions, UpdatesParts } from './updates-parts.ts';
import type { DescribeUpdate, Names } from '../../words/update/describe.ts';

/** One ended update of this visit, newest first. */
export interface EndedUpdate {
  readonly device: Device;
  readonly view: Extract<UpdateView, { kind: 'ended' }>;
}

/** One firmware on its way to one device, and how that is told. */
interface Sending {
  readonly device: Device;
  readonly firmware: Firmware;
  readonly describe: DescribeUpdate;
}

function namesOf(device: Device, { inspection }: Firmware): Names {
  return { device: device.name, version: versionOf(inspection) };
}

/** Owns every running update: elements come and go, a run stays. One a device at most. */
export class UpdatesState {
  readonly $ended = atom<readonly EndedUpdate[]>([]);
  /** Ids of the devices that are under way, from the press to the end. */
  readonly $running = atom<readonly string[]>([]);
  readonly #views = new PerDevice<UpdateView>(AT_REST);
  readonly #runs = new Map<string, UpdateControls>();
  /** Devices for which the person has agreed to a file without a sign of MicroPython. */
  readonly #withoutMicroPython = new Set<string>();
  readonly #parts: UpdatesParts;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
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
    const { devices, journal, library } = { ...this.#parts, ...this.#parts.ports };
    const atTheEnd: string[] = [];
    for (const device of devices.$devices.get()) {
      const { id } = device;
      const entry = await journal.read(id);
      if (entry === null || !isOffered(entry) || this.#view(id).get().kind !== 'rest') continue;
      // What another tab is at has not stopped.
      const alone = await this.#alone(device, () => Promise.resolve());
      if (!alone || this.#view(id).get().kind !== 'rest') continue;
      const record = library.find(entry.sha256);
      this.#view(id).set({ kind: 'offer', entry, firmware: record === undefined ? null : firmwareName(record) });
      if (entry.phase === 'finalizing' || entry.phase === 'restarting') atTheEnd.push(id);
    }
    // Not waited for: a device may take minutes to be back.
    if (atTheEnd.length > 0) void this.#parts.lookBack?.(atTheEnd);
  }

  /** Says on an offer that the device is being asked. */
  showLooking(deviceId: string, isLooking: boolean): void {
    const view = this.#view(deviceId).get();
    if (view.kind === 'offer') this.#view(deviceId).set({ ...view, isLooking });
  }

  /** Resolves when the update has ended, in whatever way. Does nothing while one runs on this device. */
  async start(deviceId: string, options: StartOptions = {}): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined || this.#runs.has(deviceId)) return;
    const controls = new UpdateControls();
    this.#runs.set(deviceId, controls);
    this.#tellRunning();
    this.#parts.busy.set(true);
    try {
      await this.#prepareAndRun(device, options, controls);
    } finally {
      this.#runs.delete(deviceId);
      // Only a surprise leaves a run without its outcome; the card must not stand still over it.
      const { kind } = this.#view(deviceId).get();
      if (kind === 'preparing' || kind === 'running') this.#view(deviceId).set(AT_REST);
      this.#tellRunning();
      this.#parts.busy.set(this.#runs.size > 0);
    }
  }

  /** Goes on with an update of an earlier visit. */
  async resumeOffer(deviceId: string, { onlyLook = false }: Pick<StartOptions, 'onlyLook'> = {}): Promise<void> {
    const view = this.#view(deviceId).get();
    if (view.kind !== 'offer') return;
    const { sha256, overruled = [] } = view.entry;
    await this.start(deviceId, { sha256, overruled, onlyLook });
  }

  /** Forgets an update of an earlier visit. The device is left as it is. */
  async dropOffer(deviceId: string): Promise<void> {
    const device = this.#parts.devices.find(deviceId);
    if (device === undefined || this.#view(deviceId).get().kind !== 'offer') return;
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

  /** Asks for the device's name, then sends what the inspector refused and the person may know better. */
  async overrule(deviceId: string): Promise<void> {
    const failed = this.#failed(deviceId);
    const judgement = failed?.state.judgement;
    if (!failed || !judgement?.canOverrule) return;
    const { device, firmware } = failed;
    const { finding } = judgement;
    if (!(await this.#parts.questions.ask({ kind: 'overrule', device, firmware: firmware.name, finding }))) return;
    // Kept, so that it can go on after a reload.
    if (this.#parts.firmware.firmware?.sha256 === firmware.sha256) await this.#parts.firmware.keepChosen();
    const { overruled, takeOver } = failed.agreed;
    // The person is at it and was asked about that session a moment ago; a later try asks anew.
    await this.start(deviceId, { sha256: firmware.sha256, overruled: [...overruled, finding.reason], takeOver });
  }

  /** The device was edited: a failure before the first byte may not be true of it any more, and is put away. */
  edited(deviceId: string): void {
    if (this.#failed(deviceId)?.state.progress.acknowledged === 0) this.#view(deviceId).set(AT_REST);
  }

  async #prepareAndRun(device: Device, options: StartOptions, controls: UpdateControls): Promise<void> {
    const { firmware: chosen, checks, devices, lock, notices } = this.#parts;
    const firmware =
      options.firmware ?? (options.sha256 === undefined ? chosen.firmware : await chosen.fromLibrary(options.sha256));
    if (firmware === null) {
      notices.show({ kind: 'file-gone', name: this.#firmwareNamed(device.id) });
      return;
    }
    if (options.withoutMicroPython !== true && !(await this.#mayEndViperHttp(device, firmware))) return;
    const agreed = this.#agreed(device.id, firmware, options);
    this.#view(device.id).set({ kind: 'preparing', firmware: firmwareName(firmware) });
    if (!(await devices.unlocked(device.id))) {
      notices.show({ kind: 'tokens-locked', device: device.name });
      return;
    }
    const sending = { device, firmware, describe: await this.#parts.describe() };
    // The device answers one request at a time.
    await checks.stop(device.id);
    const release = await lock.acquire(placeOf(device));
    if (release === null) {
      this.#ended(sending, heldElsewhere(device.dialect, firmware.bytes.length), agreed);
      return;
    }
    const { restart = true, beginAgain = false, onlyLook = false } = options;
    const end = await this.#run(sending, { ...agreed, restart, beginAgain, onlyLook }, controls).finally(release);
    if (end === null) return;
    // With the device let go: whoever hears of the end may have a question to it.
    this.#ended(sending, end, agreed);
    await devices.learn(device.id, learnedFrom(devices.find(device.id) ?? device, firmware, end, this.#parts.today()));
  }

  /** Asked once a device: who builds all day for a board of another kind has answered. */
  async #mayEndViperHttp(device: Device, firmware: Firmware): Promise<boolean> {
    if (!lacksMicroPython(firmware.inspection) || this.#withoutMicroPython.has(device.id)) return true;
    const { name } = firmwareName(firmware);
    const yes = await this.#parts.questions.ask({ kind: 'no-micropython', firmware: name, device });
    if (yes) this.#withoutMicroPython.add(device.id);
    return yes;
  }

  /** What the person agrees to now, and what was overruled already for the same file: an overruling ends with a success. */
  #agreed(deviceId: string, { sha256 }: Firmware, { overruled = [], takeOver = null }: StartOptions): Agreed {
    const failed = this.#failed(deviceId);
    const before = failed?.firmware.sha256 === sha256 ? failed.agreed.overruled : [];
    return { overruled: [...new Set([...before, ...overruled])], takeOver };
  }

  async #run(
    sending: Sending,
    options: Agreed & Required<Pick<StartOptions, 'restart' | 'beginAgain' | 'onlyLook'>>,
    controls: UpdateControls,
  ): Promise<Outcome | null> {
    const { device, firmware } = sending;
    const { devices, linkTo, ports, recorder, run } = this.#parts;
    const plan = {
      deviceId: device.id,
      bytes: firmware.bytes,
      sha256: firmware.sha256,
      inspection: firmware.inspection,
      chipId: device.chipId,
      overruled: options.overruled,
      restart: options.restart,
      takeOver: options.takeOver,
      beginAgain: options.beginAgain,
      onlyLook: options.onlyLook,
      chunkBytes: device.chunkBytes,
      ...(device.patienceMs === undefined ? {} : { patienceMs: device.patienceMs }),
    };
    const open = linkTo(device, await devices.secrets(device));
    recorder?.begins(device, firmware);
    let end: Outcome | null = null;
    for await (const state of run(plan, { ...ports, open }, controls)) {
      recorder?.sees(device.id, state);
      if (state.phase === 'ended') end = state;
      else this.#running(sending, state, controls);
    }
    return end;
  }

  #running({ device, firmware, describe }: Sending, state: ActiveState, controls: UpdateControls): void {
    this.#view(device.id).set({
      kind: 'running',
      firmware: firmwareName(firmware),
      state,
      words: describe(state, namesOf(device, firmware)),
      paused: controls.paused,
      cancelling: controls.cancelled.aborted,
    });
  }

  #ended({ device, firmware, describe }: Sending, state: Outcome, { overruled, takeOver }: Agreed): void {
    const words = describe(state, namesOf(device, firmware));
    const agreed = { overruled, takeOver };
    const at = this.#parts.today();
    const view = { kind: 'ended', firmware: firmwareName(firmware), state, words, agreed, at } as const;
    // First, so that it is among the ended ones for who hears that it runs no more.
    this.$ended.set([{ device, view }, ...this.$ended.get()]);
    this.#view(device.id).set(view);
    void this.#parts.recorder?.ends(this.#parts.devices.find(device.id) ?? device, firmware, state, words);
  }

  /** Does `work` unless another tab has the device in hand. @returns whether it was done */
  async #alone(device: Device, work: () => Promise<void>): Promise<boolean> {
    const release = await this.#parts.lock.acquire(placeOf(device));
    if (release === null) return false;
    await work().finally(release);
    return true;
  }

  #firmwareNamed(deviceId: string): string {
    const view = this.#view(deviceId).get();
    const named = view.kind === 'rest' ? null : view.firmware;
    return named?.name ?? 'That file';
  }

  #failed(deviceId: string) {
    const device = this.#parts.devices.find(deviceId);
    const view = this.#view(deviceId).get();
    if (device === undefined || view.kind !== 'ended' || view.state.outcome !== 'failed') return null;
    return { device, firmware: view.firmware, state: view.state, agreed: view.agreed };
  }

  /** Shows at once that a button was pressed; the engine's next state says the rest. */
  #redraw(deviceId: string): void {
    const view = this.#view(deviceId);
    const now = view.get();
    const controls = this.#runs.get(deviceId);
    if (now.kind !== 'running' || controls === undefined) return;
    view.set({ ...now, paused: controls.paused, cancelling: controls.cancelled.aborted });
  }

  #tellRunning(): void {
    this.$running.set([...this.#runs.keys()]);
  }

  #view(deviceId: string): WritableAtom<UpdateView> {
    return this.#views.of(deviceId);
  }
}
