/** A host that runs jobs as a test says, for tests of the page's state. */
import type { JobEvent } from '../../../src/model/jobs/job-events.ts';
import type { CreateJob, FollowJobs, JobOrder } from '../../../src/model/jobs/job-requests.ts';
import type { AgentView } from '../../../src/model/agent/agent-view.ts';
import type { HostRollout } from '../../../src/model/jobs/host-rollout.ts';
import type { CreateRollout, RolloutOrder } from '../../../src/model/jobs/rollout-requests.ts';
import type { Job, JobStanding } from '../../../src/model/jobs/job.ts';
import type {
  HandedFile,
  JobAnswer,
  JobCalls,
  JobRef,
  JobTrouble,
  KeptJob,
} from '../../../src/model/page/job-calls.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import { JobsState } from '../../../src/state/jobs/jobs.ts';
import { LazyJobs } from '../../../src/state/jobs/lazy-jobs.ts';
import { RunChoiceState } from '../../../src/state/jobs/run-choice.ts';
import { givenState, NOW, type Given } from '../given.ts';
import { atom } from 'nanostores';

/** One stream that a page has open. */
interface Stream {
  readonly asked: FollowJobs;
  readonly tell: (event: JobEvent) => void;
}

export class FakeHost implements JobCalls {
  readonly files = new Map<string, Uint8Array>();
  readonly created: CreateJob[] = [];
  readonly orders: JobOrder[] = [];
  readonly jobs = new Map<string, Job>();
  readonly streams: Stream[] = [];
  /** What the next questions are answered, before anything is done. */
  refusals: JobTrouble[] = [];
  /** While it is away, streams do not open. */
  isAway = false;
  /** What it is told of a file on its way, in bytes. */
  sends: readonly number[] = [];
  #sequence = 0;
  #keys = new Map<string, string>();

  async handOver({ sha256, bytes, onSent }: HandedFile): Promise<JobAnswer<null>> {
    for (const sent of this.sends) onSent(sent);
    this.files.set(sha256, bytes);
    return { kind: 'done', value: null };
  }

  async create(asked: CreateJob): Promise<JobAnswer<Job>> {
    this.created.push(asked);
    return this.#refused() ?? { kind: 'done', value: this.add(asked) };
  }

  async read({ id, key }: JobRef): Promise<JobAnswer<Job>> {
    const job = this.#keys.get(id) === key ? this.jobs.get(id) : undefined;
    return job === undefined ? { kind: 'refused', why: { kind: 'no-such-job' } } : { kind: 'done', value: job };
  }

  async order({ id }: JobRef, order: JobOrder): Promise<JobAnswer<Job | null>> {
    this.orders.push(order);
    const refused = this.#refused();
    const job = this.jobs.get(id);
    if (refused !== null || job === undefined) return refused ?? { kind: 'refused', why: { kind: 'no-such-job' } };
    if (order.kind === 'forget') this.jobs.delete(id);
    if (order.kind === 'forget') return { kind: 'done', value: null };
    const standing = AFTER[order.kind];
    return { kind: 'done', value: standing === null ? job : this.change(id, { standing: { kind: standing } }) };
  }

  async createRollout(_: CreateRollout): Promise<JobAnswer<HostRollout>> {
    return NO_ROLLOUTS;
  }

  async agent(): Promise<JobAnswer<AgentView>> {
    return { kind: 'refused', why: { kind: 'no-answer' } };
  }

  orderAgent(): Promise<JobAnswer<AgentView>> {
    return this.agent();
  }

  async readRollout(_: JobRef): Promise<JobAnswer<HostRollout>> {
    return NO_ROLLOUTS;
  }

  async orderRollout(_: JobRef, _order: RolloutOrder): Promise<JobAnswer<HostRollout | null>> {
    return NO_ROLLOUTS;
  }

  async *events(asked: FollowJobs, signal: AbortSignal): AsyncGenerator<JobEvent | { kind: 'open' }> {
    if (this.isAway) return;
    const told: JobEvent[] = [];
    let wake: () => void = () => undefined;
    const tell = (event: JobEvent): void => {
      told.push(event);
      wake();
    };
    signal.addEventListener('abort', () => wake());
    const stream: Stream = { asked, tell };
    this.streams.push(stream);
    yield { kind: 'open' };
    for (const { id, after } of asked.jobs) {
      const job = this.jobs.get(id);
      if (job === undefined) yield { kind: 'gone', ...this.next(), id };
      else if (after === null) yield { kind: 'job', ...this.next(), job };
    }
    yield* this.first(asked);
    while (!signal.aborted) {
      const event = told.shift();
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else yield event;
    }
  }

