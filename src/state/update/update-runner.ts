import { placeOf, type Device } from '../../model/device/device.ts';
import { isLeftToHost, spokenBy } from '../../model/device/dialect.ts';
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { DeviceStatus } from '../../model/device/link.ts';
import type { Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { UpdateControls } from '../../update/controls.ts';
import { learnedFrom } from '../device/learning.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { HostRun } from './host-runs.ts';
import { nameOf, type Sending } from './sending.ts';
import type { UnderWay } from './under-way.ts';
import { isOffered } from './update-view.ts';
import type { StartOptions } from './start-options.ts';
import type { UpdatesParts } from './updates-parts.ts';

export interface RunTask {
  readonly sending: Sending;
  readonly firmware: Firmware;
  readonly options: StartOptions;
  readonly controls: UpdateControls;
}

/**
 * How often the record of a device notes, during its update, that it was heard, in milliseconds: the step of "4 min
 * ago".
 */
const HEARD_STEP_MS = 60_000;

/** Runs what is under way, in the page or on the host, and tells whoever looks on: the card, the history, the device's record. */
export class UpdateRunner {
  readonly #underWay: UnderWay;
  readonly #parts: UpdatesParts;
  /** By device: when it answered last during its update, milliseconds since 1970. */
  readonly #answeredAt = new Map<string, number>();

  constructor(underWay: UnderWay, parts: UpdatesParts) {
    this.#underWay = underWay;
    this.#parts = parts;
  }

  /** @returns how it ended, which is not told yet; null: it did not begin here, or stands still on the host */
  async run(task: RunTask): Promise<Outcome | null> {
    const { sending, firmware, options, controls } = task;
    const { device } = sending;
    const { takeOver = null, restart = true, beginAgain = false, restartFirst = false } = options;
    const { fits, host } = this.#parts;
    if (host !== undefined && (await this.#isForHost(device, firmware, options))) {
      const agreed = restartFirst ? { restartFirst } : {};
      const plan = { restart, takeOver, beginAgain, ...agreed, overruled: fits.overruled(device.id, firmware) };
      const onSent = (bytes: number): void => this.#underWay.showHandingOver(sending, bytes);
      const taken = await host.start({ device, firmware, plan, controls, onSent });
      if (taken === 'left') return null;
      if (taken !== 'here') {
        const end = await this.#runOnHost(sending, taken);
        if (end === null || !(await host.fallsBack(device, end))) return end;
      }
      this.#underWay.runHere(device.id);
    }
    return this.#runHere(task);
  }

  /** Draws what the host runs since an earlier visit, or for another page. Resolves with how it ended; null: it stands still. */
  async follow(device: Device, run: HostRun): Promise<Outcome | null> {
    this.#underWay.showPreparing(device.id, nameOf(run.firmware));
    const describe = await this.#parts.describe();
    await this.#parts.checks.stop(device.id);
    // Keeps this tab's own questions off the device. Another tab that has the lock follows, too.
    const release = await this.#parts.lock.acquire(placeOf(device));
    try {
      const sending = { device, firmware: run.firmware, describe };
      const end = await this.#runOnHost(sending, run);
      if (end === null) return null;
      this.tellEnd(sending, end);
      await this.learn(sending, end, run.endedAt());
      return end;
    } finally {
      release?.();
    }
  }

  /** Draws how it ended, and has it kept. */
  tellEnd(sending: Sending, end: Outcome): void {
    const { devices, recorder } = this.#parts;
    const { device, firmware } = sending;
    const words = this.#underWay.showEnded(sending, end);
    void recorder?.end(devices.find(device.id) ?? device, firmware, end, words);
  }

  /** Keeps with the device what its update showed of it. `endedAt`: null: just now. */
  async learn({ device, firmware }: Sending, end: Outcome, endedAt: number | null = null): Promise<void> {
    const { devices, today } = this.#parts;
    const answeredAt = this.#answeredAt.get(device.id) ?? null;
    const known = devices.find(device.id) ?? device;
    await devices.learn(device.id, learnedFrom(known, firmware, end, endedAt ?? today(), answeredAt));
  }

  /**
   * Of a rollout that this page runs, only devices that no page can speak to; and no update that this page has begun
   * itself, as the host knows nothing of that session.
   */
  async #isForHost(device: Device, { sha256 }: Firmware, { firmware, onlyLook }: StartOptions): Promise<boolean> {
    if (onlyLook === true || this.#parts.host?.wants(device) !== true) return false;
    if (firmware !== undefined && !isLeftToHost(spokenBy(device))) return false;
    const entry = await this.#parts.ports.journal.read(device.id);
    return entry?.sha256 !== sha256 || !isOffered(entry);
  }

  /** Null: it stands still there, or is known there no more. */
  async #runOnHost(sending: Sending, run: HostRun): Promise<Outcome | null> {
    const { device, firmware } = sending;
    const end = await this.#underWay.runOnHost(device.id, run, () => {
      this.#parts.recorder?.begin(device, firmware, { id: run.entryId, startedAt: run.startedAt });
      return this.#watch(sending, run.states, run.controls);
    });
    if (end !== null) this.#tellChecks(device, end);
    return end;
  }

  /** The host has asked the device, and this page has not: what the device said here last may no longer hold. */
  #tellChecks(device: Device, end: Outcome): void {
    const { checks } = this.#parts;
    if ('now' in end) checks.hearIdentity(device, end.now);
    else if (!('oldFirmware' in end) || end.oldFirmware !== 'runs')
      checks.outdate(device, end.outcome === 'updated' || end.outcome === 'rolled-back' ? end.slot : null);
  }

  async #runHere({ sending, firmware, options, controls }: RunTask): Promise<Outcome | null> {
    const { device } = sending;
    const { takeOver = null, restart = true, beginAgain = false, onlyLook = false, restartFirst = false } = options;
    const { checks, devices, fits, linkTo, ports, recorder, run } = this.#parts;
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
    recorder?.begin(device, sending.firmware);
    const told = (status: DeviceStatus): void => checks.hear(device, status);
    const toldIdentity = (identity: DeviceIdentity): void => checks.hearIdentity(device, identity);
    return this.#watch(sending, run(plan, { ...ports, open, told, toldIdentity }, controls), controls);
  }

  async #watch(
    sending: Sending,
    states: AsyncIterable<UpdateState>,
    controls: UpdateControls,
  ): Promise<Outcome | null> {
    const { id } = sending.device;
    let end: Outcome | null = null;
    let before = Infinity;
    this.#answeredAt.delete(id);
    for await (const state of states) {
      this.#parts.recorder?.see(id, state);
      const { acknowledged, counts } = state.progress;
      if (state.phase === 'ended') end = state;
      else this.#underWay.showRunning(sending, state, controls);
      // Bytes that were only sent are no answer, and neither is what stands when somebody begins to follow.
      if (state.phase === 'writing' && counts === undefined && acknowledged > before) this.#hear(id);
      before = acknowledged;
    }
    return end;
  }

  #hear(deviceId: string): void {
    const { devices, today } = this.#parts;
    const now = today();
    this.#answeredAt.set(deviceId, now);
    const told = devices.find(deviceId)?.lastSeen ?? 0;
    if (now - told >= HEARD_STEP_MS) void devices.learn(deviceId, { lastSeen: now });
  }
}
