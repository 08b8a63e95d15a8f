import type { Clock, Random } from '../../model/clock.ts';
import { eventId, type JobEvent } from '../../model/jobs/job-events.ts';
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

/** One stream for all jobs that are followed. It is opened anew where it breaks off, and goes on behind the last event. */
export class JobFeed {
  readonly #parts: JobFeedParts;
  /** With the id of the last event of each; null before the first. */
  readonly #followed = new Map<string, { readonly ref: JobRef; after: string | null }>();
  #stream: AbortController | null = null;
  #isAway = false;

  constructor(parts: JobFeedParts) {
    this.#parts = parts;
  }

  follow(ref: JobRef): void {
    if (this.#followed.has(ref.id)) return;
    this.#followed.set(ref.id, { ref, after: null });
    if (this.#stream === null) void this.#run();
    else this.#stream.abort();
  }

  /** The stream goes on, unless it was the last one: what else comes of this job is not told. */
  leave(id: string): void {
    if (this.#followed.delete(id) && this.#followed.size === 0) this.#stream?.abort();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#followed.size > 0) {
      const stream = new AbortController();
      this.#stream = stream;
      for await (const event of this.#parts.calls.events({ jobs: this.#asked() }, stream.signal)) {
        if (event.kind === 'open') this.#tellAway(false);
        else this.#hear(event);
        // A stream that opens and tells nothing is no reason to hurry.
        if (event.kind !== 'open') failures = 0;
        if (stream.signal.aborted) break;
      }
      if (stream.signal.aborted) continue;
      failures += 1;
      // That one breaks off now and then is nobody's concern.
      if (failures > 1) this.#tellAway(true);
      await this.#wait(failures, stream.signal);
    }
    this.#stream = null;
  }

  #asked(): { id: string; key: string; after: string | null }[] {
    const all = [...this.#followed.values()].slice(-MOST_FOLLOWED);
    return all.map(({ ref: { id, key }, after }) => ({ id, key, after }));
  }

  #hear(event: JobEvent): void {
    const id = event.kind === 'job' ? event.job.id : event.id;
    const followed = this.#followed.get(id);
    if (followed === undefined) return;
    followed.after = eventId(event);
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
