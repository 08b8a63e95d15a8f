/** The updates that a host runs: who may start one, when its turn is, and what it does when it is told to. */
import type { Job, JobDevice, JobPlan } from '../../model/jobs/job.ts';
import type { CreateJob, JobOrder } from '../../model/jobs/job-requests.ts';
import type { Secrets } from '../../model/device/secrets.ts';
import { placeOf } from '../../model/device/device.ts';
import type { JobNetwork, JobWays } from './job-fetch.ts';
import { asNoted } from './file-journal.ts';
import type { Entry } from './job-list.ts';
import { keyHash } from './kept-entries.ts';
import { longestEnded, openJobsOf } from './job-room.ts';
import type { JobRecord } from './job-records.ts';
import type { FirmwareShelf } from './firmware-shelf.ts';
import { refused, type Refused } from './refused.ts';
import type { AtDevice } from './device-locks.ts';
import { JobQueue, lockOf, type QueueLimits, type QueueParts } from './job-queue.ts';
import { statusUrl } from './run-job.ts';
import type { SecretSeal } from './sealed-secrets.ts';

export interface JobLimits extends QueueLimits {
  readonly jobs: number;
  /** Of one client, that have not ended. */
  readonly ofOne: number;
}

export const JOB_LIMITS: JobLimits = {
  // Two rollouts of a thousand devices, and what has ended of them; a record is two kilobytes.
  jobs: 2_048,
  ofOne: 256,
  // As wide as a rollout runs at most (model/rollout/rollout-state.ts), and a quarter of the host's connections.
  running: 32,
  // A Raspberry Pi of 512 MB still has room for all else. One file may be a quarter of it.
  loadedBytes: 256 * 1024 * 1024,
  // A chunk and its answer.
  grace: 3_000,
};

/** Whom a job is made for. */
export interface Maker {
  readonly network: JobNetwork;
  /** For counting: a paired browser's id, or an address. */
  readonly owner: string;
  /** As `Job.by`. */
  readonly by: string;
}

/** What a job begins with. */
export type NewJob = Pick<Job, 'id' | 'device' | 'plan' | 'firmware' | 'goesOnByItself' | 'by'> &
  Pick<JobRecord, 'keySha256' | 'network' | 'owner' | 'sealed' | 'rollout'>;

export interface JobsParts extends QueueParts {
  readonly ways: JobWays;
  readonly shelf: FirmwareShelf;
  readonly seal: SecretSeal;
  readonly limits: JobLimits;
}

/** What has ended is of no use to anybody after this many milliseconds (30 days), nor are the secrets that it may have kept. */
export const FORGOTTEN_MS = 30 * 24 * 3_600_000;

