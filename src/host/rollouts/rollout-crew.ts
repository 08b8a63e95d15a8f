/** One device of a rollout on the host: looked at before, and updated at its turn, by a job of its own. */
import { LOOK_TIMEOUT_MS } from '../../model/device/link.ts';
import { isWholeImage } from '../../model/device/whole-image-link.ts';
import { placeOf } from '../../model/device/device.ts';
import type { Clock } from '../../model/clock.ts';
import type { JobDevice } from '../../model/jobs/job.ts';
import type { JobRefusal } from '../../model/jobs/job-refusals.ts';
import { failedBefore } from '../../model/update/nothing-sent.ts';
import type { SkipReason, NotReady, Readiness } from '../../model/rollout/rollout-state.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Outcome } from '../../model/update/update-state.ts';
import { notReady, readiness, readinessOfWhole, skipped } from '../../rollout/readiness.ts';
import type { FileJournal } from '../jobs/kept/file-journal.ts';
import type { JobWays } from '../jobs/run/job-fetch.ts';
import type { JobList } from '../jobs/job-list.ts';
import { lockOf } from '../jobs/run/job-queue.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { LoadedFirmware } from '../jobs/run/loaded-firmware.ts';
import { openFor } from '../jobs/run/run-job.ts';
import type { KeptMember } from './rollout-records.ts';
import type { RolloutEntry } from './rollout-list.ts';

export interface RolloutCrewParts {
  readonly list: JobList;
  readonly jobs: Pick<Jobs, 'at' | 'enlist' | 'order'>;
  readonly ways: JobWays;
  readonly journal: FileJournal;
  readonly loaded: LoadedFirmware;
  readonly clock: Clock;
  /** Told of errors that should not happen; the rollout goes on. */
  readonly surprise: (error: unknown) => void;
}

const READY: Readiness = { kind: 'ready' };
const UNDER_WAY: ReadonlySet<string> = new Set(['queued', 'running', 'paused']);

export class RolloutCrew {
  readonly #entry: RolloutEntry;
  readonly #parts: RolloutCrewParts;
  /** Aborts when the host ends: from then on nothing is asked, begun or answered. */
  readonly #stopping: AbortSignal;
  readonly #members: ReadonlyMap<string, KeptMember>;
  /** By job: the name of the device before it that has the same address. */
  readonly #twins: ReadonlyMap<string, string>;

  constructor(entry: RolloutEntry, parts: RolloutCrewParts, stopping: AbortSignal) {
    this.#entry = entry;
    this.#parts = parts;
    this.#stopping = stopping;
    const { members } = entry.plan;
    this.#members = new Map(members.map((member) => [member.job, member]));
    this.#twins = twinsIn(members);
  }

