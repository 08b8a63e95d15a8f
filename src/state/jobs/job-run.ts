import type { Job } from '../../model/jobs/job.ts';
import type { JobOrder } from '../../model/jobs/job-requests.ts';
import type { Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { UpdateControls } from '../../update/controls.ts';
import type { HostRun } from '../update/host-runs.ts';
import { sentByHost, type SentFirmware } from '../update/sent-firmware.ts';

export interface JobRunParts {
  readonly job: Job;
  readonly controls: UpdateControls;
  /** What this page knows of the file; absent: what the host knows. */
  readonly firmware?: SentFirmware;
  /** Resolves to whether the host did it. */
  readonly order: (order: JobOrder) => Promise<boolean>;
  readonly over: (end: Outcome | null) => void;
}

/** One run of a job on the host, told as the page's own engine tells one. */
export class JobRun implements HostRun {
  readonly firmware: SentFirmware;
  readonly controls: UpdateControls;
  readonly entryId: string;
  readonly startedAt: number;
  readonly over: (end: Outcome | null) => void;
  readonly #order: JobRunParts['order'];
  readonly #end = new AbortController();
  /** The last word of the host; null: it knows the job no more. */
  #job: Job | null;
  #isNews = true;
  #wake: () => void = () => undefined;
  /** What the person asked for here, until the host has done it. */
  #wanted: 'pause' | 'resume' | 'cancel' | null = null;
  /** Whether the host did not do that: it was not the job's turn yet, or the host is away. */
  #isRefused = false;

  constructor({ job, controls, firmware, order, over }: JobRunParts) {
    this.#job = job;
    this.controls = controls;
    this.firmware = firmware ?? sentByHost(job.firmware);
    this.startedAt = job.startedAt ?? job.createdAt;
    this.entryId = entryIdOf(job);
    this.#order = order;
    this.over = over;
    if (controls.paused && job.standing.kind !== 'paused') {
      // Pressed while the file was handed over.
      this.#wanted = 'pause';
      this.#isRefused = true;
    }
    this.#follow(job);
    void this.#obey();
  }

  endedAt(): number | null {
    return this.#job?.endedAt ?? null;
  }

  /** The host's next word; null: it knows the job no more. States in between are left out. */
  hear(job: Job | null): void {
    this.#job = job;
    this.#isNews = true;
    this.#follow(job);
    this.#wake();
  }

  get states(): AsyncGenerator<UpdateState, void, void> {
    return this.#states();
  }

  async *#states(): AsyncGenerator<UpdateState, void, void> {
    try {
      for (;;) {
        while (!this.#isNews) await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#isNews = false;
        const state = stateOf(this.#job);
        if (state === 'stands-still') return;
        if (state === null) continue;
        yield state;
        if (state.phase === 'ended') return;
      }
    } finally {
      this.#end.abort();
    }
  }

  /** What another page ordered shows here, too, unless this one has just asked for something else. */
  #follow(job: Job | null): void {
    const isPaused = job?.standing.kind === 'paused';
    const runs = isPaused || job?.standing.kind === 'running';
    if (!runs) return;
    if (this.#wanted === (isPaused ? 'pause' : 'resume')) this.#wanted = null;
    if (this.#wanted !== null) {
      if (this.#isRefused) void this.#ask(this.#wanted);
    } else if (isPaused) this.controls.pause();
    else this.controls.resume();
  }

  async #obey(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await this.controls.changed(signal);
      const isPaused = this.#job?.standing.kind === 'paused';
      if (this.controls.cancelled.aborted) {
        if (this.#wanted === 'cancel') continue;
        this.#wanted = 'cancel';
      } else {
        if (this.controls.paused === isPaused) {
          this.#wanted = null;
          continue;
        }
        this.#wanted = this.controls.paused ? 'pause' : 'resume';
      }
      await this.#ask(this.#wanted);
    }
  }

  async #ask(kind: 'pause' | 'resume' | 'cancel'): Promise<void> {
    this.#isRefused = false;
    this.#isRefused = !(await this.#order({ kind }));
  }
}

/** One entry in the history for each run: a job that was started again has another one. */
export function entryIdOf({ id, startedAt, createdAt }: Job): string {
  return `${id}-${(startedAt ?? createdAt).toString(36)}`;
}

/** Null: there is nothing to be told of this run yet. */
function stateOf(job: Job | null): UpdateState | 'stands-still' | null {
  switch (job?.standing.kind) {
    case 'queued':
      return null;
    case 'running':
    case 'paused':
      // It may be that of the run before.
      return job.update?.phase === 'ended' ? null : job.update;
    case 'ended':
      return job.standing.outcome;
    case 'offers-to-go-on':
    case 'waiting-for-token':
    case undefined:
      return 'stands-still';
  }
}
