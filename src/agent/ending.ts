/** What the end of an update means for the server's action: docs/decisions/agent.md has the table. Pure. */
import type { AgentCode } from '../model/agent/agent-codes.ts';
import type { AgentPolicy } from '../model/agent/agent-settings.ts';
import { traitsOf } from '../model/device/dialect.ts';
import { factsOf } from '../model/update/error-codes.ts';
import type { FailedUpdate, Outcome } from '../model/update/update-state.ts';

export type ActionEnd =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly code: AgentCode }
  /** It took the image, and cannot prove it: left open, by the person's own choice. */
  | { readonly kind: 'taken' }
  /** It is tried again: the device is off, or busy. */
  | { readonly kind: 'again' }
  /** The device has the image, and is looked for. */
  | { readonly kind: 'looked-for' };

export function endOf(outcome: Outcome, { acceptedCountsAs }: Pick<AgentPolicy, 'acceptedCountsAs'>): ActionEnd {
  switch (outcome.outcome) {
    case 'updated':
      return { kind: 'success' };
    case 'accepted':
      if (couldHaveProven(outcome)) return { kind: 'failure', code: 'not-proven' };
      if (acceptedCountsAs === 'open') return { kind: 'taken' };
      return acceptedCountsAs === 'success' ? { kind: 'success' } : { kind: 'failure', code: 'not-proven' };
    case 'staged':
    case 'not-seen-again':
      return { kind: 'looked-for' };
    case 'rolled-back':
      return { kind: 'failure', code: 'rolled-back' };
    case 'rejected':
      return { kind: 'failure', code: 'rejected' };
    case 'cancelled':
      return { kind: 'failure', code: 'cancelled-here' };
    case 'failed':
      return isPassing(outcome) ? { kind: 'again' } : { kind: 'failure', code: outcome.code };
  }
}

/**
 * Whether a device that only accepted is one that could have shown what it runs: then its silence is no success. One that
 * tells the same version before and after, as the file does, could not.
 */
function couldHaveProven(outcome: Extract<Outcome, { outcome: 'accepted' }>): boolean {
  if (outcome.by === 'identity') return outcome.why === 'other' || outcome.why === 'no-restart-seen';
  return traitsOf(outcome.dialect)?.provesWhatRuns !== 'nothing';
}

/** Whether the device was only not to be had. */
function isPassing({ code }: FailedUpdate): boolean {
  const { lost, skippedAs } = factsOf(code).rollout;
  return lost || skippedAs === 'off' || skippedAs === 'busy';
}

/** Whether something may be half done on the device after it. */
export function leavesHalf(outcome: Outcome): boolean {
  switch (outcome.outcome) {
    case 'failed':
    case 'cancelled':
      return outcome.oldFirmware !== 'runs' || outcome.leaves === 'half';
    case 'not-seen-again':
    case 'staged':
      return true;
    case 'rejected':
      return outcome.oldFirmware !== 'runs';
    case 'updated':
    case 'accepted':
    case 'rolled-back':
      return false;
  }
}
