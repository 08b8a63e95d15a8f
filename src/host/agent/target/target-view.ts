/** What a page is told of an agent's targets. Pure. */
import { waitsForPerson } from '../../../agent/heard-deployment.ts';
import type { ActionNote, TargetNote } from '../../../agent/note.ts';
import type { AgentPolicy } from '../../../model/agent/agent-settings.ts';
import type { AgentAssignment, AgentTarget, AssignmentStanding } from '../../../model/agent/agent-view.ts';
import type { ActiveState } from '../../../model/update/update-state.ts';
import { toldInWords } from '../../../words/agent/feedback.ts';

/** A person looks through no more; of a thousand it would be half a megabyte every few seconds. */
const MOST_SHOWN = 100;

export interface TargetNow {
  readonly name: string;
  readonly note: TargetNote;
  /** Null: it was not looked at yet. */
  readonly isSeen: boolean | null;
  /** Of the update that runs. */
  readonly state: ActiveState | null;
}

export function targetView({ name, note, isSeen, state }: TargetNow, policy: Pick<AgentPolicy, 'soft'>): AgentTarget {
  const { controllerId, lastSeen, lastTold, outbox, action } = note;
  return {
    ...{ controllerId, name, isSeen, lastSeen, unsent: outbox.length },
    assignment: action === null ? null : assignmentOf(action, state, policy),
    told: lastTold === null ? null : { at: lastTold.at, lines: toldInWords(lastTold.told) },
  };
}

function assignmentOf(
  action: ActionNote,
  state: ActiveState | null,
  policy: Pick<AgentPolicy, 'soft'>,
): AgentAssignment {
  const { id, image } = action;
  const file = image === null ? null : { name: image.filename, size: image.size, version: image.version };
  const standing = standingOf(action, policy);
  const { acknowledged, total } = state?.progress ?? { acknowledged: 0, total: 0 };
  const isTold = standing === 'running' && state !== null;
  return { action: id, standing, file, progress: isTold ? { acknowledged, total } : null };
}

/** How far the action is. */
export function standingOf(action: ActionNote, policy: Pick<AgentPolicy, 'soft'>): AssignmentStanding {
  switch (action.phase) {
    case 'offered':
      return 'fetching';
    case 'ready':
      if (action.onlyLook) return 'looked-for';
      return waitsForPerson(action, policy) ? 'offer' : 'waiting';
    case 'running':
      return 'running';
    case 'taken':
      return 'taken';
    case 'closed':
      return 'ended-there';
  }
}

const RANKS: Readonly<Record<AssignmentStanding, number>> = {
  ...{ offer: 0, running: 1, 'ended-there': 1, 'looked-for': 2, fetching: 3, waiting: 3, taken: 4 },
};
const OFF = 5;
const IDLE = 6;

/**
 * Those that a person may want to see, where there are many. They stay in the order of the list: a line that moved while a
 * finger comes down would install something else.
 */
export function shownTargets(all: readonly AgentTarget[]): {
  readonly targets: readonly AgentTarget[];
  readonly more: number;
} {
  const wanted = new Set(all.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, MOST_SHOWN));
  return { targets: all.filter((target) => wanted.has(target)), more: all.length - wanted.size };
}

function rankOf({ assignment, isSeen }: AgentTarget): number {
  if (assignment !== null) return RANKS[assignment.standing];
  return isSeen === false ? OFF : IDLE;
}
