/** Outcomes as the engine makes them, for tests of what comes after. */
import { RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';
import type { Outcome, OutcomeName, Progress } from '../../../src/model/update/update-state.ts';

const TOTAL = 1_500_000;

export const OUTCOMES = [
  'updated',
  'accepted',
  'staged',
  'rolled-back',
  'rejected',
  'not-seen-again',
  'failed',
  'cancelled',
] as const satisfies readonly OutcomeName[];

export const wholeProgress: Progress = {
  acknowledged: TOTAL,
  total: TOTAL,
  inFlight: null,
  blockSize: 4096,
  slot: 'ota_1',
  capacityBytes: 2_031_616,
  retried: [],
  retries: 0,
  chunkBytes: 65_536,
  sessionRestarts: 0,
  bytesPerSecond: null,
  secondsLeft: null,
};

export function endedAs(outcome: OutcomeName): Outcome {
  const common = { phase: 'ended', dialect: 'shipped', progress: wholeProgress, durationMs: 15_000 } as const;
  switch (outcome) {
    case 'updated':
      return { ...common, outcome, slot: 'ota_1', markedValid: true };
    case 'accepted':
      return { ...common, outcome, hashNamed: true };
    case 'staged':
      return { ...common, outcome, slot: 'ota_0' };
    case 'rolled-back':
      return { ...common, outcome, slot: 'ota_0', isPrevious: true, fellBack: false };
    case 'rejected':
      return { ...common, outcome, said: 'sha256 mismatch', oldFirmware: 'runs' };
    case 'not-seen-again':
      return { ...common, outcome, patienceMs: RESTART_PATIENCE_MS };
    case 'cancelled':
      return { ...common, outcome, deviceIdle: true, oldFirmware: 'runs', begun: true };
    case 'failed':
      return {
        ...common,
        outcome,
        code: 'no-progress',
        during: 'writing',
        status: null,
        said: null,
        retryAfterMs: null,
        oldFirmware: 'runs',
        resumable: true,
        otherSession: null,
        restarted: false,
        judgement: null,
      };
  }
}
