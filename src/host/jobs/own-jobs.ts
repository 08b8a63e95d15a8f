/** The updates that a command runs in its own process: jobs as the host's, beside them in the data folder, under the same locks. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FetchLike } from '../../device/request.ts';
import type { Clock } from '../../model/clock.ts';
import type { RawWays } from '../../model/device/raw-connection.ts';
import type { Upload } from '../../model/device/upload.ts';
import { placeOf } from '../../model/device/device.ts';
import type { Secrets } from '../../model/device/secrets/secrets.ts';
import type { Job, JobDevice, JobFirmware, JobPlan } from '../../model/jobs/job.ts';
import type { Journal, JournalEntry } from '../../model/update/journal.ts';
import type { Outcome, UpdateState } from '../../model/update/update-state.ts';
import type { UpdateControls } from '../../update/controls.ts';
import { ownUpdatesNotWrittenText, PUSH_HERE } from '../../words/host/jobs.ts';
import { memoryJournal, nodeClock } from '../node-ports.ts';
import { reasonOf } from '../data/data-error.ts';
import { makePrivateFolder } from '../data/user-data.ts';
import { ChunkSizes } from '../reach/chunk-sizes.ts';
import { type AtDevice, DeviceLocks } from './kept/device-locks.ts';
import { FileJournal } from './kept/file-journal.ts';
import { FORGOTTEN_MS, JobList } from './job-list.ts';
import { keyHash } from '../data/key-hash.ts';
import { lockOf } from './run/job-queue.ts';
import { type JobRecord, JobRecords } from './kept/job-records.ts';
import { readJobParts } from './job-shapes.ts';
import type { Loaded } from './run/loaded-firmware.ts';
import { learnFrom, runJob, tellEnd } from './run/run-job.ts';

export interface OwnJob {
  readonly device: JobDevice;
  readonly secrets: Secrets;
  readonly firmware: JobFirmware;
  readonly loaded: Loaded;
  readonly plan: JobPlan;
  readonly controls: UpdateControls;
  /** Takes a device's own addresses. */
  readonly fetch: FetchLike;
  readonly upload: Upload;
  readonly raw: RawWays;
  /** Told at every state. */
  readonly seen: (state: UpdateState) => void;
  /** As `Job.by`; absent: the command that pushes. */
  readonly by?: string;
}

/** More devices than one person updates. */
const MOST = 256;
const KEY_BYTES = 16;
const ID_LENGTH = 32;

interface Written {
  readonly journal: Journal;
  readonly locks: DeviceLocks;
  readonly records: JobRecords;
}

export class OwnJobs {
  readonly #written: Written | null;
  readonly #sizes: ChunkSizes;
  readonly #complain: (sentence: string) => void;
  readonly #clock: Clock;

  private constructor(dataDir: string, written: Written | null, complain: (sentence: string) => void, clock: Clock) {
    this.#written = written;
    this.#clock = clock;
    this.#sizes = new ChunkSizes(dataDir);
    this.#complain = complain;
  }

  /**
   * In a host's data folder, whether one runs there or not. Where the folder cannot be written, as in many a build's
   * container, that is said, and updates run all the same: nobody else can run one there either.
   */
  static open(dataDir: string, complain: (sentence: string) => void, clock: Clock = nodeClock): OwnJobs {
    const folder = join(dataDir, 'jobs');
    try {
      const [pushes, journal] = [pushesIn(dataDir), join(folder, 'journal')];
      for (const each of [folder, pushes, journal]) makePrivateFolder(each);
      forgetOld(pushes);
      const written = {
        // Not loaded: a host that is at work there has files on their way.
        journal: new FileJournal(journal),
        locks: new DeviceLocks(join(folder, 'devices')),
        records: new JobRecords(pushes, complain),
      };
      return new OwnJobs(dataDir, written, complain, clock);
    } catch (error) {
      complain(ownUpdatesNotWrittenText(dataDir, reasonOf(error)));
      return new OwnJobs(dataDir, null, complain, clock);
    }
  }

  /** Who is at the device, and lives: a host, or another command; null: nobody that is known here. */
  at(device: JobDevice): AtDevice | null {
    return this.#written?.locks.at(lockOf({ device })) ?? null;
  }

