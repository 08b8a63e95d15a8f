import { atom, type WritableAtom } from 'nanostores';
import { lazy } from '../../model/lazy.ts';
import type { JobKeys, JobRef } from '../../model/page/job-calls.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import type { NotStarted, RolloutView } from '../../model/rollout/rollout-view.ts';
import { percentOf } from '../../words/kit/quantities.ts';
import type { DescribeUpdate } from '../../words/update/told.ts';
import type { LazyJobs } from '../jobs/lazy-jobs.ts';
import type { HostRollouts } from './host-rollout.ts';
import { mayEndViperHttp } from './may-end-viperhttp.ts';
import { PageRollouts, type PageRolloutsParts } from './page-rollout.ts';
import { ROLLOUT_KEY } from './rollout-key.ts';

export interface RolloutsParts extends PageRolloutsParts {
  readonly describe: DescribeUpdate;
  /** Runs rollouts on the page's host; absent: the page runs all of them. */
  readonly host?: RolloutHost;
}

export interface RolloutHost {
  readonly jobs: Pick<LazyJobs, 'wants'>;
  readonly keys: Pick<JobKeys, 'read'>;
  /** Makes what follows a rollout on the host, and draws it into `view`. Rejects where its code cannot be loaded. */
  readonly make: (view: WritableAtom<RolloutView>) => Promise<HostRollouts>;
}

/** The one rollout of this page, whoever runs it. */
export class RolloutsState {
  readonly $rollout = atom<RolloutView>({ kind: 'none' });
  /** How much of the file is on its way to the host that will run the rollout, in percent; null: nothing is. */
  readonly $handedOver = atom<number | null>(null);
  readonly #parts: RolloutsParts;
  readonly #page: PageRollouts;
  readonly #open: () => Promise<HostRollouts>;
  /** Once it is loaded. */
  #host: HostRollouts | null = null;
  #isHandingOver = false;

  constructor(parts: RolloutsParts) {
    this.#parts = parts;
    this.#page = new PageRollouts(parts, this.$rollout);
    const { host } = parts;
    this.#open = lazy(() => host?.make(this.$rollout) ?? Promise.reject(new Error('a page without a host')));
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
    const kept = (await this.#parts.host?.keys.read(ROLLOUT_KEY)) ?? null;
    return kept !== null && ((await this.#opened())?.load() ?? false);
  }

  /** A link brought `text`, which is "id.key". */
  async arrive(text: string): Promise<void> {
    await (await this.#opened())?.arrive(text);
  }

  /** Sends the chosen firmware to these devices. Resolves with null at the end, or once the host has it, or at once with why it cannot begin. */
  async start(devices: readonly string[], options: RolloutOptions): Promise<NotStarted | null> {
    const { firmware } = this.#parts.firmware;
    if (firmware === null) return 'no-firmware';
    const isOnHost = this.#shown !== null && this.$rollout.get().kind === 'running';
    if (this.#isHandingOver || isOnHost) return 'under-way';
    if (this.#page.isUnderWay || !this.#mayBeForHost(devices)) {
      return this.#page.start(firmware, devices, options, false);
    }
    let isAgreed = false;
    this.#isHandingOver = true;
    try {
      const host = await this.#opened();
      if (host?.wants(devices) === true) {
        isAgreed = await mayEndViperHttp(firmware, devices, this.#parts);
        const onSent = (bytes: number): void => this.$handedOver.set(percentOf(bytes, firmware.bytes.length));
        if (!isAgreed || (await host.start(firmware, devices, options, onSent)) === 'begun') return null;
      }
    } finally {
      this.#isHandingOver = false;
      this.$handedOver.set(null);
    }
    return this.#page.start(firmware, devices, options, isAgreed);
  }

  /** Goes on with a rollout that waits: of an earlier visit, or of a host that was started anew. */
  goOn(): Promise<NotStarted | null> {
    return this.#shown?.goOn() ?? this.#page.goOn();
  }

  /** Forgets such a rollout. Devices are left as they are. */
  dropOffer(): Promise<void> {
    return this.#shown?.forget() ?? this.#page.dropOffer();
  }

  /** Sends the same to those that failed, or to the rest: skipped, cancelled or not started. */
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

  /** Whether the host would run the update of one of them at least. */
  #mayBeForHost(ids: readonly string[]): boolean {
    const { devices, host } = this.#parts;
    return ids.some((id) => {
      const device = devices.find(id);
      return device !== undefined && host?.jobs.wants(device) === true;
    });
  }

  /** Null where the host does not bring the code: it is out of reach, or has another version by now. */
  async #opened(): Promise<HostRollouts | null> {
    if (this.#parts.host === undefined) return null;
    return (this.#host ??= await this.#open().catch(() => null));
  }

  /** The host's, while its rollout is on the screen. */
  get #shown(): HostRollouts | null {
    return this.#host?.isShown === true ? this.#host : null;
  }
}
