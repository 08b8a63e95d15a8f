import type { Clock, Random } from '../../model/clock.ts';
import { eventId, type JobEvent } from '../../model/jobs/job-events.ts';
import type { FollowedJob, FollowJobs } from '../../model/jobs/job-requests.ts';
import type { JobCalls, JobRef } from '../../model/page/job-calls.ts';
import type { Connectivity } from '../../model/page/connectivity.ts';

/** The host takes no more on one stream (docs/host-jobs.md). The latest ones are what a person looks at. */
const MOST_FOLLOWED = 256;
/** A stream that broke off is opened again after this, then after twice as long, and so on. */
const FIRST_WINDOW_MS = 500;
/** A person who looks at the page again, or comes back into the network, is answered at once (`Connectivity`). */
const WIDEST_WINDOW_MS = 15_000;

export interface JobFeedParts {
  readonly calls: Pick<JobCalls, 'events'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Random;
  readonly connectivity: Pick<Connectivity, 'changed'>;
  readonly heard: (event: JobEvent) => void;
  /** Told that the host answers no longer, and that it does again. */
  readonly away: (isAway: boolean) => void;
}

interface Followed {
  readonly ref: JobRef;
  after: string | null;
}

function asked({ ref: { id, key }, after }: Followed): FollowedJob {
  return { id, key, after };
}

function idOf(event: JobEvent): string {
  switch (event.kind) {
    case 'job':
      return event.job.id;
    case 'rollout':
      return event.rollout.id;
    case 'gone':
      return event.id;
  }
}

/** One stream for all that is followed. It is opened anew where it breaks off, and goes on behind the last event. */
export class JobFeed {
  readonly #parts: JobFeedParts;
  /** With the id of the last event of each; null before the first. */
  readonly #followed = new Map<string, Followed>();
  /** The rollout that is followed; the events of all its jobs come with it. */
  readonly #rollouts = new Map<string, Followed>();
  #stream: AbortController | null = null;
  #isAway = false;

  constructor(parts: JobFeedParts) {
    this.#parts = parts;
  }

  follow(ref: JobRef): void {
    if (this.#followed.has(ref.id)) return;
    this.#followed.set(ref.id, { ref, after: null });
    this.#openAnew();
  }

  followRollout(ref: JobRef): void {
    if (this.#rollouts.has(ref.id)) return;
    this.#rollouts.set(ref.id, { ref, after: null });
    this.#openAnew();
  }

  /** The stream stays open unless this was the last one on it; later events of this one are dropped. */
  leave(id: string): void {
    const wasThere = this.#followed.delete(id) || this.#rollouts.delete(id);
    if (wasThere && this.#size === 0) this.#stream?.abort();
  }

  get #size(): number {
    return this.#followed.size + this.#rollouts.size;
  }

  #openAnew(): void {
    if (this.#stream === null) void this.#run();
    else this.#stream.abort();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#size > 0) {
      const stream = new AbortController();
      this.#stream = stream;
      for await (const event of this.#parts.calls.events(this.#asked(), stream.signal)) {
        if (event.kind === 'open') this.#tellAway(false);
        else this.#hear(event);
        // A stream that opens and tells nothing is no reason to hurry.
        if (event.kind !== 'open') failures = 0;
        if (stream.signal.aborted) break;
      }
      if (stream.signal.aborted) continue;
      failures += 1;
      // That a stream breaks off once is no news.
      if (failures > 1) this.#tellAway(true);
      await this.#wait(failures, stream.signal);
    }
    this.#stream = null;
  }

  #asked(): FollowJobs {
    const rollouts = [...this.#rollouts.values()].map(asked);
    const jobs = [...this.#followed.values()].slice(rollouts.length - MOST_FOLLOWED).map(asked);
    return rollouts.length === 0 ? { jobs } : { jobs, rollouts };
  }

  #hear(event: JobEvent): void {
    const id = idOf(event);
    const followed = this.#followed.get(id) ?? this.#rollouts.get(id);
    // The jobs of a followed rollout come without being followed themselves.
    if (followed === undefined && (event.kind !== 'job' || this.#rollouts.size === 0)) return;
    if (followed !== undefined) followed.after = eventId(event);
    if (event.kind === 'gone') this.leave(id);
    this.#parts.heard(event);
  }

  #tellAway(isAway: boolean): void {
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#parts.away(isAway);
  }

  async #wait(failures: number, signal: AbortSignal): Promise<void> {
    const { clock, connectivity, random } = this.#parts;
    const window = Math.min(WIDEST_WINDOW_MS, FIRST_WINDOW_MS * 2 ** (failures - 1));
    const done = new AbortController();
    // Another job is followed: the stream is opened anew at once.
    signal.addEventListener('abort', () => done.abort(), { once: true });
    // Half of it is left to chance, so that many pages do not come back at once.
    const waits = [clock.sleep((window * (1 + random())) / 2, done.signal), connectivity.changed(done.signal)];
    await Promise.race(waits.map((wait) => wait.catch(() => undefined)));
    done.abort();
  }
}