  /** What an update of the device left that was killed, a command's or the host's. Rejects with Node's error. */
  async left(device: JobDevice): Promise<JournalEntry | null> {
    return (await this.#written?.journal.read(placeOf(device))) ?? null;
  }

  /** Runs one update to its end; answers who is at the device where somebody is. Throws for a defect only. */
  async run(asked: OwnJob): Promise<Outcome | AtDevice> {
    const ended = await this.runWhile(asked, () => false);
    if (ended === null) throw new Error('an update without an outcome');
    return ended;
  }

  /** The same; null: it was left where it stands, because `isStopping` says that this process is about to end. */
  async runWhile(asked: OwnJob, isStopping: () => boolean): Promise<Outcome | AtDevice | null> {
    const place = lockOf(asked);
    const written = this.#written;
    const other = written === null ? null : this.#take(written.locks, place, asked.by ?? PUSH_HERE);
    if (other !== null) return other;
    try {
      return await this.#run(asked, written, isStopping);
    } finally {
      written?.locks.letGo(place);
    }
  }

  async #run(
    { fetch, upload, raw, seen, controls, loaded, ...asked }: OwnJob,
    written: Written | null,
    isStopping: () => boolean,
  ): Promise<Outcome | null> {
    const list = new JobList(isKept(asked) && written !== null ? written.records : NO_RECORDS, this.#complain);
    const record: JobRecord = {
      job: jobOf(asked, this.#clock.date()),
      ...{ keySha256: keyHash(randomBytes(KEY_BYTES).toString('base64url')), network: 'here', owner: 'here' },
      ...{ sealed: null, needsSecrets: true, rollout: null },
    };
    const entry = list.add(record, asked.secrets);
    const stop = list.watch(() => {
      const { update } = entry.record.job;
      if (update !== null) seen(update);
    });
    try {
      const end = await runJob(entry, { ...loaded, release: () => undefined }, controls, {
        ...{
          list,
          ways: { fetchFor: () => fetch, uploadFor: () => upload, rawFor: () => raw },
          route: 'direct',
          sizes: this.#sizes,
          clock: this.#clock,
        },
        ...{ journal: written?.journal ?? memoryJournal(), isStopping },
      });
      if (end === null) return null;
      tellEnd(list, entry, end);
      await learnFrom(this.#sizes, entry, end);
      return end.update;
    } finally {
      stop();
      await list.saved();
    }
  }

  /** What cannot be written down locks nobody out. */
  #take(locks: DeviceLocks, place: string, by: string): AtDevice | null {
    try {
      return locks.take(place, by);
    } catch (error) {
      this.#complain(ownUpdatesNotWrittenText(place, reasonOf(error)));
      return null;
    }
  }
}

/** Where a command's own jobs lie: beside the host's, which knows only what it was asked for. */
export function pushesIn(dataDir: string): string {
  return join(dataDir, 'jobs', 'pushes');
}

const NO_RECORDS: Pick<JobRecords, 'write' | 'remove'> = {
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/** One record per device: the next push to it takes its place. */
function jobOf(
  { device, firmware, plan, by = PUSH_HERE }: Pick<OwnJob, 'device' | 'firmware' | 'plan' | 'by'>,
  now: number,
): Job {
  return {
    id: createHash('sha256').update(placeOf(device)).digest('hex').slice(0, ID_LENGTH),
    ...{ device, plan, firmware, standing: { kind: 'running' }, update: null },
    ...{ goesOnByItself: false, keepsSecrets: false, by },
    ...{ createdAt: now, startedAt: now, endedAt: null },
  };
}

/** Whether it can be read again: a header that is none fails at the device, and is no record. */
function isKept({ device, plan }: Pick<OwnJob, 'device' | 'plan'>): boolean {
  try {
    readJobParts({ device, plan });
    return true;
  } catch {
    return false;
  }
}

function forgetOld(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity }))
    .sort((one, other) => other.at - one.at);
  files.forEach(({ path, at }, index) => {
    if (index >= MOST || Date.now() - at > FORGOTTEN_MS) rmSync(path, { force: true });
  });
}
