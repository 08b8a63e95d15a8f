import type { OutcomeName } from '../../model/update/update-state.ts';

/** The words that stand for an outcome everywhere: screen, history, terminal. */
export const OUTCOME_WORDS: Readonly<Record<OutcomeName, string>> = {
  updated: 'Updated',
  accepted: 'Accepted by the device',
  staged: 'Ready, starts at next restart',
  'rolled-back': 'Rolled back',
  rejected: 'Rejected by the device',
  'not-seen-again': 'Not seen again',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