  get stream(): Stream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('no page follows');
    return stream;
  }

  add({ id, key, device, plan, firmware, goOnByItself, keepSecrets }: CreateJob): Job {
    const size = this.files.get(firmware.sha256)?.length ?? 8;
    const job: Job = {
      ...{ id, device, plan, standing: { kind: 'queued' }, update: null },
      firmware: { ...firmware, size, version: null, project: null },
      ...{ goesOnByItself: goOnByItself, keepsSecrets: keepSecrets, by: 'Chrome on Linux' },
      ...{ createdAt: NOW, startedAt: null, endedAt: null },
    };
    this.#keys.set(id, key);
    this.jobs.set(id, job);
    return job;
  }

  /** Changes a job and tells the pages that follow it. */
  change(id: string, change: Partial<Job>): Job {
    const before = this.jobs.get(id);
    if (before === undefined) throw new Error('no such job');
    const job = { ...before, ...change };
    this.jobs.set(id, job);
    this.streams.at(-1)?.tell({ kind: 'job', ...this.next(), job });
    return job;
  }

  /** It runs, or it has ended, as the engine says. */
  says(id: string, update: UpdateState): Job {
    const standing: JobStanding = update.phase === 'ended' ? { kind: 'ended', outcome: update } : { kind: 'running' };
    return this.change(id, {
      update,
      standing,
      startedAt: NOW,
      endedAt: update.phase === 'ended' ? NOW + 5_000 : null,
    });
  }

  forget(id: string): void {
    this.jobs.delete(id);
    this.stream.tell({ kind: 'gone', ...this.next(), id });
  }

  /** What else is told at first. */
  protected first(_: FollowJobs): readonly JobEvent[] {
    return [];
  }

  protected next(): { host: string; sequence: number } {
    return { host: 'a', sequence: (this.#sequence += 1) };
  }

  #refused(): { readonly kind: 'refused'; readonly why: JobTrouble } | null {
    const why = this.refusals.shift();
    return why === undefined ? null : { kind: 'refused', why };
  }
}

const NO_ROLLOUTS = { kind: 'refused', why: { kind: 'no-such-rollout' } } as const;

const AFTER = {
  pause: 'paused',
  resume: 'running',
  cancel: null,
  'go-on': 'queued',
  'take-over': 'queued',
  overrule: 'queued',
} as const;

/** All of the page's state, with a host that runs jobs. `kept`: the keys from an earlier visit, by device. */
export function givenHost(
  given: Given = {},
  host = new FakeHost(),
  keys = new Map<string, KeptJob>(),
  offers: { readonly jobs?: boolean } = { jobs: true },
) {
  const sleeps: { readonly ms: number; readonly wake: () => void }[] = [];
  let refs = 0;
  const kept = {
    read: async (id: string) => keys.get(id) ?? null,
    write: async (id: string, job: KeptJob) => void keys.set(id, job),
    remove: async (id: string) => void keys.delete(id),
  };
  const choice = new RunChoiceState({ read: () => ({ where: 'host', goesOnByItself: false }), write: () => undefined });
  const state = givenState({
    ...given,
    host: ({ devices, notices, questions, updates }) =>
      new LazyJobs({
        host: { $offers: atom({ gateway: true, discover: false, simulated: [], ...offers }), asked: Promise.resolve() },
        ...{ devices, keys: kept, choice, secure: true, today: () => NOW },
        noHost: () => notices.show({ kind: 'host-job', text: 'no host' }),
        make: async () =>
          new JobsState({
            ...{ calls: host, keys: kept, choice, devices, notices, questions, updates: updates() },
            connectivity: { online: () => true, changed: () => new Promise(() => undefined) },
            clock: {
              now: () => 0,
              date: () => NOW,
              sleep: (ms) => new Promise((wake) => sleeps.push({ ms, wake })),
            },
            random: () => 0,
            newId: () => `added-${keys.size}`,
            newRef: () => ({ id: `${(refs += 1)}`.padStart(32, '0'), key: 'A'.repeat(22) }),
          }),
      }),
  });
  return { ...state, host, keys, kept, choice, sleeps };
}
