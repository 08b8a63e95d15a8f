import type { WritableAtom } from 'nanostores';
import { sha256 } from '../../firmware/bytes/digest.ts';
import type { HostRollout, RolloutNews } from '../../model/jobs/host-rollout.ts';
import type { JobEvent } from '../../model/jobs/job-events.ts';
import type { Job } from '../../model/jobs/job.ts';
import { keyInHash, memberKeyText } from '../../model/jobs/member-key.ts';
import type { JobKeys, JobRef, KeptJob } from '../../model/page/job-calls.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';
import type { FollowedRollout, JobsState } from '../jobs/jobs.ts';
import { viewOf, type Merged } from './host-rollout-view.ts';
import { ROLLOUT_KEY } from './rollout-key.ts';

export interface OwnRolloutParts {
  readonly jobs: Pick<JobsState, 'draw'>;
  readonly keys: JobKeys;
  readonly view: WritableAtom<RolloutView>;
  /** Told of each question of the host's, once; null: it asks no more. */
  readonly asks: (asking: HostRollout | null) => void;
  /** The host knows it no more. */
  readonly gone: () => void;
}

/** The key of each of its jobs, by job: made of the rollout's own. */
export async function memberKeys(key: string, rollout: HostRollout): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const { job } of rollout.devices) {
    keys.set(job, keyInHash(await sha256(new TextEncoder().encode(memberKeyText(key, job)))));
  }
  return keys;
}

/** The host's rollout that this page follows: what is heard of it and its jobs, and how that is drawn. */
export class OwnRollout implements FollowedRollout {
  readonly #parts: OwnRolloutParts;
  readonly #keys: ReadonlyMap<string, string>;
  /** `endedAt` of each job that was told in this visit. */
  readonly #told = new Map<string, number>();
  #kept: KeptJob;
  #merged: Merged;
  #onHost: 'heard' | 'away' = 'heard';
  /** What was asked about already. */
  #asked = '';

  /** `ids`: the saved device of each job; `keys`: the job's own. */
  constructor(
    parts: OwnRolloutParts,
    kept: KeptJob,
    rollout: HostRollout,
    ids: ReadonlyMap<string, string>,
    keys: ReadonlyMap<string, string>,
  ) {
    this.#parts = parts;
    this.#kept = kept;
    this.#keys = keys;
    this.#merged = { rollout, lines: new Map(rollout.lines), ids };
    this.#draw();
  }

  get ref(): JobRef {
    return this.#kept;
  }

  get rollout(): HostRollout {
    return this.#merged.rollout;
  }

  /** The saved device of each job. */
  get ids(): ReadonlyMap<string, string> {
    return this.#merged.ids;
  }

  hear(event: JobEvent, isDrawn: boolean): void {
    switch (event.kind) {
      case 'job':
        this.#hearJob(event.job, isDrawn);
        break;
      case 'rollout':
        if (event.rollout.id === this.#kept.id) this.#hearNews(event.rollout);
        break;
      case 'gone':
        if (event.id === this.#kept.id) this.#parts.gone();
        break;
    }
  }

  showHostAway(isAway: boolean): void {
    this.#onHost = isAway ? 'away' : 'heard';
    this.#draw();
  }

  /** The host's answer to an order. */
  hearWhole(rollout: HostRollout): void {
    this.#merged = { ...this.#merged, rollout, lines: new Map(rollout.lines) };
    this.#draw();
  }

  #hearJob(job: Job, isDrawn: boolean): void {
    const key = this.#keys.get(job.id);
    const deviceId = this.#merged.ids.get(job.id);
    if (key === undefined || deviceId === undefined) return;
    const { endedAt } = job;
    // What ended before the last end that an earlier visit told is in the history.
    const isTold = endedAt !== null && (this.#told.get(job.id) === endedAt || endedAt <= (this.#kept.toldAt ?? -1));
    if (!isDrawn) this.#parts.jobs.draw(deviceId, { id: job.id, key, toldAt: isTold ? endedAt : null }, job);
    if (endedAt === null || isTold) return;
    this.#told.set(job.id, endedAt);
    this.#kept = { ...this.#kept, toldAt: Math.max(endedAt, this.#kept.toldAt ?? 0) };
    void this.#parts.keys.write(ROLLOUT_KEY, this.#kept);
  }

  #hearNews({ devices, lines: changed, ...facts }: RolloutNews): void {
    const { rollout, lines: before } = this.#merged;
    const members = devices === null ? rollout.devices : rollout.devices.filter(({ job }) => devices.includes(job));
    const known = members.map(({ job }) => [job, before.get(job) ?? WAITING] as const);
    const lines = new Map(devices === null ? before : known);
    for (const [job, line] of changed) lines.set(job, line);
    this.#merged = { ...this.#merged, rollout: { ...facts, devices: members, lines: [...lines] }, lines };
    this.#draw();
  }

  #draw(): void {
    this.#parts.view.set(viewOf(this.#merged, this.#onHost));
    const { rollout } = this.#merged;
    const question = rollout.asks.join();
    if (question === this.#asked) return;
    this.#asked = question;
    this.#parts.asks(question === '' ? null : rollout);
  }
}

const WAITING = { kind: 'waiting' } as const;
