/** The jobs that a host has: found by key, changed in one place, written down, and watched. */
import { randomBytes } from 'node:crypto';
import { reasonOf } from '../data/data-error.ts';
import { OnceIn } from '../once-in.ts';
import type { Job } from '../../model/jobs/job.ts';
import type { Secrets } from '../../model/device/secrets/secrets.ts';
import type { UpdateControls } from '../../update/controls.ts';
import { KeptEntries } from './kept-entries.ts';
import type { JobRecord, JobRecords } from './kept/job-records.ts';
import { jobsNotWrittenText } from '../../words/host/jobs.ts';

/** A job with what is in memory only. `JobList` alone changes its record. */
export interface Entry {
  record: JobRecord;
  /** Null: the host does not have them, or the device asks for none. */
  secrets: Secrets | null;
  /** While its update runs. */
  controls: UpdateControls | null;
  /** Of its last change. */
  sequence: number;
  saving: Promise<void> | null;
  unsaved: 'nothing' | 'progress' | 'step';
  /** Milliseconds of a clock that is never set back. */
  savedAt: number;
}

/** What changes of a job, and of what is beside it in its record. */
export type RecordChange = readonly [Partial<Job>, Partial<Omit<JobRecord, 'job'>>];

/** Progress is written down this often at most; what a device acknowledged is in the journal anyway. */
const PROGRESS_EVERY_MS = 2_000;
/** A disk that is full says so with each change. */
export const TROUBLE_EVERY_MS = 600_000;
/** What has ended is of no use to anybody after this many milliseconds (30 days), nor are the secrets that it may have kept. */
export const FORGOTTEN_MS = 30 * 24 * 3_600_000;

/** Bytes that name one start of the host. */
const HOST_BYTES = 4;

export class JobList {
  /** Names this start of the host in what is told of changes. */
  readonly host = randomBytes(HOST_BYTES).toString('hex');
  readonly #records: Pick<JobRecords, 'write' | 'remove'>;
  readonly #trouble: (sentence: string) => void;
  readonly #troubles = new OnceIn(TROUBLE_EVERY_MS);
  readonly #entries = new KeptEntries<Entry>(({ record }) => record.keySha256);
  #sequence = 0;

  constructor(records: Pick<JobRecords, 'write' | 'remove'>, trouble: (sentence: string) => void) {
    this.#records = records;
    this.#trouble = trouble;
  }

  /** In the order that they were made. */
  get entries(): Iterable<Entry> {
    return this.#entries.all;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Of the last change of any job. */
  get sequence(): number {
    return this.#sequence;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** For whoever needs no key: the host itself. */
  get(id: string): Entry | null {
    return this.#entries.get(id);
  }

  /** The next sequence number, for a change of what is told of beside jobs. */
  count(): number {
    return ++this.#sequence;
  }

  /** Null where there is none of that id, or its key is another one: nobody can tell which. */
  find(id: string, key: string): Entry | null {
    return this.#entries.find(id, key);
  }

  /** It is there from now on; whether it is on the disk, `saved` tells. */
  add(record: JobRecord, secrets: Secrets | null): Entry {
    const entry: Entry = {
      ...{ record, secrets, controls: null, sequence: ++this.#sequence },
      ...{ saving: null, unsaved: 'nothing', savedAt: -Infinity },
    };
    this.#entries.add(record.job.id, entry);
    return entry;
  }

  /** Writes it down now. Rejects with Node's error. */
  async keep(entry: Entry): Promise<void> {
    await this.#records.write(entry.record, true);
  }

  /** Writes down what `change` is about to make of it, or tells that it cannot be written. */
  async writeAhead(entry: Entry, ...change: RecordChange): Promise<void> {
    while (entry.saving !== null) await entry.saving;
    await this.#saving(entry, this.#write(changed(entry.record, change), true));
  }

  change(entry: Entry, job: RecordChange[0], more: RecordChange[1] = {}): void {
    const before = entry.record.job;
    entry.record = changed(entry.record, [job, more]);
    entry.sequence = ++this.#sequence;
    const isStep = job.standing !== undefined && job.standing.kind !== before.standing.kind;
    const isPhase = job.update?.phase !== before.update?.phase;
    if (isStep || Object.keys(more).length > 0) this.#save(entry, 'step');
    else if (isPhase || performance.now() - entry.savedAt >= PROGRESS_EVERY_MS) this.#save(entry, 'progress');
    this.#entries.tell(before.id);
  }

  /** Takes it off the list and the disk. Watchers are told only where it was there. */
  async remove(entry: Entry): Promise<void> {
    const { id } = entry.record.job;
    if (!this.#entries.delete(id)) return;
    this.#sequence += 1;
    entry.unsaved = 'nothing';
    this.#entries.tell(id);
    await entry.saving;
    await this.#records.remove(id);
  }

  /** Removes what had ended by `date`, in milliseconds since 1970. */
  async removeEndedBefore(date: number): Promise<void> {
    for (const entry of [...this.entries]) {
      const { standing, endedAt } = entry.record.job;
      if (standing.kind === 'ended' && (endedAt ?? 0) < date) await this.remove(entry);
    }
  }

  /** `told` gets the id of each job that changes or goes. Answers how to stop that. */
  watch(told: (id: string) => void): () => void {
    return this.#entries.watch(told);
  }

  /** Resolves when everything is on the disk that could be written. */
  saved(): Promise<void> {
    return this.#entries.saved();
  }

  #save(entry: Entry, what: 'progress' | 'step'): void {
    if (entry.unsaved !== 'step') entry.unsaved = what;
    if (entry.saving === null) void this.#saving(entry, this.#drain(entry));
  }

  /** Has `saved` wait for it. */
  #saving(entry: Entry, work: Promise<void>): Promise<void> {
    return (entry.saving = work.finally(() => (entry.saving = null)));
  }

  /** Of several changes that queue up only the newest is written. */
  async #drain(entry: Entry): Promise<void> {
    while (entry.unsaved !== 'nothing') {
      const isDurable = entry.unsaved === 'step';
      entry.unsaved = 'nothing';
      entry.savedAt = performance.now();
      await this.#write(entry.record, isDurable);
    }
  }

  async #write(record: JobRecord, isDurable: boolean): Promise<void> {
    try {
      await this.#records.write(record, isDurable);
    } catch (error) {
      // The update itself goes on; after a restart the host knows less of it.
      if (this.#troubles.isDue('records')) this.#trouble(jobsNotWrittenText(reasonOf(error)));
    }
  }
}

function changed(record: JobRecord, [job, more]: RecordChange): JobRecord {
  return { ...record, ...more, job: { ...record.job, ...job } };
}
