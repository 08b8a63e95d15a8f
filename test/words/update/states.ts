/** Every state that an update can be in and every way it can end, for tests of what is said of them. */
import { describeAny as inWords } from '../../../src/words/update/describe-any.ts';
import type { Names } from '../../../src/words/update/told.ts';
import { ProgressMeter } from '../../../src/update/progress-meter.ts';
import { RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';
import { ERROR_FACTS, type UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { failedBefore } from '../../../src/model/update/nothing-sent.ts';
import type { ActiveState, FailedUpdate, Outcome, UpdateState } from '../../../src/model/update/update-state.ts';
import { IMAGE } from '../../update/scripted/scripted.ts';

export const DEVICE = 'Kitchen sensor';
export const VERSION = '1.4.2';
export const NAMES: Names = { device: DEVICE, version: VERSION };

export const CODES = Object.keys(ERROR_FACTS) as readonly UpdateErrorCode[];

export const progress = new ProgressMeter(IMAGE.bytes.length).snapshot(4096);
export const ended = { phase: 'ended', dialect: 'shipped', progress, durationMs: 1000 } as const;
type Cancelled = Extract<Outcome, { outcome: 'cancelled' }>;

export function failed(code: UpdateErrorCode, changes: Partial<FailedUpdate> = {}): FailedUpdate {
  return failedBefore(ended.dialect, progress.total, { ...ended, code, during: 'writing', ...changes });
}

export function cancelled(changes: Partial<Cancelled> = {}): Cancelled {
  return { ...ended, outcome: 'cancelled', deviceIdle: true, oldFirmware: 'runs', begun: true, ...changes };
}

export const OTHERS: readonly Outcome[] = [
  { ...ended, outcome: 'updated', slot: 'ota_1', markedValid: true },
  { ...ended, outcome: 'accepted', hashNamed: true },
  { ...ended, outcome: 'accepted', hashNamed: false },
  { ...ended, outcome: 'staged', slot: 'ota_1' },
  { ...ended, outcome: 'rolled-back', slot: 'ota_0', isPrevious: true, fellBack: false },
  { ...ended, outcome: 'rolled-back', slot: 'ota_0', isPrevious: true, fellBack: true },
  { ...ended, outcome: 'rolled-back', slot: 'factory', isPrevious: false, fellBack: false },
  { ...ended, outcome: 'rejected', said: 'sha256 mismatch', oldFirmware: 'runs' },
  { ...ended, outcome: 'not-seen-again', patienceMs: RESTART_PATIENCE_MS },
  cancelled(),
  cancelled({ deviceIdle: false }),
  cancelled({ deviceIdle: null }),
  cancelled({ deviceIdle: null, dialect: 'documented' }),
  cancelled({ deviceIdle: false, dialect: 'documented' }),
  cancelled({ deviceIdle: null, oldFirmware: 'unknown' }),
  cancelled({ deviceIdle: null, begun: false }),
];

export const running = { dialect: 'shipped', progress, startedOver: null } as const;
export const ACTIVE: readonly ActiveState[] = [
  ...(['detecting', 'checking', 'beginning', 'writing', 'finalizing', 'confirming'] as const).map((phase) => ({
    ...running,
    phase,
  })),
  { ...running, phase: 'beginning', startedOver: 'silent' },
  { ...running, phase: 'writing', startedOver: 'silent' },
  ...(['paused', 'offline', 'web-page', 'device-session'] as const).flatMap((why) =>
    ([null, 'silent', 'session-spoilt'] as const).map((startedOver) => ({
      ...running,
      phase: 'waiting' as const,
      why,
      startedOver,
    })),
  ),
  ...CODES.map((after) => ({
    ...running,
    phase: 'retrying' as const,
    after,
    attempt: 1,
    delayMs: 250,
  })),
  { ...running, phase: 'retrying', after: 'silent', attempt: 1, delayMs: 250, startedOver: 'silent' },
  { ...running, phase: 'restarting', elapsedMs: 0, patienceMs: RESTART_PATIENCE_MS },
];

export const detail = (state: UpdateState, names = NAMES): string => inWords(state, names).detail;
