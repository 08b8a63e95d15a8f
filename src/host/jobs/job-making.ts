/** How a job comes to be: who may have one, of what, and whether there is room. */
import { placeOf } from '../../model/device/device.ts';
import type { Secrets } from '../../model/device/secrets/secrets.ts';
import type { CreateJob } from '../../model/jobs/job-requests.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { FirmwareShelf } from './kept/firmware-shelf.ts';
import type { JobNetwork, JobWays } from './run/job-fetch.ts';
import type { JobQueue, QueueLimits, QueueParts } from './run/job-queue.ts';
import type { JobRecord } from './kept/job-records.ts';
import type { Entry } from './job-list.ts';
import { keyHash } from '../data/key-hash.ts';
import { refused, type Refused } from './refused.ts';
import { statusUrl } from './run/run-job.ts';
import type { SecretSeal } from './kept/sealed-secrets.ts';

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

/** `isNew`: false where one of that id and key was there already. */
export type MadeJob = { readonly kind: 'made'; readonly isNew: boolean; readonly job: Job } | Refused;

export class JobMaking {
  readonly #parts: JobsParts;
  readonly #queue: JobQueue;

  constructor(parts: JobsParts, queue: JobQueue) {
    this.#parts = parts;
    this.#queue = queue;
  }

  /**
   * Makes a job, which starts when its turn comes. One of that id and key that is there already is answered as it
   * stands.
   */
  async create(asked: CreateJob, maker: Maker): Promise<MadeJob> {
    const { ways, loaded, seal } = this.#parts;
    const { id, key, device, secrets, plan } = asked;
    const there = this.#there(id, key);
    if (there !== null) return there;
    const unreached = await ways.refusal(statusUrl(device), maker.network);
    if (unreached !== null) return refused(unreached);
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
  enlist(asked: NewJob, secrets: Secrets): Promise<MadeJob> {
    return this.#add(asked, secrets);
  }

  /** Nothing is awaited before it is in the list. */
  async #add(asked: NewJob, secrets: Secrets): Promise<MadeJob> {
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
    const refusal = this.#full() ?? claimed(this.#queue, record.job);
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
    return { kind: 'made', isNew: true, job: entry.record.job };
  }

  #there(id: string, key: string): MadeJob | null {
    const { list } = this.#parts;
    if (!list.has(id)) return null;
    const entry = list.find(id, key);
    return entry === null ? refused({ kind: 'no-such-job' }) : { kind: 'made', isNew: false, job: entry.record.job };
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

/** Null: the device is this job's from now on. */
export function claimed(queue: JobQueue, job: Job): Refused | null {
  const other = queue.claim(job);
  return other === null ? null : refused({ kind: 'device-busy', ...other });
}

export function hasAny({ token, login }: Secrets): boolean {
  return (token ?? '') !== '' || login !== null;
}

/** How many of this client's jobs have not ended. Those of rollouts are bounded by these. */
function openJobsOf(owner: string, entries: Iterable<Entry>): number {
  let open = 0;
  for (const { record } of entries) {
    if (record.owner === owner && record.rollout === null && record.job.standing.kind !== 'ended') open += 1;
  }
  return open;
}

/** What ended longest ago; null where nothing has. */
function longestEnded(entries: Iterable<Entry>): Entry | null {
  let oldest: Entry | null = null;
  for (const entry of entries) {
    const { endedAt, standing } = entry.record.job;
    if (standing.kind === 'ended' && (endedAt ?? 0) < (oldest?.record.job.endedAt ?? Infinity)) oldest = entry;
  }
  return oldest;
}
