/** Tells pages of jobs, as server-sent events: many jobs over one connection, and nothing piles up for a slow reader. */
import type { ServerResponse } from 'node:http';
import { eventId, sequenceIn, type JobEvent } from '../../../model/jobs/job-events.ts';
import type { FollowJobs } from '../../../model/jobs/job-requests.ts';
import { SECURITY_HEADERS } from '../../serve/headers.ts';
import { newsOf, type RolloutEntry, type RolloutList } from '../../rollouts/rollout-list.ts';
import type { Entry, JobList } from '../job-list.ts';

export interface StreamLimits {
  readonly streams: number;
  /** Of one client. */
  readonly ofOne: number;
  /** Milliseconds between two looks at what has changed. */
  readonly every: number;
  /** Milliseconds without an event, after which a sign of life is sent. */
  readonly beat: number;
  /** Milliseconds that a reader may take nothing. */
  readonly stall: number;
}

export const STREAM_LIMITS: StreamLimits = {
  // A listener has 256 connections, and pages need others than these.
  streams: 96,
  // Some windows of one browser. An address has 16 connections in all.
  ofOne: 8,
  // Ten a second is as much as a bar moves for the eye.
  every: 100,
  beat: 15_000,
  stall: 30_000,
};

/** Whether the client may still follow; asked with each sign of life. */
type MayStay = () => boolean;

export class JobStreams {
  readonly #list: JobList;
  readonly #rollouts: RolloutList;
  readonly #limits: StreamLimits;
  readonly #open = new Set<Stream>();
  readonly #ofOne = new Map<string, number>();

