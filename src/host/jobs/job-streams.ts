/** Tells pages of jobs, as server-sent events: many jobs over one connection, and nothing piles up for a slow reader. */
import type { ServerResponse } from 'node:http';
import { eventId, sequenceIn, type JobEvent } from '../../model/jobs/job-events.ts';
import type { FollowJobs } from '../../model/jobs/job-requests.ts';
import { SECURITY_HEADERS } from '../serve/headers.ts';
import type { Entry, JobList } from './job-list.ts';

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
  readonly #limits: StreamLimits;
  readonly #open = new Set<Stream>();
  readonly #ofOne = new Map<string, number>();

  constructor(list: JobList, limits: StreamLimits = STREAM_LIMITS) {
    this.#list = list;
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether this client may open another one. */
  hasRoomFor(client: string): boolean {
    return this.#open.size < this.#limits.streams && (this.#ofOne.get(client) ?? 0) < this.#limits.ofOne;
  }

  /** Writes to `response` until one of both ends leaves. `lastSeen`: stands for each job whose `after` is null. */
  follow(
    response: ServerResponse,
    client: string,
    { jobs }: FollowJobs,
    lastSeen: string | null,
    mayStay: MayStay,
  ): void {
    const stream = new Stream(response, this.#list, this.#limits, mayStay);
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
    stream.start();
  }

  close(): void {
    for (const stream of this.#open) stream.end();
  }
}

class Stream {
  readonly #response: ServerResponse;
  readonly #list: JobList;
  readonly #limits: StreamLimits;
  readonly #mayStay: MayStay;
  readonly #followed = new Map<string, Entry>();
  /** What has changed since it was told: marks only, whatever the reader does. */
  readonly #changed = new Set<string>();
  /** What is told in this round. */
  #due: string[] = [];
  #unwatch: () => void = () => undefined;
  #timer: NodeJS.Timeout | null = null;
  #lastWritten = performance.now();
  /** Since when the reader takes nothing; null while it does. */
  #stalledAt: number | null = null;

  constructor(response: ServerResponse, list: JobList, limits: StreamLimits, mayStay: MayStay) {
    this.#response = response;
    this.#list = list;
    this.#limits = limits;
    this.#mayStay = mayStay;
  }

  /** `seen`: the sequence number of its last event that the page has; null: none. */
  add(id: string, entry: Entry | null, seen: number | null): void {
    if (entry !== null) this.#followed.set(id, entry);
    if (entry === null || seen === null || entry.sequence > seen) this.#changed.add(id);
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
    this.#unwatch = this.#list.watch((id) => {
      if (this.#followed.has(id)) this.#changed.add(id);
    });
    this.#look();
    this.#timer = setInterval(() => this.#look(), this.#limits.every);
  }

  end(): void {
    this.#unwatch();
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
    this.#changed.clear();
    this.#tellDue();
    if (now - this.#lastWritten < this.#limits.beat) return;
    if (this.#mayStay()) this.#write(': beat\n\n');
    else this.end();
  }

  /** As much of this round as the reader takes. */
  #tellDue(): void {
    while (this.#stalledAt === null && !this.#response.writableEnded) {
      const id = this.#due.shift();
      if (id === undefined) return;
      const entry = this.#followed.get(id);
      if (entry !== undefined && this.#list.has(id)) {
        this.#tell({ kind: 'job', ...this.#now(entry.sequence), job: entry.record.job });
      } else {
        this.#followed.delete(id);
        this.#tell({ kind: 'gone', ...this.#now(this.#list.sequence), id });
      }
    }
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
