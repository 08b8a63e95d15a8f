/** Whether an update that runs may be cancelled: only where nothing stays half done. Pure. */
import type { NotCancelled } from '../model/agent/feedback.ts';
import { traitsOf } from '../model/device/dialect.ts';
import type { ActiveState, Outcome } from '../model/update/update-state.ts';

/** Null: it may be tried. `state`: of the update that runs; null before its first word. */
export function whyNotCancelled(state: ActiveState | null): NotCancelled | null {
  if (state === null) return null;
  const { phase, dialect, progress } = state;
  switch (phase) {
    case 'detecting':
    case 'checking':
      return null;
    case 'finalizing':
    case 'restarting':
    case 'confirming':
      return 'too-late';
    case 'beginning':
    case 'writing':
    case 'waiting':
    case 'retrying':
      // With its last byte the device may have taken all of it, whatever is tried again just now.
      if (progress.total > 0 && progress.acknowledged >= progress.total) return 'too-late';
      switch (traitsOf(dialect)?.sessionEndsBy) {
        case undefined:
        case 'abort':
          return null;
        case 'timeout':
          // Nobody could see that it has stopped.
          return 'half';
        case 'connection':
          return 'too-late';
      }
  }
}

/** Whether the end of a cancelled update shows that nothing of it is left on the device. */
export function isCancelProven(outcome: Outcome): boolean {
  if (outcome.outcome !== 'cancelled') return false;
  return !outcome.begun || (outcome.deviceIdle === true && outcome.oldFirmware === 'runs');
}