  constructor(list: JobList, rollouts: RolloutList, limits: StreamLimits = STREAM_LIMITS) {
    this.#list = list;
    this.#rollouts = rollouts;
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether this client may open another one. */
  hasRoomFor(client: string): boolean {
    return this.#open.size < this.#limits.streams && (this.#ofOne.get(client) ?? 0) < this.#limits.ofOne;
  }

  /** Writes to `response` until either end leaves. `lastSeen`: stands for each job whose `after` is null. */
  follow(
    response: ServerResponse,
    client: string,
    { jobs, rollouts = [] }: FollowJobs,
    lastSeen: string | null,
    mayStay: MayStay,
  ): void {
    const stream = new Stream(response, this.#list, this.#rollouts, this.#limits, mayStay);
    this.#open.add(stream);
    this.#ofOne.set(client, (this.#ofOne.get(client) ?? 0) + 1);
    response.once('close', () => {
      this.#open.delete(stream);
      stream.end();
      const left = (this.#ofOne.get(client) ?? 0) - 1;
      if (left > 0) this.#ofOne.set(client, left);
      else this.#ofOne.delete(client);
    });
    for (const { id, key, after } of jobs) {
      stream.add(id, this.#list.find(id, key), sequenceIn(after ?? lastSeen, this.#list.host));
    }
    for (const { id, key, after } of rollouts) {
      stream.addRollout(id, this.#rollouts.find(id, key), sequenceIn(after ?? lastSeen, this.#list.host));
    }
    stream.start();
  }

  close(): void {
    for (const stream of this.#open) stream.end();
  }
}

class Stream {
  readonly #response: ServerResponse;
  readonly #list: JobList;
  readonly #rollouts: RolloutList;
  readonly #limits: StreamLimits;
  readonly #mayStay: MayStay;
  readonly #followed = new Map<string, Entry>();
  /** Of which the end is told, too. */
  readonly #asked = new Set<string>();
  /** With the sequence number up to where each was told. */
  readonly #followedRollouts = new Map<string, { readonly entry: RolloutEntry; told: number | null }>();
  /** What has changed since it was told: marks only, whatever the reader does. */
  readonly #changed = new Set<string>();
  readonly #changedRollouts = new Set<string>();
  /** What is told in this round: jobs, then rollouts, which stand as they did when it began. */
  #due: string[] = [];
  #dueRollouts: string[] = [];
  #round = 0;
  readonly #unwatch: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #lastWritten = performance.now();
  /** Since when the reader takes nothing; null while it does. */
  #stalledAt: number | null = null;

  constructor(response: ServerResponse, list: JobList, rollouts: RolloutList, limits: StreamLimits, mayStay: MayStay) {
    this.#response = response;
    this.#list = list;
    this.#rollouts = rollouts;
    this.#limits = limits;
    this.#mayStay = mayStay;
  }

  /** `seen`: the sequence number of its last event that the page has; null: none. */
  add(id: string, entry: Entry | null, seen: number | null): void {
    this.#asked.add(id);
    if (entry !== null) this.#followed.set(id, entry);
    if (entry === null || seen === null || entry.sequence > seen) this.#changed.add(id);
  }

  /** As `add`, with all of its jobs. */
  addRollout(id: string, entry: RolloutEntry | null, seen: number | null): void {
    if (entry === null || seen === null || entry.sequence > seen) this.#changedRollouts.add(id);
    if (entry === null) return;
    this.#followedRollouts.set(id, { entry, told: seen });
    for (const { job } of entry.plan.members) {
      const own = this.#list.get(job);
      if (own?.record.rollout === id && (seen === null || own.sequence > seen)) this.#changed.add(job);
    }
  }

  start(): void {
    this.#response.writeHead(200, {
      ...SECURITY_HEADERS,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // A page that closes means this connection, and nothing else goes over it.
      Connection: 'close',
    });
    this.#response.flushHeaders();
    this.#response.on('drain', () => {
      this.#stalledAt = null;
      this.#tellDue();
    });
    this.#unwatch.push(
      this.#list.watch((id) => {
        if (this.#followed.has(id) || this.#memberOf(id) !== null) this.#changed.add(id);
      }),
      this.#rollouts.watch((id) => {
        if (this.#followedRollouts.has(id)) this.#changedRollouts.add(id);
      }),
    );
    this.#look();
    this.#timer = setInterval(() => this.#look(), this.#limits.every);
  }

  end(): void {
    for (const unwatch of this.#unwatch.splice(0)) unwatch();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (!this.#response.writableEnded) this.#response.end();
  }

  #look(): void {
    const now = performance.now();
    if (this.#stalledAt !== null) {
      if (now - this.#stalledAt >= this.#limits.stall) this.#response.destroy();
      return;
    }
    this.#due = [...this.#changed];
    this.#dueRollouts = [...this.#changedRollouts];
    this.#changed.clear();
    this.#changedRollouts.clear();
    // Whoever has seen a rollout up to here has seen all that its jobs had done by then.
    this.#round = this.#list.sequence;
    this.#tellDue();
    if (now - this.#lastWritten < this.#limits.beat) return;
    if (this.#mayStay()) this.#write(': beat\n\n');
    else this.end();
  }

  /**
   * As much of this round as the reader takes, oldest change first: a page that comes back names its last number alone.
   */
  #tellDue(): void {
    this.#due.sort((one, other) => this.#sequenceOf(one) - this.#sequenceOf(other));
    while (this.#stalledAt === null && !this.#response.writableEnded) {
      const id = this.#due.shift() ?? null;
      const rollout = id === null ? (this.#dueRollouts.shift() ?? null) : null;
      if (id !== null) this.#tellJob(id);
      else if (rollout !== null) this.#tellRollout(rollout);
      else return;
    }
  }

  /** Of a job's last change. That one is gone is told after all others. */
  #sequenceOf(id: string): number {
    return this.#list.get(id)?.sequence ?? Number.MAX_SAFE_INTEGER;
  }

  #tellJob(id: string): void {
    const entry = this.#followed.get(id) ?? this.#memberOf(id);
    if (entry !== null && this.#list.has(id)) {
      this.#tell({ kind: 'job', ...this.#now(entry.sequence), job: entry.record.job });
    } else if (this.#asked.delete(id)) {
      this.#followed.delete(id);
      this.#tell({ kind: 'gone', ...this.#now(this.#list.sequence), id });
    }
  }

  #tellRollout(id: string): void {
    const followed = this.#followedRollouts.get(id);
    if (followed !== undefined && this.#rollouts.has(id)) {
      const rollout = newsOf(followed.entry, followed.told);
      followed.told = this.#round;
      this.#tell({ kind: 'rollout', ...this.#now(this.#round), rollout });
    } else {
      this.#followedRollouts.delete(id);
      this.#tell({ kind: 'gone', ...this.#now(this.#list.sequence), id });
    }
  }

  /** The job of that id, where it is of a rollout that is followed. */
  #memberOf(id: string): Entry | null {
    const entry = this.#list.get(id);
    const rollout = entry?.record.rollout ?? null;
    return rollout !== null && this.#followedRollouts.has(rollout) ? entry : null;
  }

  #now(sequence: number): Pick<JobEvent, 'host' | 'sequence'> {
    return { host: this.#list.host, sequence };
  }

  #tell(event: JobEvent): void {
    this.#write(`id: ${eventId(event)}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  #write(text: string): void {
    this.#lastWritten = performance.now();
    // Node keeps what it could not send: that is one event at most, for nothing follows until it is gone.
    if (!this.#response.write(text)) this.#stalledAt ??= performance.now();
  }
}
