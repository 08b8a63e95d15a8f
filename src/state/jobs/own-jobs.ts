import type { JobOrder } from '../../model/jobs/job-requests.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { JobAnswer, JobCalls, JobKeys, KeptJob } from '../../model/page/job-calls.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import { UpdateControls } from '../../update/controls.ts';
import { goneText } from '../../words/update/host-jobs.ts';
import type { DevicesState } from '../device/devices.ts';
import type { NoticesState } from '../notices.ts';
import type { SentFirmware } from '../update/sent-firmware.ts';
import type { UpdatesState } from '../update/updates.ts';
import type { JobFeed } from './job-feed.ts';
import { isOver, offerOf } from './job-offer.ts';
import { sayOfDevice } from './say-of-device.ts';
import { JobRun } from './job-run.ts';

/** A job that this browser has the key of, and what is known of it. */
export interface OwnJob {
  readonly deviceId: string;
  kept: KeptJob;
  job: Job | null;
  /** While this page draws it as running. */
  run: JobRun | null;
}

export interface OwnJobsParts {
  readonly calls: Pick<JobCalls, 'order'>;
  readonly keys: JobKeys;
  readonly devices: Pick<DevicesState, '$devices' | 'find'>;
  readonly updates: Pick<UpdatesState, '$update' | 'follow' | 'isRunning' | 'offerFromHost'>;
  readonly notices: NoticesState;
}

/** The jobs that this browser has the keys of, one per device, and how each drives the view of its device. */
export class OwnJobs {
  readonly #feed: Pick<JobFeed, 'follow' | 'leave'>;
  readonly #parts: OwnJobsParts;
  /** By device. */
  readonly #own = new Map<string, OwnJob>();

  constructor(feed: Pick<JobFeed, 'follow' | 'leave'>, parts: OwnJobsParts) {
    this.#feed = feed;
    this.#parts = parts;
  }

  find(deviceId: string): OwnJob | undefined {
    return this.#own.get(deviceId);
  }

  /** Follows a job, in place of another one of its device. */
  take(deviceId: string, kept: KeptJob): OwnJob {
    const before = this.#own.get(deviceId);
    if (before?.kept.id === kept.id) return before;
    if (before !== undefined) this.#feed.leave(before.kept.id);
    const own = this.#put(deviceId, kept);
    this.#feed.follow(kept);
    return own;
  }

  /** Draws a job whose events come with its rollout; not while another one of its device is drawn as running. */
  draw(deviceId: string, kept: KeptJob, job: Job): void {
    const before = this.#own.get(deviceId);
    if (before !== undefined && before.run !== null) return;
    if (before?.kept.id !== kept.id) {
      if (before !== undefined) this.#feed.leave(before.kept.id);
      this.#put(deviceId, kept);
    }
    this.hear(job);
  }

  /** Makes the run that is drawn while the job goes on. */
  runOf(own: OwnJob, job: Job, controls: UpdateControls, firmware?: SentFirmware): JobRun {
    own.job = job;
    own.run = new JobRun({
      ...{ job, controls },
      ...(firmware === undefined ? {} : { firmware }),
      order: async (order) => (await this.order(own, order)).kind === 'done',
      over: (end) => void this.#over(own, end),
    });
    return own.run;
  }

  async order(own: OwnJob, order: JobOrder): Promise<JobAnswer<Job | null>> {
    const answer = await this.#parts.calls.order(own.kept, order);
    if (answer.kind === 'done' && answer.value !== null) this.hear(answer.value);
    else if (answer.kind === 'refused' && answer.why.kind === 'no-such-job') await this.#hearGone(own);
    return answer;
  }

  /** @returns whether there is such a job here */
  hear(job: Job): boolean {
    let isHere = false;
    for (const own of this.#own.values()) {
      if (own.kept.id !== job.id) continue;
      isHere = true;
      own.job = job;
      if (own.run === null) this.show(own, job);
      else own.run.hear(job);
    }
    return isHere;
  }

  /** The host knows it no more. */
  hearGone(jobId: string): void {
    for (const own of this.#own.values()) if (own.kept.id === jobId) void this.#hearGone(own);
  }

  /** Draws a job that this page does not draw as running yet. An end is told once, whenever it was. */
  show(own: OwnJob, job: Job): void {
    const { updates } = this.#parts;
    const { deviceId, kept } = own;
    if (updates.isRunning(deviceId)) return;
    const { kind } = job.standing;
    const isUnderWay = kind === 'queued' || kind === 'running' || kind === 'paused';
    if (isUnderWay || (kind === 'ended' && job.endedAt !== kept.toldAt)) {
      void updates.follow(deviceId, this.runOf(own, job, new UpdateControls()));
      return;
    }
    const offer = offerOf(deviceId, job);
    if (offer === null) void this.letGo(own);
    else updates.offerFromHost(deviceId, offer);
  }

  /** Follows it no longer, and forgets its key. */
  async letGo(own: OwnJob): Promise<void> {
    const { keys } = this.#parts;
    const { deviceId, kept } = own;
    this.#feed.leave(kept.id);
    if (this.#own.get(deviceId) === own) this.#own.delete(deviceId);
    // Another tab may keep the next one by now.
    if ((await keys.read(deviceId))?.id === kept.id) await keys.remove(deviceId);
  }

  #put(deviceId: string, kept: KeptJob): OwnJob {
    const own: OwnJob = { deviceId, kept, job: null, run: null };
    this.#own.set(deviceId, own);
    return own;
  }

  async #hearGone(own: OwnJob): Promise<void> {
    own.job = null;
    if (own.run !== null) {
      const text = goneText(this.#parts.devices.find(own.deviceId)?.name ?? '');
      sayOfDevice(text, { deviceId: own.deviceId, until: 'begins' }, this.#parts);
      own.run.hear(null);
    } else this.#parts.updates.offerFromHost(own.deviceId, null);
    await this.letGo(own);
  }

  async #over(own: OwnJob, end: Outcome | null): Promise<void> {
    own.run = null;
    const { job } = own;
    if (job === null) return;
    if (end === null) {
      this.show(own, job);
      return;
    }
    own.kept = { ...own.kept, toldAt: job.endedAt };
    if (isOver(end)) await this.letGo(own);
    // Unless it was let go of meanwhile.
    else if (this.#own.get(own.deviceId) === own) await this.#parts.keys.write(own.deviceId, own.kept);
  }
}