export class Jobs {
  readonly #parts: JobsParts;
  readonly #queue: JobQueue;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    this.#queue = new JobQueue(parts);
  }

  /** Takes over what an earlier start of the host left. Nothing of it starts, but where the person wanted it to. */
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

  /** Makes a job, which starts when its turn is. One of that id and key that is there already is answered as it stands. */
  async create(asked: CreateJob, maker: Maker): Promise<{ readonly isNew: boolean; readonly job: Job } | Refused> {
    const { ways, loaded, seal } = this.#parts;
    const { id, key, device, secrets, plan } = asked;
    const there = this.#there(id, key);
    if (there !== null) return there;
    const unreached = await ways.refusal(statusUrl(device), maker.network);
    if (unreached !== null) return { refusal: unreached };
    const { sha256, name } = asked.firmware;
    const facts = await loaded.factsOf(sha256);
    if (facts === null) return refused({ kind: 'no-such-firmware' });
    const sealed = asked.keepSecrets ? await seal.seal(secrets, placeOf(device)) : null;
    // Nothing is awaited from here to where it is in the list: of two that ask at once, one is second.
    const meanwhile = this.#there(id, key) ?? this.#tooMany(maker);
    if (meanwhile !== null) return meanwhile;
    const { goOnByItself: goesOnByItself } = asked;
    const firmware = { sha256, name, ...facts.told };
    const { network, owner, by } = maker;
    const job = { id, device, plan, firmware, goesOnByItself, by };
    return this.#add({ ...job, keySha256: keyHash(key), network, owner, sealed, rollout: null }, secrets);
  }

  /** Makes a job of a rollout, whose maker, file and address were looked at when the rollout was made. */
  enlist(asked: NewJob, secrets: Secrets): Promise<{ readonly isNew: true; readonly job: Job } | Refused> {
    return this.#add(asked, secrets);
  }

  /** Who is at this device, or waits for their turn there; null: nobody. Throws Node's error. */
  at(device: JobDevice): AtDevice | null {
    return this.#parts.locks.at(lockOf({ device }));
  }

  /** Nothing is awaited before it is in the list. */
  async #add(asked: NewJob, secrets: Secrets): Promise<{ readonly isNew: true; readonly job: Job } | Refused> {
    const { list, clock } = this.#parts;
    const { id, device, plan, firmware, goesOnByItself, by, sealed, ...rest } = asked;
    const record: JobRecord = {
      job: {
        ...{ id, device, plan, firmware, standing: { kind: 'queued' }, update: null },
        ...{ goesOnByItself, keepsSecrets: sealed !== null, by },
        ...{ createdAt: clock.date(), startedAt: null, endedAt: null },
      },
      ...{ ...rest, sealed, needsSecrets: hasAny(secrets) },
    };
    const refusal = this.#full() ?? this.#claimed(record.job);
    if (refusal !== null) return refusal;
    const entry = list.add(record, secrets);
    this.#queue.hold(entry);
    try {
      await list.keep(entry);
    } catch (error) {
      this.#queue.letGo(entry);
      await list.remove(entry);
      throw error;
    }
    this.#queue.add(entry);
    return { isNew: true, job: entry.record.job };
  }

  /** Does what it is told, and answers the job as it is then; null where it is forgotten. */
  async order(entry: Entry, order: JobOrder): Promise<{ readonly job: Job | null } | Refused> {
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
        return { job: entry.record.job };
      case 'resume':
        if (standing !== 'paused' || entry.controls === null) break;
        entry.controls.resume();
        list.change(entry, { standing: { kind: 'running' } });
        return { job: entry.record.job };
      case 'cancel':
        if (isAtRest) break;
        if (entry.controls === null) this.#queue.drop(entry);
        else entry.controls.cancel();
        return { job: entry.record.job };
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
        return { job: null };
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

  #startAgain(
    entry: Entry,
    plan: Partial<JobPlan>,
    secrets: Secrets | null,
    sealed: string | null,
  ): { job: Job } | Refused {
    const { list, shelf } = this.#parts;
    const { job, needsSecrets } = entry.record;
    if (shelf.sizeOf(job.firmware.sha256) === null) return refused({ kind: 'no-such-firmware' });
    if (needsSecrets && secrets === null && entry.secrets === null) {
      return refused({ kind: 'not-now', standing: 'waiting-for-token' });
    }
    const busy = this.#claimed(job);
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
    return { job: entry.record.job };
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

  #there(id: string, key: string): { readonly isNew: false; readonly job: Job } | Refused | null {
    const { list } = this.#parts;
    if (!list.has(id)) return null;
    const entry = list.find(id, key);
    return entry === null ? refused({ kind: 'no-such-job' }) : { isNew: false, job: entry.record.job };
  }

  /** Null: the device is this job's from now on. */
  #claimed(job: Job): Refused | null {
    const other = this.#queue.claim(job);
    return other === null ? null : refused({ kind: 'device-busy', ...other });
  }

  /** Whether this client has as many that have not ended as one may have. */
  #tooMany({ owner }: Maker): Refused | null {
    const { list, limits } = this.#parts;
    const isFull = openJobsOf(owner, list.entries) >= limits.ofOne;
    return isFull ? refused({ kind: 'too-many-jobs', most: limits.ofOne }) : null;
  }

  /** Whether there is no room for another one. What ended longest ago makes room. */
  #full(): Refused | null {
    const { list, limits } = this.#parts;
    if (list.size < limits.jobs) return null;
    const oldest = longestEnded(list.entries);
    if (oldest === null) return refused({ kind: 'too-many-jobs', most: limits.jobs });
    // It is off the list at once; its file goes in its own time.
    void list.remove(oldest);
    return null;
  }
}

/** The image goes in one request just now. */
function cannotPause({ update }: Job): boolean {
  return update !== null && update.phase !== 'ended' && update.pause !== undefined;
}

export function hasAny({ token, login }: Secrets): boolean {
  return (token ?? '') !== '' || login !== null;
}
