/** Everything that jobs need, made of a data folder; at most one host uses a folder. */
import type { Clock } from '../../model/clock.ts';
import { join } from 'node:path';
import type { Job, JobDevice } from '../../model/jobs/job.ts';
import type { CreateJob, Identified, IdentifyDevice, JobOrder } from '../../model/jobs/job-requests.ts';
import type { HostRollout } from '../../model/jobs/host-rollout.ts';
import type { CreateRollout, RolloutOrder } from '../../model/jobs/rollout-requests.ts';
import { isDiskFull, reasonOf } from '../data/data-error.ts';
import { holdFolder, type LetGo } from '../data/hold-folder.ts';
import { makePrivateFolder } from '../data/user-data.ts';
import { ChunkSizes } from '../reach/chunk-sizes.ts';
import { lookAt, type Told } from '../reach/look-at.ts';
import { JOBS_ELSEWHERE, jobsNotWrittenText, noJobsText } from '../../words/host/jobs.ts';
import { RolloutList, wholeIn, type RolloutEntry } from '../rollouts/rollout-list.ts';
import { RolloutRecords } from '../rollouts/rollout-records.ts';
import { ROLLOUT_LIMITS, type MadeRollout, type RolloutLimits } from '../rollouts/rollout-making.ts';
import { Rollouts, type OrderedRollout } from '../rollouts/rollouts.ts';
import { DeviceLocks, type AtDevice } from './kept/device-locks.ts';
import { FileJournal } from './kept/file-journal.ts';
import { FirmwareShelf, SHELF_LIMITS, type NewFile, type ShelfLimits } from './kept/firmware-shelf.ts';
import { JobWays, type JobReach } from './run/job-fetch.ts';
import { FORGOTTEN_MS, JobList, type Entry } from './job-list.ts';
import { identify } from './run/identify.ts';
import { lockOf } from './run/job-queue.ts';
import { openFor } from './run/run-job.ts';
import { JobRecords } from './kept/job-records.ts';
import { JobStreams, STREAM_LIMITS, type StreamLimits } from './routes/job-streams.ts';
import { JOB_LIMITS, type JobLimits, type MadeJob, type Maker } from './job-making.ts';
import { Jobs, type OrderedJob } from './jobs.ts';
import { LoadedFirmware } from './run/loaded-firmware.ts';
import { pushesIn } from './own-jobs.ts';
import { refused, type Refused } from './refused.ts';
import { SecretSeal } from './kept/sealed-secrets.ts';

export interface JobServiceOptions {
  /** The host's data folder. */
  readonly dataDir: string;
  readonly reach: JobReach;
  readonly clock: Clock;
  /** Told, in a sentence, what is wrong with the folder. */
  readonly trouble: (sentence: string) => void;
  readonly surprise: (error: unknown) => void;
  readonly ended: (job: Job) => void;
  /** Smaller ones in tests. */
  readonly limits?: {
    readonly jobs?: JobLimits;
    readonly rollouts?: RolloutLimits;
    readonly shelf?: ShelfLimits;
    readonly streams?: StreamLimits;
  };
  readonly createFile?: (path: string) => Promise<NewFile>;
}

interface Opened {
  readonly records: JobRecords;
  readonly rollouts: RolloutRecords;
  readonly journal: FileJournal;
  readonly letGo: LetGo;
}

const DAY_MS = 86_400_000;

export class JobService {
  readonly list: JobList;
  readonly rollouts: RolloutList;
  readonly shelf: FirmwareShelf;
  readonly streams: JobStreams;
  readonly #jobs: Jobs;
  readonly #runs: Rollouts;
  readonly #trouble: (sentence: string) => void;
  readonly #asking: { readonly ways: JobWays; readonly clock: Clock };
  readonly #letGo: LetGo;
  readonly #closing = new AbortController();

