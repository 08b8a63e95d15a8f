/** What is remembered of a rollout that has not ended, so that it can go on after a reload. One at most. */
import type { RolloutLine, RolloutPlan, StoppedBecause, StopMark } from './rollout-state.ts';
import type { OutcomeName } from '../update/update-state.ts';

/** What a person decides before a rollout, besides devices and firmware. */
export interface RolloutOptions {
  readonly firstWave: number;
  /** How many at once; null: the rollout adapts it while it runs. */
  readonly width: number | null;
  readonly stopAt: StopMark;
}

export interface RolloutRecord extends RolloutOptions {
  /** Hash of the firmware that goes out. */
  readonly sha256: string;
  /** What that firmware is called, for when its file is gone. */
  readonly firmwareName: string;
  /** Ids of saved devices, in the plan's order. */
  readonly devices: readonly string[];
  /** Those that were brought to an end, and how. */
  readonly ended: readonly (readonly [deviceId: string, outcome: OutcomeName])[];
  /** Why no further update was to start; null: more were to. */
  readonly stopped: StoppedBecause | null;
  /** Those that had ended when the person chose to continue past the stop mark. */
  readonly forgiven: readonly string[];
  /** When it began, milliseconds since 1970. */
  readonly startedAt: number;
}

/** Never rejects: a rollout that cannot be remembered runs all the same. */
export interface RolloutStore {
  read(): Promise<RolloutRecord | null>;
  write(record: RolloutRecord): Promise<void>;
  clear(): Promise<void>;
}

/** The ended lines of a rollout, as they are remembered. */
export function endedLines(lines: ReadonlyMap<string, RolloutLine>): RolloutRecord['ended'] {
  return [...lines].flatMap(([id, line]) => (line.kind === 'ended' ? [[id, line.outcome] as const] : []));
}

/** A rollout that begins. */
export function newRecord(of: Omit<RolloutRecord, 'ended' | 'stopped' | 'forgiven'>): RolloutRecord {
  return { ...of, ended: [], stopped: null, forgiven: [] };
}

/**
 * The record to continue with. A rollout that had stopped begins to count its failures again, or it would stop at once.
 */
export function toGoOn(record: RolloutRecord): RolloutRecord {
  if (record.stopped === null) return record;
  return { ...record, stopped: null, forgiven: record.ended.map(([id]) => id) };
}

/** The plan that continues from the record, without the devices that are no longer saved. */
export function planOf(record: RolloutRecord, isSaved: (deviceId: string) => boolean): RolloutPlan {
  const { devices, firstWave, width, stopAt, ended, forgiven } = record;
  return {
    ...{ devices: devices.filter(isSaved), firstWave, width, stopAt },
    done: new Map(ended),
    forgiven: new Set(forgiven),
  };
}
