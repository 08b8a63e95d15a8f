/**
 * Rollouts as they lie in the data folder: two files each, whole or not at all. The plan is written when a rollout is
 * made or started again; how it stands, which is small, with every step.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { HostRolloutFacts } from '../../model/jobs/host-rollout.ts';
import type { JobDevice, JobFirmware } from '../../model/jobs/job.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import type { RolloutLine } from '../../model/rollout/rollout-state.ts';
import { DataError, isMissing, reasonOf } from '../data/data-error.ts';
import { setAside } from '../data/set-aside.ts';
import { makePrivateFolder, writeWhole } from '../data/user-data.ts';
import type { JobNetwork } from '../jobs/job-fetch.ts';
import { device, JOB_ID, SHA256 } from '../jobs/job-shapes.ts';
import { notRemovedText } from '../../words/host/jobs.ts';
import { options } from './rollout-shapes.ts';

/** One device, with what is nobody's to see. */
export interface KeptMember {
  readonly job: string;
  readonly device: JobDevice;
  /** SHA-256 of its job's key, in hex. */
  readonly keySha256: string;
  /** Whether the device asks for something. */
  readonly needsSecrets: boolean;
  /** Sealed for the device's place; null where they are not kept. */
  readonly sealed: string | null;
}

export interface KeptPlan {
  readonly id: string;
  readonly keySha256: string;
  readonly network: JobNetwork;
  readonly owner: string;
  readonly by: string;
  readonly createdAt: number;
  readonly firmware: JobFirmware;
  readonly options: RolloutOptions;
  readonly restart: boolean;
  readonly unattended: boolean;
  readonly goesOnByItself: boolean;
  readonly keepsSecrets: boolean;
  readonly members: readonly KeptMember[];
}

/** How it stands. */
export interface KeptStanding extends Pick<
  HostRolloutFacts,
  'standing' | 'finishing' | 'phase' | 'width' | 'stopped' | 'startedAt' | 'endedAt'
> {
  /** As `RolloutPlan` has it. */
  readonly forgiven: readonly string[];
}

export interface RolloutRecord {
  readonly plan: KeptPlan;
  readonly now: KeptStanding;
  /** Of devices that have one by now. Of one that has ended the jobs know more. */
  readonly lines: ReadonlyMap<string, RolloutLine>;
}

const time = v.pipe(v.number(), v.integer());
const hash = v.pipe(v.string(), v.regex(SHA256));
const text = v.nullable(v.string());
const jobId = v.pipe(v.string(), v.regex(JOB_ID));

const VERSION = v.object({ version: v.literal(1) });

const PLAN = v.object({
  id: jobId,
  keySha256: hash,
  network: v.union([v.literal('here'), v.object({ local: v.string(), remote: v.string() })]),
  owner: v.string(),
  by: v.string(),
  createdAt: time,
  firmware: v.object({ sha256: hash, size: v.number(), name: v.string(), version: text, project: text }),
  options,
  restart: v.boolean(),
  unattended: v.boolean(),
  goesOnByItself: v.boolean(),
  keepsSecrets: v.boolean(),
  members: v.array(v.object({ job: jobId, device, keySha256: hash, needsSecrets: v.boolean(), sealed: text })),
});

const STANDING = v.object({
  standing: v.picklist(['waiting-for-token', 'running', 'paused', 'offers-to-go-on', 'ended']),
  finishing: v.boolean(),
  phase: v.picklist(['looking', 'first-wave', 'asking', 'rolling', 'paused', 'finishing', 'ended']),
  width: v.number(),
  stopped: v.nullable(v.picklist(['person', 'first-wave', 'stop-mark'])),
  startedAt: v.nullable(time),
  endedAt: v.nullable(time),
  forgiven: v.array(v.string()),
  // The policy's own words, written by this very program.
  lines: v.array(
    v.tuple([v.string(), v.custom<RolloutLine>((line) => typeof line === 'object' && line !== null && 'kind' in line)]),
  ),
});

const PLAN_FILE = '.json';
const STANDING_FILE = '.now';

export class RolloutRecords {
  readonly #folder: string;
  readonly #trouble: (sentence: string) => void;

  constructor(folder: string, trouble: (sentence: string) => void) {
    this.#folder = folder;
    this.#trouble = trouble;
  }

  /** As `JobRecords.load`. Rejects with Node's error. */
  async load(): Promise<readonly RolloutRecord[]> {
    makePrivateFolder(this.#folder);
    const names = await readdir(this.#folder);
    for (const name of names) {
      const isLeft = name.endsWith(STANDING_FILE) && !names.includes(name.replace(STANDING_FILE, PLAN_FILE));
      if (name.endsWith('.new') || isLeft) await rm(join(this.#folder, name), { force: true });
    }
    return this.#read((file, error) => setAside('job', file, error));
  }

  /** As `JobRecords.look`. */
  async look(): Promise<readonly RolloutRecord[]> {
    try {
      return await this.#read(
        (file, error) => new DataError({ kind: 'list-not-read', list: 'job', file, reason: reasonOf(error) }),
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async writePlan(plan: KeptPlan): Promise<void> {
    const kept: v.InferInput<typeof PLAN> = { ...plan, members: [...plan.members] };
    await writeWhole(this.#fileOf(plan.id, PLAN_FILE), JSON.stringify({ version: 1, ...kept }));
  }

  async writeStanding(id: string, now: KeptStanding, lines: ReadonlyMap<string, RolloutLine>): Promise<void> {
    const told = [...lines].filter(([, { kind }]) => kind !== 'waiting' && kind !== 'looking');
    const kept: v.InferInput<typeof STANDING> = {
      ...now,
      forgiven: [...now.forgiven],
      lines: told.map(([job, line]) => [job, line.kind === 'ended' ? { ...line, whole: null } : line]),
    };
    await writeWhole(this.#fileOf(id, STANDING_FILE), JSON.stringify(kept));
  }

  /** Resolves when it is gone, or cannot be and that was told. The plan goes first: without it the rest is nothing. */
  async remove(id: string): Promise<void> {
    for (const kind of [PLAN_FILE, STANDING_FILE]) {
      const file = this.#fileOf(id, kind);
      try {
        await rm(file, { force: true });
      } catch (error) {
        this.#trouble(notRemovedText(file, reasonOf(error)));
      }
    }
  }

  async #read(damaged: (file: string, error: unknown) => DataError): Promise<readonly RolloutRecord[]> {
    const records: RolloutRecord[] = [];
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith(PLAN_FILE)) continue;
      let file = join(this.#folder, name);
      try {
        const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
        v.parse(VERSION, kept);
        const plan = v.parse(PLAN, kept);
        if (plan.id !== name.slice(0, -PLAN_FILE.length)) continue;
        file = this.#fileOf(plan.id, STANDING_FILE);
        const { lines, ...now } = v.parse(STANDING, JSON.parse(await readFile(file, 'utf8')));
        records.push({ plan, now, lines: new Map(lines) });
      } catch (error) {
        // The host may have forgotten one meanwhile.
        if (!isMissing(error)) this.#trouble(damaged(file, error).message);
      }
    }
    return records.sort((one, other) => one.plan.createdAt - other.plan.createdAt);
  }

  /** `id`: checked by whoever made the record, so that it is no path. */
  #fileOf(id: string, kind: string): string {
    return join(this.#folder, `${id}${kind}`);
  }
}
