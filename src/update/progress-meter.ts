import type { SessionReport } from '../model/device/link.ts';
import type { ByteRange, Progress } from '../model/update/update-state.ts';

/** A device that does not tell its flash block has this one: it is the erase unit of every ESP32. */
export const USUAL_BLOCK = 4096;
/**
 * The window over which speed is measured: a shorter one jumps with each chunk, a longer one hides a link that got
 * worse.
 */
export const SPEED_WINDOW_MS = 8_000;
/** Before this, and before this many acknowledgements, a time left would be a guess that jumps. */
export const STABLE_AFTER_MS = 3_000;
export const STABLE_AFTER_ACKNOWLEDGEMENTS = 4;

interface Sample {
  readonly at: number;
  readonly acknowledged: number;
}

/** Counts what the device acknowledged. The one place that knows progress; states carry snapshots of it. */
export class ProgressMeter {
  readonly #total: number;
  #acknowledged = 0;
  #inFlight: ByteRange | null = null;
  #blockSize = USUAL_BLOCK;
  #slot: string | null = null;
  #capacity: number | null = null;
  #retried: readonly ByteRange[] = [];
  #retries = 0;
  #restarts = 0;
  #samples: Sample[] = [];
  #stable = false;

  constructor(total: number) {
    this.#total = total;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get total(): number {
    return this.#total;
  }

  get complete(): boolean {
    return this.#acknowledged >= this.#total;
  }

  get sessionRestarts(): number {
    return this.#restarts;
  }

  /** A session is open: what the device told of the place it writes to. */
  enter(session: SessionReport, at: number): void {
    this.#blockSize = session.blockSize ?? this.#blockSize;
    this.#slot = session.slot?.label ?? this.#slot;
    this.#capacity = session.capacityBytes ?? session.slot?.size ?? this.#capacity;
    this.acknowledge(session.writtenBytes ?? 0, at);
  }

  send(range: ByteRange): void {
    this.#inFlight = range;
  }

  /** @param bytes the device says it has, in all */
  acknowledge(bytes: number, at: number): void {
    this.#inFlight = null;
    this.#acknowledged = Math.min(bytes, this.#total);
    this.#samples.push({ at, acknowledged: this.#acknowledged });
  }

  /** The range in flight, if any, must be sent again or is in doubt. */
  countRetry(): void {
    this.#retries++;
    if (this.#inFlight) this.#retried = withRange(this.#retried, this.#inFlight);
    this.#inFlight = null;
    this.#samples = [];
    this.#stable = false;
  }

  /** The chunk in flight was too large to be taken at all, which says nothing about the network. */
  takeBack(): void {
    this.#inFlight = null;
  }

  /** Nothing was sent for a while: speed is measured again from here. */
  resetSpeed(): void {
    this.#samples = [];
    this.#stable = false;
  }

  /** The session was started over: back to nothing. */
  startOver(): void {
    this.#restarts++;
    this.#acknowledged = 0;
    this.#inFlight = null;
    this.#retried = [];
    this.resetSpeed();
  }

  snapshot(chunkBytes: number): Progress {
    const bytesPerSecond = this.#speed();
    return {
      acknowledged: this.#acknowledged,
      total: this.#total,
      inFlight: this.#inFlight,
      blockSize: this.#blockSize,
      slot: this.#slot,
      capacityBytes: this.#capacity,
      retried: this.#retried,
      retries: this.#retries,
      chunkBytes,
      sessionRestarts: this.#restarts,
      bytesPerSecond,
      secondsLeft:
        this.#stable && bytesPerSecond ? Math.ceil((this.#total - this.#acknowledged) / bytesPerSecond) : null,
    };
  }

  #speed(): number | null {
    const last = this.#samples.at(-1);
    const begun = this.#samples[0];
    if (!last || !begun) return null;
    this.#stable ||= last.at - begun.at >= STABLE_AFTER_MS && this.#samples.length > STABLE_AFTER_ACKNOWLEDGEMENTS;
    this.#samples = this.#samples.filter((sample) => last.at - sample.at <= SPEED_WINDOW_MS || sample === last);
    const first = this.#samples[0] ?? begun;
    const from = first === last ? begun : first;
    const ms = last.at - from.at;
    return ms > 0 ? ((last.acknowledged - from.acknowledged) * 1000) / ms : null;
  }
}

/** Adds a range to sorted, disjoint ranges and merges what touches. */
function withRange(ranges: readonly ByteRange[], added: ByteRange): readonly ByteRange[] {
  const apart = ranges.filter((range) => range.end < added.start || range.start > added.end);
  const touching = ranges.filter((range) => !apart.includes(range));
  const merged = {
    start: Math.min(added.start, ...touching.map((range) => range.start)),
    end: Math.max(added.end, ...touching.map((range) => range.end)),
  };
  return [...apart, merged].sort((a, b) => a.start - b.start);
}
