/**
 * Rollouts as they lie in the data folder: two files each, whole or not at all. The plan is written when a rollout is
 * made or started again; how it stands, which is small, with every step.
 */
import * as v from 'valibot';
import type { HostRolloutFacts } from '../../model/jobs/host-rollout.ts';
import type { JobDevice, JobFirmware } from '../../model/jobs/job.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import type { RolloutLine } from '../../model/rollout/rollout-state.ts';
import { RECORD as PLAN_FILE, RecordFolder, type ReadRecord } from '../data/record-folder.ts';
import type { JobNetwork } from '../jobs/run/job-fetch.ts';
import { device, JOB_ID, SHA256 } from '../jobs/job-shapes.ts';
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
  // Lines of the policy, written by this very program.
  lines: v.array(
    v.tuple([v.string(), v.custom<RolloutLine>((line) => typeof line === 'object' && line !== null && 'kind' in line)]),
  ),
});

const STANDING_FILE = '.now';

export class RolloutRecords {
  readonly #folder: RecordFolder;

  constructor(folder: string, trouble: (sentence: string) => void) {
    this.#folder = new RecordFolder(folder, trouble);
  }

  /** As `JobRecords.load`. Rejects with Node's error. */
  async load(): Promise<readonly RolloutRecord[]> {
    const isLeft = (name: string, all: readonly string[]): boolean =>
      name.endsWith(STANDING_FILE) && !all.includes(name.replace(STANDING_FILE, PLAN_FILE));
    return byAge(await this.#folder.load(readRecord, isLeft));
  }

  /** As `JobRecords.look`. */
  async look(): Promise<readonly RolloutRecord[]> {
    return byAge(await this.#folder.look(readRecord));
  }

  async writePlan(plan: KeptPlan): Promise<void> {
    const kept: v.InferInput<typeof PLAN> = { ...plan, members: [...plan.members] };
    await this.#folder.write(plan.id, PLAN_FILE, { version: 1, ...kept });
  }

  async writeStanding(id: string, now: KeptStanding, lines: ReadonlyMap<string, RolloutLine>): Promise<void> {
    const told = [...lines].filter(([, { kind }]) => kind !== 'waiting' && kind !== 'looking');
    const kept: v.InferInput<typeof STANDING> = {
      ...now,
      forgiven: [...now.forgiven],
      lines: told.map(([job, line]) => [job, line.kind === 'ended' ? { ...line, whole: null } : line]),
    };
    await this.#folder.write(id, STANDING_FILE, kept);
  }

  /** Resolves when it is gone, or cannot be and that was told. The plan goes first: without it the rest is nothing. */
  async remove(id: string): Promise<void> {
    for (const ending of [PLAN_FILE, STANDING_FILE]) await this.#folder.remove(id, ending);
  }
}

function byAge(records: readonly RolloutRecord[]): readonly RolloutRecord[] {
  return records.toSorted((one, other) => one.plan.createdAt - other.plan.createdAt);
}

const readRecord: ReadRecord<RolloutRecord> = async (id, json) => {
  const kept = await json(PLAN_FILE);
  v.parse(VERSION, kept);
  const plan = v.parse(PLAN, kept);
  if (plan.id !== id) return null;
  const { lines, ...now } = v.parse(STANDING, await json(STANDING_FILE));
  return { plan, now, lines: new Map(lines.map(([job, line]) => [job, asSkipped(line)])) };
};

/** What a version before 0.3.0 kept of a device that it skipped had another name. */
function asSkipped(line: RolloutLine): RolloutLine {
  const kept: { readonly kind: string } = line;
  return kept.kind === 'left-out' ? { ...(line as Extract<RolloutLine, { kind: 'skipped' }>), kind: 'skipped' } : line;
}
