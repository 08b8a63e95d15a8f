/** How a device stands, in one glance: the dot of a card and of a row, and what "needs attention" means. Pure. */
import { type CheckView, gaveNoAnswer } from '../../state/device/check/check-view.ts';
import type { UpdateView } from '../../state/update/update-view.ts';
import type { OutcomeName } from '../../model/update/update-state.ts';

export type Standing =
  /** An update failed, or its end is not known. */
  | 'failed'
  /** It waits for somebody: an update stopped, was rolled back, or can go on, or the device answers and refuses what was asked. */
  | 'needs'
  | 'updating'
  /** An update of this visit: proven to run, taken without a proof, or to start with the next restart. */
  | 'updated'
  | 'accepted'
  | 'staged'
  | 'offline'
  | 'asking'
  | 'online'
  /** Nobody has asked it in this visit. */
  | 'unasked';

export function standingOf(update: UpdateView, check: CheckView): Standing {
  switch (update.kind) {
    case 'running':
    case 'preparing':
      return 'updating';
    case 'offer':
      return 'needs';
    case 'ended':
      return standingOfEnd(update.state.outcome) ?? standingOfCheck(check);
    case 'rest':
      return standingOfCheck(check);
  }
}

/** Null: it changed nothing. */
function standingOfEnd(outcome: OutcomeName): Standing | null {
  switch (outcome) {
    case 'updated':
    case 'accepted':
    case 'staged':
      return outcome;
    case 'rolled-back':
    case 'not-seen-again':
      return 'needs';
    case 'rejected':
    case 'failed':
      return 'failed';
    case 'cancelled':
      return null;
  }
}

function standingOfCheck(check: CheckView): Standing {
  switch (check.kind) {
    case 'answered':
      return 'online';
    case 'failed':
      return gaveNoAnswer(check) ? 'offline' : 'needs';
    case 'asking':
      return 'asking';
    case 'unasked':
      return 'unasked';
  }
}

export function needsAttention(standing: Standing): boolean {
  return standing === 'failed' || standing === 'needs' || standing === 'offline';
}
