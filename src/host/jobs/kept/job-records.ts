/** Jobs as they lie in the data folder: one file each, whole or not at all. */
import * as v from 'valibot';
import type { Job } from '../../../model/jobs/job.ts';
import type { UpdateState } from '../../../model/update/update-state.ts';
import { RECORD as FILE, RecordFolder, type ReadRecord } from '../../data/record-folder.ts';
import type { JobNetwork } from '../run/job-fetch.ts';
import { JOB_ID, readJobParts, SHA256 } from '../job-shapes.ts';

/** A job with what is nobody's to see. */
export interface JobRecord {
  readonly job: Job;
  /** SHA-256 of its key, in hex. */
  readonly keySha256: string;
  readonly network: JobNetwork;
  /** Who made it, for counting: a paired browser's id, or an address. */
  readonly owner: string;
  /** Sealed for the device's place; null where they are not kept. */
  readonly sealed: string | null;
  /** Whether it was given secrets, so that it lacks them after a restart where they are not kept. */
  readonly needsSecrets: boolean;
  /** Id of the rollout that it belongs to; null: it was made by itself. */
  readonly rollout: string | null;
}

const time = v.pipe(v.number(), v.integer());
/** A state of the engine, written by this very program, and so checked no further than to be one. */
const state = v.custom<UpdateState>(
  (value) => typeof value === 'object' && value !== null && 'phase' in value && 'progress' in value,
);
const text = v.nullable(v.string());

const RECORD = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.regex(JOB_ID)),
  parts: v.unknown(),
  firmware: v.object({
    sha256: v.pipe(v.string(), v.regex(SHA256)),
    size: v.number(),
    name: v.string(),
    version: text,
    project: text,
  }),
  standing: v.picklist(['waiting-for-token', 'queued', 'running', 'paused', 'offers-to-go-on', 'ended']),
  update: v.nullable(state),
  goesOnByItself: v.boolean(),
  by: v.string(),
  createdAt: time,
  startedAt: v.nullable(time),
  endedAt: v.nullable(time),
  keySha256: v.pipe(v.string(), v.regex(SHA256)),
  network: v.union([v.literal('here'), v.object({ local: v.string(), remote: v.string() })]),
  owner: v.string(),
  sealed: text,
  needsSecrets: v.boolean(),
  rollout: v.optional(text, null),
});

export class JobRecords {
  readonly #folder: RecordFolder;

  constructor(folder: string, trouble: (sentence: string) => void) {
    this.#folder = new RecordFolder(folder, trouble);
  }

  /** What is there; a file that cannot be read is named, and set aside. Rejects with Node's error where the folder cannot be. */
  async load(): Promise<readonly JobRecord[]> {
    return byAge(await this.#folder.load(readRecord));
  }

  /** As `load`, for a caller that only looks: nothing is changed, and no folder means no jobs. */
  async look(): Promise<readonly JobRecord[]> {
    return byAge(await this.#folder.look(readRecord));
  }

  /** Rejects with Node's error. */
  async write({ job, ...rest }: JobRecord, isDurable: boolean): Promise<void> {
    const { id, device, plan, firmware, standing, update, goesOnByItself, by, createdAt, startedAt, endedAt } = job;
    const kept: v.InferInput<typeof RECORD> = {
      ...{ version: 1 as const, id, parts: { device, plan }, firmware, standing: standing.kind },
      ...{ update, goesOnByItself, by, createdAt, startedAt, endedAt },
      ...rest,
    };
    await this.#folder.write(id, FILE, kept, isDurable);
  }

  /** Resolves when it is gone, or cannot be and that was told. */
  async remove(id: string): Promise<void> {
    await this.#folder.remove(id, FILE);
  }
}

function byAge(records: readonly JobRecord[]): readonly JobRecord[] {
  return records.toSorted((one, other) => one.job.createdAt - other.job.createdAt);
}

const readRecord: ReadRecord<JobRecord> = async (id, json) => {
  const record = recordIn(await json(FILE));
  return record.job.id === id ? record : null;
};

/** @throws ValiError where it is none */
function recordIn(value: unknown): JobRecord {
  const kept = v.parse(RECORD, value);
  const { device, plan } = readJobParts(kept.parts);
  const { update, standing, sealed } = kept;
  const ended = update?.phase === 'ended' ? update : null;
  return {
    job: {
      ...{ id: kept.id, device, plan, firmware: kept.firmware, update },
      // What has no outcome has not ended, whatever it says.
      standing:
        standing === 'ended'
          ? ended === null
            ? { kind: 'offers-to-go-on' }
            : { kind: 'ended', outcome: ended }
          : { kind: standing },
      ...{ goesOnByItself: kept.goesOnByItself, keepsSecrets: sealed !== null, by: kept.by },
      ...{ createdAt: kept.createdAt, startedAt: kept.startedAt, endedAt: kept.endedAt },
    },
    ...{ keySha256: kept.keySha256, network: kept.network, owner: kept.owner, sealed, needsSecrets: kept.needsSecrets },
    rollout: kept.rollout,
  };
}
