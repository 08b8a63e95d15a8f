/** Looks at the devices of the host's jobs, one round after the other: a device that does not answer is not available. */
import type { Clock } from '../../model/clock.ts';
import type { Entry } from '../jobs/job-list.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { Told } from '../reach/look-at.ts';
import { currentOf, jobsByPlace, lastEndOf } from './jobs-by-place.ts';

/** `at`: when that look began, and `lastSeen`: when it answered last, both in milliseconds since 1970. */
export interface Look {
  /** Null: it did not answer. */
  readonly told: Told | null;
  readonly at: number;
  readonly lastSeen: number | null;
}

type Service = Pick<JobService, 'look' | 'at'> & { readonly list: { readonly entries: Iterable<Entry> } };

/** From one look at a device to the next, in milliseconds: one small question, and no more than a page asks. */
const EVERY_MS = 120_000;
/** How soon after the end of an update its device is looked at anew, in milliseconds. */
const ROUND_MS = 5_000;
/** Of a host on a small computer; the rest of a round waits. */
const AT_ONCE = 4;

const NEVER: Look = { told: null, at: -Infinity, lastSeen: null };

export class DeviceLooks {
  readonly #service: Service;
  readonly #clock: Clock;
  readonly #looks = new Map<string, Look>();

  constructor(service: Service, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
  }

  /** The last one. */
  of(place: string): Look {
    return this.#looks.get(place) ?? NEVER;
  }

  /** Until `signal` aborts. */
  async run(signal: AbortSignal, surprise: (error: unknown) => void): Promise<void> {
    while (!signal.aborted) {
      await this.round(signal, surprise);
      await this.#clock.sleep(ROUND_MS, signal).catch(() => undefined); // The host ends.
    }
  }

  /** Looks at each device whose time has come, except where an update is at it, which has it to itself. */
  async round(signal: AbortSignal, surprise: (error: unknown) => void): Promise<void> {
    const all = jobsByPlace(this.#service.list.entries);
    for (const place of this.#looks.keys()) if (!all.has(place)) this.#looks.delete(place);
    const due = [...all].filter(([place, entries]) => this.#isDue(this.of(place), entries));
    const next = async (): Promise<void> => {
      for (let one = due.shift(); one !== undefined && !signal.aborted; one = due.shift()) {
        await this.#look(one[0], currentOf(one[1]), signal).catch(surprise);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  #isDue({ at }: Look, entries: readonly Entry[]): boolean {
    return this.#clock.date() - at >= EVERY_MS || lastEndOf(entries) >= at;
  }

  async #look(place: string, entry: Entry, signal: AbortSignal): Promise<void> {
    if (this.#service.at(entry.record.job.device) !== null) return;
    // From its beginning: an update may come and go while it waits for its answer.
    const at = this.#clock.date();
    const told = await this.#service.look(entry, signal);
    if (signal.aborted) return;
    this.#looks.set(place, { told, at, lastSeen: told === null ? this.of(place).lastSeen : at });
  }
}
