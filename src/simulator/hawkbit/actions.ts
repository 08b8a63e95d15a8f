/**
 * Actions as hawkBit keeps them, and what feedback of the controller makes of one, after `DdiRootController.java` and
 * `JpaControllerManagement.java` of 1.0.
 */
import type { Assignment, AssignmentType, DistributionSet } from './options.ts';

export type ActionStatus =
  'wait-for-confirmation' | 'running' | 'downloaded' | 'canceling' | 'finished' | 'error' | 'canceled';

export interface StatusEntry {
  /** As the server files it: "RUNNING", "DOWNLOADED", "CANCEL_REJECTED" … */
  readonly status: string;
  readonly code: number | null;
  readonly messages: readonly string[];
}

export interface Action {
  readonly id: number;
  readonly controllerId: string;
  readonly set: DistributionSet;
  readonly type: AssignmentType;
  readonly forceAt: number;
  readonly window: NonNullable<Assignment['window']> | null;
  status: ActionStatus;
  /** Counts the changes that show in a poll. */
  changes: number;
  /** Everything that was said of it, the oldest first. */
  readonly entries: StatusEntry[];
  /** How often feedback ended it, which must not be more than once. */
  ends: number;
}

/** A controller's feedback, as it came over the wire. */
export interface Feedback {
  /** When it happened, by the controller's clock, in milliseconds since 1970; null: it does not say. */
  readonly timestamp: number | null;
  readonly execution: string;
  readonly finished: string;
  readonly code: number | null;
  readonly details: readonly string[];
}

const ENDED: ReadonlySet<ActionStatus> = new Set(['finished', 'error', 'canceled']);

/** A finished download-only action is over, and is no longer offered. */
export function isActive({ status, type }: Action): boolean {
  return !ENDED.has(status) && !(type === 'downloadonly' && status === 'downloaded');
}

/** Takes the controller's feedback on the deployment. */
export function takeDeploymentFeedback(action: Action, said: Feedback): void {
  record(action, statusOf(said), said);
  switch (said.execution) {
    case 'closed':
      end(action, said.finished === 'failure' ? 'error' : 'finished');
      break;
    case 'canceled':
      end(action, 'canceled');
      break;
    case 'downloaded':
      if (action.type === 'downloadonly') action.ends += 1;
      if (action.status !== 'canceling') action.status = 'downloaded';
      break;
    default:
      // Among them "rejected", which leaves the action open, so that it is offered again.
      break;
  }
}

/** Takes the controller's feedback on the request to cancel it. */
export function takeCancelFeedback(action: Action, said: Feedback): void {
  const { execution, finished } = said;
  if (execution === 'closed' && finished !== 'failure') {
    record(action, 'CANCELED', said);
    end(action, 'canceled');
  } else if (execution === 'rejected' || execution === 'closed') {
    record(action, execution === 'closed' ? 'ERROR' : 'CANCEL_REJECTED', said);
    action.status = 'running';
    action.changes += 1;
  } else {
    // Even "canceled" does not end it here: the server goes on waiting.
    record(action, execution === 'canceled' ? 'WARNING' : 'RUNNING', said);
  }
}

function end(action: Action, status: ActionStatus): void {
  action.status = status;
  action.ends += 1;
}

function statusOf({ execution, finished }: Feedback): string {
  switch (execution) {
    case 'closed':
      return finished === 'failure' ? 'ERROR' : 'FINISHED';
    case 'rejected':
      return 'WARNING';
    case 'canceled':
      return 'CANCELED';
    case 'download':
      return 'DOWNLOAD';
    case 'downloaded':
      return 'DOWNLOADED';
    default:
      return 'RUNNING';
  }
}

function record(action: Action, status: string, { code, details }: Feedback): void {
  action.entries.push({ status, code, messages: details });
}
