import type { WritableAtom } from 'nanostores';
import { RolloutControls } from '../../rollout/controls.ts';
import {
  newRecord,
  planOf,
  type RolloutOptions,
  type RolloutRecord,
  type RolloutStore,
  toGoOn,
} from '../../model/rollout/rollout-record.ts';
import { failedOf, restOf } from '../../model/rollout/rollout-state.ts';
import type { FirmwareState } from '../firmware/firmware.ts';
import type { Firmware } from '../firmware/chosen.ts';
import type { LibraryState } from '../firmware/library.ts';
import type { QuestionsState } from '../questions.ts';
import { mayEndViperHttp } from './may-end-viperhttp.ts';
import type { RolloutCrewParts } from './rollout-crew.ts';
import { runInPage, type PageRollout } from './run-in-page.ts';
import { firmwareName } from '../update/update-view.ts';
import type { UpdatesState } from '../update/updates.ts';
import type { DeviceLock } from '../../model/page/page-ports.ts';
import type { NotStarted, RolloutView } from '../../model/rollout/rollout-view.ts';

export interface PageRolloutsParts extends RolloutCrewParts {
  readonly updates: RolloutCrewParts['updates'] & Pick<UpdatesState, 'pause' | 'resume' | 'cancel'>;
  readonly firmware: FirmwareState;
  readonly library: LibraryState;
  readonly store: RolloutStore;
  readonly lock: DeviceLock;
  readonly questions: Pick<QuestionsState, 'ask'>;
}

/**
 * The name of the lock by which tabs keep each other off. Devices are locked by place, and no place reads like this.
 */
const LOCK = 'rollout';

/** Owns the one rollout that this page runs. Its updates are `UpdatesState`'s, so every card shows its own as always. */
export class PageRollouts {
  readonly #view: WritableAtom<RolloutView>;
  readonly #parts: PageRolloutsParts;
  #current: PageRollout | null = null;
  /** What ran last, for another try of what failed. */
  #last: PageRollout | null = null;

  constructor(parts: PageRolloutsParts, view: WritableAtom<RolloutView>) {
    this.#parts = parts;
    this.#view = view;
  }

  /** Whether one begins or runs. */
  get isUnderWay(): boolean {
    return this.#current !== null;
  }

  /** Offers what an earlier visit left, unless another tab is at it. Answers whether there is an offer. */
  async load(): Promise<boolean> {
    const record = await this.#parts.store.read();
    const release = record === null ? null : await this.#parts.lock.acquire(LOCK);
    release?.();
    if (record === null || release === null || this.#view.get().kind !== 'none') return false;
    // Where all its devices were removed, or were simulated in a page that is closed, nothing can go on, and the record
    // would keep its file for good.
    if (record.devices.every((id) => this.#parts.devices.find(id) === undefined)) {
      await this.#parts.store.clear();
      return false;
    }
    const kept = this.#parts.library.find(record.sha256);
    this.#view.set({ kind: 'offer', record, firmware: kept === undefined ? null : firmwareName(kept) });
    return true;
  }

  /**
   * Sends the firmware to these devices. Resolves at the end with null, or at once with why it cannot begin.
   *
   * @param isAgreed whether the person has agreed already to what there is to ask about the file
   */
  start(
    firmware: Firmware,
    devices: readonly string[],
    options: RolloutOptions,
    isAgreed: boolean,
  ): Promise<NotStarted | null> {
    const { sha256 } = firmware;
    const { name } = firmwareName(firmware);
    const startedAt = this.#parts.clock.date();
    return this.#begin(firmware, newRecord({ ...options, sha256, firmwareName: name, devices, startedAt }), {
      isAgreed,
    });
  }

  /**
   * Goes on with the rollout of an earlier visit. What it brought to an end is not touched again; where it had stopped
   * by itself, failures are counted anew.
   */
  async goOn(): Promise<NotStarted | null> {
    const view = this.#view.get();
    if (view.kind !== 'offer') return 'under-way';
    const firmware = await this.#parts.firmware.fromLibrary(view.record.sha256);
    return firmware === null ? 'file-gone' : this.#begin(firmware, toGoOn(view.record), { goesOn: true });
  }