  private constructor(options: JobServiceOptions, { records, rollouts, journal, letGo }: Opened) {
    const { dataDir, reach, clock, trouble, surprise, ended, limits = {}, createFile } = options;
    const folder = folderOf(dataDir);
    this.#trouble = trouble;
    this.#letGo = letGo;
    this.list = new JobList(records, trouble);
    this.rollouts = new RolloutList(rollouts, this.list, trouble);
    const isNeeded = (sha256: string): boolean => this.#jobs.needs(sha256) || this.#runs.needs(sha256);
    this.shelf = new FirmwareShelf(
      join(folder, 'firmware'),
      isNeeded,
      trouble,
      limits.shelf ?? SHELF_LIMITS,
      createFile,
    );
    this.streams = new JobStreams(this.list, this.rollouts, limits.streams ?? STREAM_LIMITS);
    const ways = new JobWays(reach);
    this.#asking = { ways, clock };
    const shared = {
      ...{ list: this.list, ways, journal, clock, surprise },
      ...{ loaded: new LoadedFirmware(this.shelf), seal: new SecretSeal(join(folder, 'secrets.key'), trouble) },
    };
    const { shelf } = this;
    this.#jobs = new Jobs({
      ...{ ...shared, shelf, ended, route: 'gateway', limits: limits.jobs ?? JOB_LIMITS },
      ...{ sizes: new ChunkSizes(dataDir), locks: new DeviceLocks(join(folder, 'devices')) },
    });
    this.#runs = new Rollouts({
      ...{ ...shared, rollouts: this.rollouts, jobs: this.#jobs, limits: limits.rollouts ?? ROLLOUT_LIMITS },
      hasFile: (sha256) => shelf.sizeOf(sha256) !== null,
    });
  }

  /** Null where another host has the folder, or it cannot be used; which was told then. */
  static async open(options: JobServiceOptions): Promise<JobService | null> {
    const { dataDir, trouble } = options;
    const folder = folderOf(dataDir);
    let letGo: LetGo | null = null;
    try {
      makePrivateFolder(folder);
      letGo = await holdFolder(folder);
      if (letGo === null) {
        trouble(JOBS_ELSEWHERE);
        return null;
      }
      const records = new JobRecords(join(folder, 'records'), trouble);
      const journal = new FileJournal(join(folder, 'journal'));
      journal.load();
      const rollouts = new RolloutRecords(join(folder, 'rollouts'), trouble);
      const service = new JobService(options, { records, rollouts, journal, letGo });
      await service.shelf.load();
      await service.#jobs.restore(await records.load());
      await service.#runs.restore(await rollouts.load());
      void service.#forget(options.clock);
      return service;
    } catch (error) {
      await letGo?.();
      trouble(noJobsText(folder, reasonOf(error)));
      return null;
    }
  }

  /** As `Jobs.create`; what the disk says no to is a refusal. */
  async create(asked: CreateJob, maker: Maker): Promise<MadeJob> {
    return this.#kept(() => this.#jobs.create(asked, maker));
  }

  async order(entry: Entry, order: JobOrder): Promise<OrderedJob> {
    return this.#kept(() => this.#jobs.order(entry, order));
  }

  /** As `identify`; not while an update is at the device, which has it to itself. */
  async identify(asked: IdentifyDevice, maker: Maker): Promise<Identified | Refused> {
    return this.#kept(async () => {
      const other = this.#jobs.at(asked.device);
      return other === null ? identify(asked, maker, this.#asking) : refused({ kind: 'device-busy', ...other });
    });
  }

  /** What the job's device tells outside of an update; null: it does not answer. */
  look({ record: { job, network }, secrets }: Entry, signal: AbortSignal): Promise<Told | null> {
    const { ways, clock } = this.#asking;
    return lookAt(openFor(job.device, secrets, network, { ways, clock, route: 'gateway' }), signal);
  }

  /** Who is at the device, or waits for their turn there; null: nobody. Throws Node's error. */
  at(device: JobDevice): AtDevice | null {
    return this.#jobs.at(device);
  }

  async createRollout(asked: CreateRollout, maker: Maker): Promise<MadeRollout> {
    return this.#kept(() => this.#runs.create(asked, maker));
  }

  async orderRollout(entry: RolloutEntry, order: RolloutOrder): Promise<OrderedRollout> {
    return this.#kept(() => this.#runs.order(entry, order));
  }

  /** Ends streams, lets updates come to a rest, and lets go of the folder. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.streams.close();
    await this.#runs.stop();
    await this.#jobs.stop();
    await this.#letGo();
  }

  /** Now, and once a day for as long as the host runs. */
  async #forget(clock: Clock): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.list.removeEndedBefore(clock.date() - FORGOTTEN_MS);
      await this.rollouts.removeEndedBefore(clock.date() - FORGOTTEN_MS);
      await clock.sleep(DAY_MS, signal).catch(() => undefined); // The host ends.
    }
  }

  async #kept<T extends object>(work: () => Promise<T | Refused>): Promise<T | Refused> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
      this.#trouble(jobsNotWrittenText(reasonOf(error)));
      return refused({ kind: isDiskFull(error) ? 'disk-full' : 'cannot-keep' });
    }
  }
}

/**
 * The jobs in a host's data folder, and the commands' own beside them, for a caller that only looks: a host may be at
 * work in it. Rejects with Node's error.
 */
export async function jobsIn(dataDir: string, trouble: (sentence: string) => void): Promise<readonly Job[]> {
  const locks = new DeviceLocks(join(folderOf(dataDir), 'devices'));
  const folders = [join(folderOf(dataDir), 'records'), pushesIn(dataDir)];
  const records = await Promise.all(folders.map((folder) => new JobRecords(folder, trouble).look()));
  return records
    .flat()
    .map(({ job }) => asItStands(job, locks))
    .sort((one, other) => one.createdAt - other.createdAt);
}

/** What was under way when its host or command was killed is so no longer, whatever its record says. */
function asItStands(job: Job, locks: DeviceLocks): Job {
  const { kind } = job.standing;
  const isUnderWay = kind === 'queued' || kind === 'running' || kind === 'paused';
  return isUnderWay && locks.at(lockOf(job)) === null ? { ...job, standing: { kind: 'offers-to-go-on' } } : job;
}

/** As `jobsIn`, of its rollouts. */
export async function rolloutsIn(
  dataDir: string,
  trouble: (sentence: string) => void,
): Promise<readonly HostRollout[]> {
  const records = await new RolloutRecords(join(folderOf(dataDir), 'rollouts'), trouble).look();
  return records.map(wholeIn);
}

function folderOf(dataDir: string): string {
  return join(dataDir, 'jobs');
}
