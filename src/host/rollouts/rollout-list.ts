/** The rollouts that a host has: found by key, changed in one place, written down, and watched. */
import type { HostRollout, HostRolloutFacts, RolloutNews } from '../../model/jobs/host-rollout.ts';
import type { Secrets } from '../../model/device/secrets/secrets.ts';
import type { RolloutLine } from '../../model/rollout/rollout-state.ts';
import type { RolloutControls } from '../../rollout/controls.ts';
import { jobsNotWrittenText } from '../../words/host/jobs.ts';
import { reasonOf } from '../data/data-error.ts';
import { TROUBLE_EVERY_MS, type JobList } from '../jobs/job-list.ts';
import { KeptEntries } from '../jobs/kept-entries.ts';
import { OnceIn } from '../once-in.ts';
import type { KeptPlan, KeptStanding, RolloutRecord, RolloutRecords } from './rollout-records.ts';

/** A rollout with what is in memory only. `RolloutList` alone changes what is told of it. */
export interface RolloutEntry {
  plan: KeptPlan;
  now: KeptStanding;
  /** By job, in the plan's order. */
  lines: ReadonlyMap<string, RolloutLine>;
  asks: readonly string[];
  /** By job; what is not in it the host does not have. */
  readonly secrets: Map<string, Secrets>;
  /** While it runs. */
  controls: RolloutControls | null;
  /** While it asks. */
  agree: ((yes: boolean) => void) | null;
  /** Of its last change, of that of each line, and of the last time that it was about other devices than before. */
  sequence: number;
  readonly lineSequences: Map<string, number>;
  devicesSequence: number;
  saving: Promise<void> | null;
  isUnsaved: boolean;
  isPlanUnsaved: boolean;
}

const WAITING: RolloutLine = { kind: 'waiting' };

type Records = Pick<RolloutRecords, 'writePlan' | 'writeStanding' | 'remove'>;

export class RolloutList {
  readonly #records: Records;
  readonly #jobs: JobList;
  readonly #trouble: (sentence: string) => void;
  readonly #troubles = new OnceIn(TROUBLE_EVERY_MS);
  readonly #entries = new KeptEntries<RolloutEntry>(({ plan }) => plan.keySha256);

  constructor(records: Records, jobs: JobList, trouble: (sentence: string) => void) {
    this.#records = records;
    this.#jobs = jobs;
    this.#trouble = trouble;
  }

