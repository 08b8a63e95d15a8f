/** What is remembered of a rollout that has not ended, so that it can go on after a reload. One at most. */
import type { RolloutLine, RolloutPlan, StopMark } from './rollout-state.ts';
import type { OutcomeName } from './update-state.ts';

/** What a person decides before a rollout, besides devices and firmware. */
export interface RolloutOptions {
  readonly firstWave: number;
  /** How many at once; null: found out while it runs. */
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
  return [...lines].flatMap(([id, line]) => (line.is === 'ended' ? [[id, line.outcome] as const] : []));
}

/** The plan that goes on where the record stands. Devices that are no longer saved are left out of it. */
export function planOf(record: RolloutRecord, isSaved: (deviceId: string) => boolean): RolloutPlan {
  const { devices, firstWave, width, stopAt, ended } = record;
  return { devices: devices.filter(isSaved), done: new Map(ended), firstWave, width, stopAt };
}
