/** Jobs as they lie in the data folder: one file each, whole or not at all. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Job } from '../../model/jobs/job.ts';
import type { UpdateState } from '../../model/update/update-state.ts';
import { DataError, isMissing, reasonOf } from '../data/data-error.ts';
import { setAside } from '../data/set-aside.ts';
import { makePrivateFolder, writeWhole } from '../data/user-data.ts';
import type { JobNetwork } from './job-fetch.ts';
import { JOB_ID, readJobParts, SHA256 } from './job-shapes.ts';
import { notRemovedText } from '../../words/host/jobs.ts';

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
  /** Whether the device asks for nothing, so that nothing is missing after a restart. */
  readonly needsSecrets: boolean;
  /** Id of the rollout that it belongs to; null: it was made by itself. */
  readonly rollout: string | null;
}

const time = v.pipe(v.number(), v.integer());
/** The engine's own words, written by this very program: looked at no further than that they are its. */
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
  readonly #folder: string;
  readonly #trouble: (sentence: string) => void;

  constructor(folder: string, trouble: (sentence: string) => void) {
    this.#folder = folder;
    this.#trouble = trouble;
  }

  /** What is there; a file that cannot be read is named, and set aside. Rejects with Node's error where the folder cannot be. */
  async load(): Promise<readonly JobRecord[]> {
    makePrivateFolder(this.#folder);
    for (const name of await readdir(this.#folder)) {
      if (name.endsWith('.new')) await rm(join(this.#folder, name), { force: true });
    }
    return this.#read((file, error) => setAside('job', file, error));
  }

  /** As `load`, for who only looks: nothing is changed, and no folder is no jobs. */
  async look(): Promise<readonly JobRecord[]> {
    try {
      return await this.#read(
        (file, error) => new DataError({ kind: 'list-not-read', list: 'job', file, reason: reasonOf(error) }),
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async #read(damaged: (file: string, error: unknown) => DataError): Promise<readonly JobRecord[]> {
    const records: JobRecord[] = [];
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith('.json')) continue;
      const file = join(this.#folder, name);
      try {
        const record = recordIn(JSON.parse(await readFile(file, 'utf8')));
        if (record.job.id === name.slice(0, -'.json'.length)) records.push(record);
      } catch (error) {
        // The host may have forgotten one meanwhile.
        if (!isMissing(error)) this.#trouble(damaged(file, error).message);
      }
    }
    return records.sort((one, other) => one.job.createdAt - other.job.createdAt);
  }

  /** Rejects with Node's error. */
  async write({ job, ...rest }: JobRecord, isDurable: boolean): Promise<void> {
    const { id, device, plan, firmware, standing, update, goesOnByItself, by, createdAt, startedAt, endedAt } = job;
    const kept: v.InferInput<typeof RECORD> = {
      ...{ version: 1 as const, id, parts: { device, plan }, firmware, standing: standing.kind },
      ...{ update, goesOnByItself, by, createdAt, startedAt, endedAt },
      ...rest,
    };
    await writeWhole(this.#fileOf(id), JSON.stringify(kept), isDurable);
  }

  /** Resolves when it is gone, or cannot be and that was told. */
  async remove(id: string): Promise<void> {
    const file = this.#fileOf(id);
    try {
      await rm(file, { force: true });
    } catch (error) {
      this.#trouble(notRemovedText(file, reasonOf(error)));
    }
  }

  /** `id`: checked by whoever made the record, so that it is no path. */
  #fileOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

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
