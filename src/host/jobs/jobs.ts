/** The updates that a host runs: what a restart leaves of them, and what they do when they are told to. */
import type { Job, JobDevice, JobPlan } from '../../model/jobs/job.ts';
import type { CreateJob, JobOrder } from '../../model/jobs/job-requests.ts';
import type { Secrets } from '../../model/device/secrets/secrets.ts';
import { placeOf } from '../../model/device/device.ts';
import { asNoted } from './kept/file-journal.ts';
import type { Entry } from './job-list.ts';
import { claimed, hasAny, JobMaking, type JobsParts, type MadeJob, type Maker, type NewJob } from './job-making.ts';
import type { JobRecord } from './kept/job-records.ts';
import { refused, type Refused } from './refused.ts';
import type { AtDevice } from './kept/device-locks.ts';
import { JobQueue, lockOf } from './run/job-queue.ts';

/** `job`: as it is then; null where it is forgotten. */
export type OrderedJob = { readonly kind: 'done'; readonly job: Job | null } | Refused;

export class Jobs {
  readonly #parts: JobsParts;
  readonly #queue: JobQueue;
  readonly #making: JobMaking;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    this.#queue = new JobQueue(parts);
    this.#making = new JobMaking(parts, this.#queue);
  }

  /** Takes over what an earlier start of the host left. Nothing of it starts, except where the person wanted that. */
  async restore(records: readonly JobRecord[]): Promise<void> {
    const { list, seal, journal } = this.#parts;
    for (const record of records) {
      const { sealed, needsSecrets } = record;
      const place = placeOf(record.job.device);
      const job = asNoted(record.job, await journal.read(place));
      const secrets = sealed === null ? null : await seal.open(sealed, place);
      const entry = list.add({ ...record, job }, secrets);
      if (job.standing.kind !== 'ended') this.#offer(entry, !needsSecrets || secrets !== null);
    }
  }

  /**
   * Makes a job, which starts when its turn comes. One of that id and key that is there already is answered as it
   * stands.
   */
  create(asked: CreateJob, maker: Maker): Promise<MadeJob> {
    return this.#making.create(asked, maker);
  }

  /** Makes a job of a rollout, whose maker, file and address were looked at when the rollout was made. */
  enlist(asked: NewJob, secrets: Secrets): Promise<MadeJob> {
    return this.#making.enlist(asked, secrets);
  }

  /** Who is at this device, or waits for their turn there; null: nobody. Throws Node's error. */
  at(device: JobDevice): AtDevice | null {
    return this.#parts.locks.at(lockOf({ device }));
  }

  /** Does what it is told, and answers the job as it is then; null where it is forgotten. */
  async order(entry: Entry, order: JobOrder): Promise<OrderedJob> {
    const { list, seal } = this.#parts;
    const { keepsSecrets, device } = entry.record.job;
    const secrets = 'secrets' in order ? order.secrets : null;
    const sealed = secrets !== null && keepsSecrets ? await seal.seal(secrets, placeOf(device)) : null;
    // Nothing is awaited from here to the change: of two orders at once, one is second.
    const { job } = entry.record;
    if (!list.has(job.id)) return refused({ kind: 'no-such-job' });
    const { kind: standing } = job.standing;
    const isAtRest = standing === 'ended' || standing === 'offers-to-go-on' || standing === 'waiting-for-token';
    switch (order.kind) {
      case 'pause':
        if (standing !== 'running' || entry.controls === null || cannotPause(job)) break;
        entry.controls.pause();
        list.change(entry, { standing: { kind: 'paused' } });
        this.#queue.startNext();
        return { kind: 'done', job: entry.record.job };
      case 'resume':
        if (standing !== 'paused' || entry.controls === null) break;
        entry.controls.resume();
        list.change(entry, { standing: { kind: 'running' } });
        return { kind: 'done', job: entry.record.job };
      case 'cancel':
        if (isAtRest) break;
        if (entry.controls === null) this.#queue.drop(entry);
        else entry.controls.cancel();
        return { kind: 'done', job: entry.record.job };
      case 'go-on':
        if (!isAtRest) break;
        return this.#startAgain(
          entry,
          { takeOver: null, beginAgain: order.beginAgain, restartFirst: order.restartFirst === true },
          secrets,
          sealed,
        );
      case 'take-over':
        if (standing !== 'ended') break;
        return this.#startAgain(entry, { takeOver: order.session, beginAgain: false }, secrets, sealed);
      case 'overrule': {
        if (standing !== 'ended') break;
        const overruled = [...new Set([...job.plan.overruled, order.reason])];
        return this.#startAgain(entry, { overruled }, secrets, sealed);
      }
      case 'forget':
        if (!isAtRest) break;
        await list.remove(entry);
        return { kind: 'done', job: null };
    }
    return refused({ kind: 'not-now', standing });
  }

  /** Whether a job may still need this file. */
  needs(sha256: string): boolean {
    if (this.#parts.loaded.isHeld(sha256)) return true;
    for (const { record } of this.#parts.list.entries) {
      if (record.job.firmware.sha256 === sha256 && record.job.standing.kind !== 'ended') return true;
    }
    return false;
  }

  /** Lets updates come to a rest: they offer to go on at the next start. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  #startAgain(entry: Entry, plan: Partial<JobPlan>, secrets: Secrets | null, sealed: string | null): OrderedJob {
    const { list, shelf } = this.#parts;
    const { job, needsSecrets } = entry.record;
    if (shelf.sizeOf(job.firmware.sha256) === null) return refused({ kind: 'no-such-firmware' });
    if (needsSecrets && secrets === null && entry.secrets === null) {
      return refused({ kind: 'not-now', standing: 'waiting-for-token' });
    }
    const busy = claimed(this.#queue, job);
    if (busy !== null) return busy;
    entry.secrets = secrets ?? entry.secrets;
    list.change(
      entry,
      { plan: { ...job.plan, ...plan }, standing: { kind: 'queued' } },
      {
        ...(secrets === null ? {} : { needsSecrets: hasAny(secrets) }),
        ...(sealed === null ? {} : { sealed }),
      },
    );
    this.#queue.add(entry);
    return { kind: 'done', job: entry.record.job };
  }

  /** After a restart of the host. */
  #offer(entry: Entry, hasSecrets: boolean): void {
    const { list } = this.#parts;
    const { job } = entry.record;
    if (!hasSecrets) list.change(entry, { standing: { kind: 'waiting-for-token' } });
    else if (job.goesOnByItself && this.#queue.claimsQuietly(job)) {
      list.change(entry, { standing: { kind: 'queued' } });
      this.#queue.add(entry);
    } else list.change(entry, { standing: { kind: 'offers-to-go-on' } });
  }
}

/** The image goes in one request just now. */
function cannotPause({ update }: Job): boolean {
  return update !== null && update.phase !== 'ended' && update.pause !== undefined;
}