  /** Forgets the rollout of an earlier visit. Devices are left as they are. */
  async dropOffer(): Promise<void> {
    if (this.#view.get().kind !== 'offer') return;
    await this.#parts.store.clear();
    this.#view.set({ kind: 'none' });
  }

  /** A new rollout of those that failed, or of the rest: skipped, cancelled or not started. */
  retry(which: 'failed' | 'rest'): Promise<NotStarted | null> {
    const view = this.#view.get();
    if (view.kind !== 'ended' || this.#last === null) return Promise.resolve('under-way');
    const { firmware, record } = this.#last;
    const devices = which === 'failed' ? failedOf(view.state.lines) : restOf(view.state.lines);
    return this.#begin(firmware, newRecord({ ...record, devices, startedAt: this.#parts.clock.date() }));
  }

  /** Puts an ended rollout away. */
  dismiss(): void {
    if (this.#view.get().kind === 'ended') this.#view.set({ kind: 'none' });
  }

  /** Starts nothing new, and pauses what runs. */
  pause(): void {
    this.#current?.controls.pause();
    for (const id of this.#running()) this.#parts.updates.pause(id);
    this.#redraw();
  }

  resume(): void {
    this.#current?.controls.resume();
    for (const id of this.#running()) this.#parts.updates.resume(id);
    this.#redraw();
  }

  /** Stops after the updates that run now; those that are paused go on to their end. */
  finish(): void {
    this.#current?.controls.finish();
    this.resume();
  }

  /** Cancels the updates that run, and starts nothing new. */
  cancelAll(): void {
    this.#current?.controls.finish();
    for (const id of this.#running()) this.#parts.updates.cancel(id);
    this.#redraw();
  }

  /** What to do after a first wave that did not go well. */
  answer(answer: 'go-on' | 'stop'): void {
    this.#current?.controls.answerFirstWave(answer);
  }

  async #begin(
    firmware: Firmware,
    record: RolloutRecord,
    { isAgreed = false, goesOn = false } = {},
  ): Promise<NotStarted | null> {
    if (this.#current !== null) return 'under-way';
    const { devices, lock, store } = this.#parts;
    const plan = planOf(record, (id) => devices.find(id) !== undefined);
    if (plan.devices.length === 0) return 'no-devices';
    const current: PageRollout = { controls: new RolloutControls(), firmware, record, goesOn };
    // Known before anything is awaited: two quick taps are one rollout.
    this.#current = current;
    this.#last = current;
    let release: (() => void) | null = null;
    try {
      if (!isAgreed && !(await mayEndViperHttp(firmware, plan.devices, this.#parts))) return null;
      release = await lock.acquire(LOCK);
      if (release === null) return 'other-tab';
      // Its cards and its title name the file; the place where files are chosen does so, too.
      this.#parts.firmware.show(firmware);
      await store.write(record);
      await runInPage(current, this.#parts, (view) => this.#view.set(view));
      await store.clear();
    } catch (error) {
      this.#endAfterDefect();
      throw error;
    } finally {
      this.#current = null;
      release?.();
    }
    return null;
  }

  /** After a defect of ours: what runs is on its own card, and the view of the rollout must not stand still. */
  #endAfterDefect(): void {
    const view = this.#view.get();
    if (view.kind !== 'running') return;
    const lines = new Map(view.state.lines);
    for (const [id, { kind }] of lines)
      if (kind === 'waiting' || kind === 'looking') lines.set(id, { kind: 'not-started' });
    this.#view.set({ ...view, kind: 'ended', state: { ...view.state, phase: 'ended', lines }, paused: false });
  }

  #running(): readonly string[] {
    const view = this.#view.get();
    if (view.kind !== 'running') return [];
    return [...view.state.lines].filter(([, line]) => line.kind === 'running').map(([id]) => id);
  }

  #redraw(): void {
    const view = this.#view.get();
    if (view.kind !== 'running' || this.#current === null) return;
    const { paused, finishing } = this.#current.controls;
    this.#view.set({ ...view, paused, finishing });
  }
}
