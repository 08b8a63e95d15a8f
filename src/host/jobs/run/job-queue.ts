/** Whose turn it is: so many updates at a time, and one job per device. */
import { UpdateControls } from '../../../update/controls.ts';
import type { Job } from '../../../model/jobs/job.ts';
import { readTarget } from '../../gateway/target.ts';
import type { Entry } from '../job-list.ts';
import type { AtDevice, DeviceLocks } from '../kept/device-locks.ts';
import type { LoadedFirmware } from './loaded-firmware.ts';
import {
  cancelledInQueue,
  learnFrom,
  recordAtEnd,
  runJob,
  statusUrl,
  tellEnd,
  type EndedRun,
  type RunParts,
} from './run-job.ts';

export interface QueueLimits {
  readonly running: number;
  /** Bytes of firmware in memory, from which on nothing starts that needs another file. */
  readonly loadedBytes: number;
  /** Milliseconds that updates have to come to a rest when the host stops. */
  readonly grace: number;
}

export interface QueueParts extends Omit<RunParts, 'isStopping'> {
  readonly locks: DeviceLocks;
  readonly loaded: LoadedFirmware;
  readonly limits: QueueLimits;
  /** Told of errors that should not happen. */
  readonly surprise: (error: unknown) => void;
  /** Told of each update that has ended. */
  readonly ended: (job: Job) => void;
}

export class JobQueue {
  readonly #parts: QueueParts;
  readonly #waiting = new Set<Entry>();
  readonly #running = new Map<Entry, Promise<void>>();
  readonly #locks = new Map<string, Entry>();
  /** What updates that have ended leave to be remembered. */
  readonly #learning = new Set<Promise<void>>();
  #stopping = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /**
   * Keeps everything else of this data folder off the job's device: the host's other jobs, and commands. Answers who is
   * there already; null: it is this job's from now on. Throws Node's error where that cannot be written down.
   */
  claim(job: Job): AtDevice | null {
    const place = lockOf(job);
    const other = this.#locks.get(place)?.record.job;
    if (other !== undefined) return { by: other.by, since: other.startedAt ?? other.createdAt };
    return this.#parts.locks.take(place, job.by);
  }

  /** Whether the device could be claimed, for a start that nobody waits for: on a full disk the person is offered it. */
  claimsQuietly(job: Job): boolean {
    try {
      return this.claim(job) === null;
    } catch {
      return false;
    }
  }

  /** Notes whose the claimed device is, before the job is in the queue. */
  hold(entry: Entry): void {
    this.#locks.set(lockOf(entry.record.job), entry);
  }

  letGo(entry: Entry): void {
    const lock = lockOf(entry.record.job);
    if (this.#locks.get(lock) !== entry) return;
    this.#locks.delete(lock);
    this.#parts.locks.letGo(lock);
  }

  /** The job starts when its turn comes. */
  add(entry: Entry): void {
    this.hold(entry);
    this.#waiting.add(entry);
    this.startNext();
  }

  /** Cancels a job that has not started. */
  drop(entry: Entry): void {
    if (!this.#waiting.delete(entry)) return;
    const { list, clock } = this.#parts;
    tellEnd(list, entry, cancelledInQueue(entry, clock.date()));
    this.letGo(entry);
  }

  /** Lets updates come to a rest, as a pause does, and writes down where they are. */
  async stop(): Promise<void> {
    const { list, limits } = this.#parts;
    this.#stopping = true;
    for (const { controls } of this.#running.keys()) controls?.pause();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, limits.grace)));
    await Promise.race([Promise.all(this.#running.values()).then(() => Promise.all(this.#learning)), grace]);
    clearTimeout(timer);
    for (const entry of [...this.#locks.values()]) this.letGo(entry);
    await list.saved();
  }

  /** Starts what may run by now. One that is paused holds up nobody. */
  startNext(): void {
    const { loaded, limits } = this.#parts;
    for (const entry of this.#waiting) {
      const active = [...this.#running.keys()].filter(({ record }) => record.job.standing.kind !== 'paused').length;
      if (this.#stopping || active >= limits.running) return;
      const { sha256, size } = entry.record.job.firmware;
      const isRoom = loaded.isHeld(sha256) || loaded.bytes === 0 || loaded.bytes + size <= limits.loadedBytes;
      // One with a file that is in memory may go before it.
      if (!isRoom) continue;
      this.#waiting.delete(entry);
      this.#running.set(entry, this.#start(entry));
    }
  }

  async #start(entry: Entry): Promise<void> {
    const { list, loaded, clock, surprise, ended } = this.#parts;
    const controls = new UpdateControls();
    entry.controls = controls;
    list.change(entry, { standing: { kind: 'running' }, startedAt: clock.date(), endedAt: null });
    const leasing = loaded.lease(entry.record.job.firmware.sha256);
    let end: EndedRun | null = null;
    try {
      const lease = await leasing;
      if (lease === null) throw new Error('a job without its firmware');
      try {
        end = await runJob(entry, lease, controls, { ...this.#parts, isStopping: () => this.#stopping });
      } finally {
        lease.release();
      }
    } catch (error) {
      surprise(error);
    }
    entry.controls = null;
    // While the device is still claimed, or whoever reads the folder just then would take the job for one that was killed.
    if (end !== null) await list.writeAhead(entry, ...recordAtEnd(end)).catch(surprise);
    // Nothing is awaited from here on: whoever hears of the end may start the next update of the device at once.
    this.#running.delete(entry);
    this.letGo(entry);
    try {
      if (end !== null) {
        tellEnd(list, entry, end);
        ended(entry.record.job);
        this.#learn(entry, end);
      }
      // At a stop the record says what it was at, and the next start makes an offer of it.
      else if (!this.#stopping) list.change(entry, { standing: { kind: 'offers-to-go-on' } });
    } catch (error) {
      surprise(error);
    }
    this.startNext();
  }

  #learn(entry: Entry, end: EndedRun): void {
    const learning: Promise<void> = learnFrom(this.#parts.sizes, entry, end)
      .catch(this.#parts.surprise)
      .finally(() => this.#learning.delete(learning));
    this.#learning.add(learning);
  }
}

/** The same for every way to write one device's address. */
export function lockOf({ device }: Pick<Job, 'device'>): string {
  const url = statusUrl(device);
  const read = readTarget('GET', url);
  if (read.kind !== 'target') return url;
  const { scheme, host, port, path } = read.target;
  return `${scheme} ${host} ${port} ${path}`;
}