  /** Whether a device can take the firmware now; nothing on it changes. Never rejects. */
  async look(job: string): Promise<Readiness> {
    const { list, jobs, surprise } = this.#parts;
    const member = this.#member(job);
    const twin = this.#twins.get(job);
    if (this.#hasStopped()) return neverAgain();
    if (twin !== undefined) return skipped({ because: 'same', twin });
    // Somebody started its update by itself meanwhile: at its turn its end is waited for.
    if (this.#isUnderWay(job)) return READY;
    if (!this.#hasSecrets(member)) return skipped({ because: 'no-token' });
    try {
      const other = jobs.at(member.device);
      if (other !== null) return skipped({ because: 'host-busy', by: other.by });
      const found = await this.#ask(member, list.get(job)?.secrets ?? null);
      return this.#hasStopped() ? await neverAgain() : found;
    } catch (error) {
      surprise(error);
      return skipped({ because: 'defect' });
    }
  }

  /** Runs one update to its end. Never rejects. */
  async update(job: string): Promise<Outcome | NotReady> {
    if (this.#hasStopped()) return neverAgain();
    try {
      const refusal = this.#isUnderWay(job) ? null : await this.#begin(this.#member(job));
      return refusal === null ? await this.#end(job) : skipped(skipReasonOf(refusal));
    } catch (error) {
      // The disk says no: then its update is not begun, and the next one may be.
      this.#parts.surprise(error);
      return skipped({ because: 'defect' });
    }
  }

  async #ask({ job, device }: KeptMember, kept: Parameters<typeof openFor>[1]): Promise<Readiness> {
    const { ways, clock, journal, loaded } = this.#parts;
    const { network, firmware } = this.#entry.plan;
    const options = { signal: this.#stopping, timeoutMs: LOOK_TIMEOUT_MS };
    const lease = await loaded.lease(firmware.sha256);
    if (lease === null) throw new Error('a rollout without its firmware');
    try {
      const secrets = this.#entry.secrets.get(job) ?? kept;
      const link = await openFor(device, secrets, network, { ways, route: 'gateway', clock })(options);
      const { bytes, inspection } = lease;
      if (isWholeImage(link)) {
        return readinessOfWhole({ inspection, chipId: device.chipId }, link.dialect, await link.identify(options));
      }
      const { dialect, tellsStatus } = link;
      const status = tellsStatus ? await link.status(options) : null;
      return readiness(
        { bytes, inspection, sha256: firmware.sha256, chipId: device.chipId },
        { dialect, status, journal: await journal.read(placeOf(device)), date: clock.date() },
      );
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      return notReady(device.dialect, error);
    } finally {
      lease.release();
    }
  }

  /** Null where its job is in the queue. */
  async #begin({ job, device, keySha256, sealed }: KeptMember): Promise<JobRefusal | null> {
    const { list, jobs } = this.#parts;
    const { plan, secrets } = this.#entry;
    const own = secrets.get(job) ?? null;
    const before = list.get(job);
    if (before !== null) {
      const again = await jobs.order(before, { kind: 'go-on', secrets: own, beginAgain: true });
      return 'refusal' in again ? again.refusal : null;
    }
    const { id: rollout, firmware, restart, network, owner, by } = plan;
    // Whoever starts a rollout has chosen to begin. After a restart the rollout goes on, and not each job by itself.
    const asked = { restart, overruled: [], takeOver: null, beginAgain: true };
    const made = await jobs.enlist(
      { id: job, device, plan: asked, firmware, goesOnByItself: false, by, keySha256, network, owner, sealed, rollout },
      own ?? { token: null, login: null },
    );
    return made.kind === 'refused' ? made.refusal : null;
  }

  /** Resolves with how the job ends, and never where the host does before. */
  #end(job: string): Promise<Outcome> {
    const { list } = this.#parts;
    return new Promise((resolve) => {
      let unwatch: () => void = () => undefined;
      let hasWaited = false;
      const end = (outcome: Outcome): void => {
        unwatch();
        resolve(outcome);
      };
      const look = (): void => {
        const entry = list.get(job);
        const { kind } = entry?.record.job.standing ?? { kind: 'gone' };
        if (this.#hasStopped()) return;
        if (entry?.record.job.standing.kind === 'ended') end(entry.record.job.standing.outcome);
        // A defect of ours stopped it, and somebody had it forgotten then.
        else if (entry === null || kind === 'offers-to-go-on' || kind === 'waiting-for-token') end(this.#broken(job));
        else if (kind === 'queued') hasWaited = true;
        else if (hasWaited) {
          hasWaited = false;
          // Its turn has come in a pause of the whole rollout.
          if (entry.controls !== null && this.#entry.controls?.paused === true) {
            void this.#parts.jobs.order(entry, { kind: 'pause' });
          }
        }
      };
      unwatch = list.watch((id) => {
        if (id === job) look();
      });
      look();
    });
  }

  #broken(job: string): Outcome {
    const { dialect } = this.#member(job).device;
    return failedBefore(dialect, this.#entry.plan.firmware.size, { code: 'aborted', oldFirmware: 'unknown' });
  }

  #hasStopped(): boolean {
    return this.#stopping.aborted;
  }

  #isUnderWay(job: string): boolean {
    return UNDER_WAY.has(this.#parts.list.get(job)?.record.job.standing.kind ?? '');
  }

  #hasSecrets({ job, needsSecrets }: KeptMember): boolean {
    return !needsSecrets || this.#entry.secrets.has(job) || (this.#parts.list.get(job)?.secrets ?? null) !== null;
  }

  #member(job: string): KeptMember {
    const member = this.#members.get(job);
    if (member === undefined) throw new Error('a device that is not of the rollout');
    return member;
  }
}

function skipReasonOf(refusal: JobRefusal): SkipReason {
  if (refusal.kind === 'device-busy') return { because: 'host-busy', by: refusal.by };
  return { because: refusal.kind === 'not-now' ? 'no-token' : 'defect' };
}

function twinsIn(
  members: readonly { readonly job: string; readonly device: JobDevice }[],
): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const { job, device } of members) {
    const lock = lockOf({ device });
    const known = first.get(lock);
    if (known === undefined) first.set(lock, device.name);
    else twins.set(job, known);
  }
  return twins;
}

/** The host ends: whoever waits for an answer is not there to hear it. */
function neverAgain(): Promise<never> {
  return new Promise(() => undefined);
}