  /** In the order that they were made. */
  get entries(): Iterable<RolloutEntry> {
    return this.#entries.all;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** As `JobList.find`. */
  find(id: string, key: string): RolloutEntry | null {
    return this.#entries.find(id, key);
  }

  add({ plan, now, lines }: RolloutRecord, secrets: ReadonlyMap<string, Secrets>): RolloutEntry {
    const sequence = this.#jobs.count();
    const entry: RolloutEntry = {
      ...{ plan, now, asks: [], secrets: new Map(secrets), controls: null, agree: null },
      lines: new Map(plan.members.map(({ job }) => [job, lines.get(job) ?? WAITING])),
      ...{ sequence, lineSequences: new Map(), devicesSequence: sequence, saving: null, isUnsaved: false },
      isPlanUnsaved: false,
    };
    for (const { job } of plan.members) entry.lineSequences.set(job, sequence);
    this.#entries.add(plan.id, entry);
    return entry;
  }

  /** Writes both of its files now. Rejects with Node's error. */
  async keep({ plan, now, lines }: RolloutEntry): Promise<void> {
    await this.#records.writeStanding(plan.id, now, lines);
    await this.#records.writePlan(plan);
  }

  /** Its plan is written down before how it stands from then on. What is told of it does not change by that. */
  setPlan(entry: RolloutEntry, plan: KeptPlan): void {
    entry.plan = plan;
    entry.isPlanUnsaved = true;
    this.#save(entry);
  }

  /** What changes is told, and written down. `lines`: all of them; what is the very same object as before has not changed. */
  change(
    entry: RolloutEntry,
    change: Partial<KeptStanding> & { readonly asks?: readonly string[] },
    lines: ReadonlyMap<string, RolloutLine> = entry.lines,
  ): void {
    const { asks = entry.asks, ...now } = change;
    const sequence = this.#jobs.count();
    entry.sequence = sequence;
    entry.asks = asks;
    entry.now = { ...entry.now, ...now };
    for (const [job, line] of lines) if (entry.lines.get(job) !== line) entry.lineSequences.set(job, sequence);
    entry.lines = lines;
    this.#save(entry);
    this.#entries.tell(entry.plan.id);
  }

  /** Leaves the rollout these devices alone, by their jobs, each of them waiting. */
  narrow(entry: RolloutEntry, jobs: ReadonlySet<string>): void {
    const sequence = this.#jobs.count();
    const members = entry.plan.members.filter(({ job }) => jobs.has(job));
    this.setPlan(entry, { ...entry.plan, members });
    entry.devicesSequence = sequence;
    entry.lineSequences.clear();
    for (const { job } of members) entry.lineSequences.set(job, sequence);
    for (const job of [...entry.secrets.keys()]) if (!jobs.has(job)) entry.secrets.delete(job);
    this.change(entry, {}, new Map(members.map(({ job }) => [job, WAITING])));
  }

  async remove(entry: RolloutEntry): Promise<void> {
    const { id } = entry.plan;
    if (!this.#entries.delete(id)) return;
    this.#jobs.count();
    entry.isUnsaved = false;
    entry.isPlanUnsaved = false;
    this.#entries.tell(id);
    await entry.saving;
    await this.#records.remove(id);
  }

  /** As `JobList.removeEndedBefore`. */
  async removeEndedBefore(date: number): Promise<void> {
    for (const entry of [...this.entries]) {
      const { standing, endedAt } = entry.now;
      if (standing === 'ended' && (endedAt ?? 0) < date) await this.remove(entry);
    }
  }

  /** `told` gets the id of each rollout that changes or goes. Answers how to stop that. */
  watch(told: (id: string) => void): () => void {
    return this.#entries.watch(told);
  }

  /** Resolves when everything is on the disk that could be written. */
  saved(): Promise<void> {
    return this.#entries.saved();
  }

  #save(entry: RolloutEntry): void {
    entry.isUnsaved = true;
    entry.saving ??= this.#drain(entry).finally(() => (entry.saving = null));
  }

  /** Of several changes that queue up only the newest is written. */
  async #drain(entry: RolloutEntry): Promise<void> {
    // What one turn of the loop changes is written once.
    await Promise.resolve();
    while (entry.isUnsaved) {
      entry.isUnsaved = false;
      try {
        if (entry.isPlanUnsaved) {
          entry.isPlanUnsaved = false;
          // A rollout that is about fewer devices than before must not find the others still to come.
          await this.#records.writePlan(entry.plan);
        }
        await this.#records.writeStanding(entry.plan.id, entry.now, entry.lines);
      } catch (error) {
        // The rollout itself goes on; its jobs are written down one by one.
        if (this.#troubles.isDue('rollouts')) this.#trouble(jobsNotWrittenText(reasonOf(error)));
      }
    }
  }
}

/** A rollout as it is. */
export function wholeOf(entry: Pick<RolloutEntry, 'plan' | 'now' | 'asks' | 'lines'>): HostRollout {
  return {
    ...factsOf(entry),
    devices: entry.plan.members.map(({ job, device }) => ({ job, device })),
    lines: [...entry.lines],
  };
}

/** As its record has it. */
export function wholeIn({ plan, now, lines }: RolloutRecord): HostRollout {
  const all = plan.members.map(({ job }) => [job, lines.get(job) ?? WAITING] as const);
  return wholeOf({ plan, now, asks: [], lines: new Map(all) });
}

/** What is new of it since the event that a page has seen; `seen` null: everything. */
export function newsOf(entry: RolloutEntry, seen: number | null): RolloutNews {
  const { lines, lineSequences, devicesSequence, plan } = entry;
  const isNew = (sequence: number): boolean => seen === null || sequence > seen;
  return {
    ...factsOf(entry),
    devices: isNew(devicesSequence) ? plan.members.map(({ job }) => job) : null,
    lines: [...lines].filter(([job]) => isNew(lineSequences.get(job) ?? 0)),
  };
}

function factsOf({ plan, now, asks }: Pick<RolloutEntry, 'plan' | 'now' | 'asks'>): HostRolloutFacts {
  const { id, firmware, options, goesOnByItself, keepsSecrets, by, createdAt } = plan;
  const { standing, finishing, phase, width, stopped, startedAt, endedAt } = now;
  return {
    ...{ id, firmware, options, standing, finishing, phase, width, stopped, asks },
    ...{ goesOnByItself, keepsSecrets, by, createdAt, startedAt, endedAt },
  };
}
