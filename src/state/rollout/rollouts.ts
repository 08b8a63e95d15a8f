import { atom } from 'nanostores';
import type { JobRef } from '../../model/page/job-calls.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import type { NotStarted, RolloutView } from '../../model/rollout/rollout-view.ts';
import type { DescribeUpdate } from '../../words/update/told.ts';
import { HostRollouts, type HostRolloutsParts } from './host-rollout.ts';
import { mayEndViperHttp, PageRollouts, type PageRolloutsParts } from './page-rollout.ts';

export interface RolloutsParts extends PageRolloutsParts {
  readonly describe: DescribeUpdate;
  /** Runs rollouts on the page's host; absent: the page runs all of them. */
  readonly host?: Omit<HostRolloutsParts, 'devices' | 'firmware' | 'questions' | 'clock'>;
}

/** The one rollout of this page, whoever runs it. */
export class RolloutsState {
  readonly $rollout = atom<RolloutView>({ kind: 'none' });
  readonly #parts: RolloutsParts;
  readonly #page: PageRollouts;
  readonly #host: HostRollouts | null;
  #isHandingOver = false;

  constructor(parts: RolloutsParts) {
    this.#parts = parts;
    this.#page = new PageRollouts(parts, this.$rollout);
    const { host, devices, firmware, questions, clock } = parts;
    this.#host =
      host === undefined ? null : new HostRollouts({ ...host, devices, firmware, questions, clock }, this.$rollout);
  }

  get describe(): DescribeUpdate {
    return this.#parts.describe;
  }

  /** What opens the rollout on another page; null where no host runs it. */
  get ref(): JobRef | null {
    return this.#host?.ref ?? null;
  }

  /** Shows what the host runs, or else offers what an earlier visit left here. Answers whether there is an offer. */
  async load(): Promise<boolean> {
    if (await this.follow()) return this.$rollout.get().kind === 'offer';
    return this.#page.load();
  }

  /** Shows what the host runs for this browser. Answers whether there is anything. */
  async follow(): Promise<boolean> {
    return (await this.#host?.load()) ?? false;
  }

  /** A link brought `text`, which is "id.key". */
  async arrive(text: string): Promise<void> {
    await this.#host?.arrive(text);
  }

  /** Sends the chosen firmware to these devices. Resolves with null at the end, or once the host has it, or at once with why it cannot begin. */
  async start(devices: readonly string[], options: RolloutOptions): Promise<NotStarted | null> {
    const { firmware } = this.#parts.firmware;
    if (firmware === null) return 'no-firmware';
    const isOnHost = this.#host?.isShown === true && this.$rollout.get().kind === 'running';
    if (this.#isHandingOver || isOnHost) return 'under-way';
    if (this.#page.isUnderWay || this.#host?.wants(devices) !== true) {
      return this.#page.start(firmware, devices, options, false);
    }
    this.#isHandingOver = true;
    try {
      if (!(await mayEndViperHttp(firmware, devices.length, this.#parts.questions))) return null;
      if ((await this.#host.start(firmware, devices, options)) === 'begun') return null;
    } finally {
      this.#isHandingOver = false;
    }
    return this.#page.start(firmware, devices, options, true);
  }

  /** Goes on with a rollout that waits: of an earlier visit, or of a host that was started anew. */
  goOn(): Promise<NotStarted | null> {
    return this.#shown?.goOn() ?? this.#page.goOn();
  }

  /** Forgets such a rollout. Devices are left as they are. */
  dropOffer(): Promise<void> {
    return this.#shown?.forget() ?? this.#page.dropOffer();
  }

  /** The same to those that failed, or to those that are still to come: off, cancelled, or without a turn. */
  retry(which: 'failed' | 'rest'): Promise<NotStarted | null> {
    return this.#shown?.retry(which) ?? this.#page.retry(which);
  }

  /** Puts an ended rollout away. */
  dismiss(): void {
    if (this.#shown === null) this.#page.dismiss();
    else if (this.$rollout.get().kind === 'ended') void this.#shown.dismiss();
  }

  /** Starts nothing new, and pauses what runs. */
  pause(): void {
    if (this.#shown === null) this.#page.pause();
    else void this.#shown.order({ kind: 'pause' });
  }

  resume(): void {
    if (this.#shown === null) this.#page.resume();
    else void this.#shown.order({ kind: 'resume' });
  }

  /** Stops after the updates that run now; those that are paused go on to their end. */
  finish(): void {
    if (this.#shown === null) this.#page.finish();
    else void this.#shown.order({ kind: 'finish' });
  }

  /** Cancels the updates that run, and starts nothing new. */
  cancelAll(): void {
    if (this.#shown === null) this.#page.cancelAll();
    else void this.#shown.order({ kind: 'cancel' });
  }

  /** What to do after a first wave that did not go well. */
  answer(answer: 'go-on' | 'stop'): void {
    if (this.#shown === null) this.#page.answer(answer);
    else void this.#shown.order({ kind: 'answer', answer });
  }

  /** The host's, while its rollout is on the screen. */
  get #shown(): HostRollouts | null {
    return this.#host?.isShown === true ? this.#host : null;
  }
}
