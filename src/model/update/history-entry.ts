/** What is remembered of an update that has ended. */
import type { Route } from '../device/device.ts';
import type { Dialect } from '../device/dialect.ts';
import type { UpdateErrorCode } from './error-codes.ts';
import type { ByteRange, Outcome, OutcomeName } from './update-state.ts';

/** One line of the history: what lists, filters and tables need. */
export interface HistoryRow {
  /** Unique; made by whoever adds the entry. */
  readonly id: string;
  readonly deviceId: string;
  /** The device's name at the time: the device may be renamed or removed since. */
  readonly deviceName: string;
  readonly sha256: string;
  readonly version: string | null;
  readonly project: string | null;
  readonly outcome: OutcomeName;
  /** Why it failed; null for the other outcomes. */
  readonly code: UpdateErrorCode | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Bytes of the image. */
  readonly size: number;
  /** Bytes of it that the device acknowledged. */
  readonly bytes: number;
  readonly retries: number;
  readonly sessionRestarts: number;
  readonly dialect: Dialect | null;
  readonly route: Route | null;
}

/** Milliseconds since the start, and bytes acknowledged by then. */
export type ThroughputPoint = readonly [elapsedMs: number, acknowledged: number];

type Facts<Ended> = Ended extends Outcome ? Omit<Ended, 'phase' | 'dialect' | 'progress' | 'durationMs'> : never;

/**
 * How an update ended, besides what its line has. It is stored in this shape, so that a change here is a change of the
 * database.
 */
export type Ending =
  | { readonly kind: 'facts'; readonly facts: Facts<Outcome> }
  /** The sentences of an earlier version, which are shown as they were written; empty: nothing was kept. */
  | { readonly kind: 'text'; readonly text: string };

/** A line with what its drawing needs; read one at a time. */
export interface HistoryEntry extends HistoryRow {
  readonly ending: Ending;
  /** Flash block (erase unit) in bytes. */
  readonly blockSize: number;
  /** Bytes of the slot; null where the device did not tell. */
  readonly capacityBytes: number | null;
  readonly samples: readonly ThroughputPoint[];
  readonly retried: readonly ByteRange[];
}
