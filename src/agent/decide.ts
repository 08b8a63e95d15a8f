/**
 * What to do for one target: what is remembered of it and what has just happened go in, what is remembered then and the
 * next steps come out. Pure, and the only place that decides. Whoever performs the steps writes the note down first.
 */
import type { Polled } from '../model/agent/deployment.ts';
import type { ActiveState } from '../model/update/update-state.ts';
import { afterFetch } from './after-fetch.ts';
import { afterLook } from './after-look.ts';
import { afterRun } from './after-run.ts';
import type { AgentEvent, Decision, Moment, Step } from './decision.ts';
import { heardCancel } from './heard-cancel.ts';
import { heardDeployment, isHeldByPause, waits, waitsForPerson } from './heard-deployment.ts';
import { answered, endAction, hasRoomForProgress, isUnsent, say, sayOnce, type TargetNote } from './note.ts';
import { isWorthAWord } from './sparse.ts';

export function decide(note: TargetNote, event: AgentEvent, moment: Moment): Decision {
  switch (event.kind) {
    case 'started':
      return only(started(note, moment.date));
    case 'looked':
      return afterLook(note, moment);
    case 'polled':
      return heardPoll(note, event.polled, moment);
    case 'fetched':
      return afterFetch(note, event.fetched, moment);
    case 'missing':
      return only(withoutFile(note));
    case 'queued':
      return only(waits(note, 'turn', moment.date));
    case 'approved':
      return only(approved(note, event.action, moment));
    case 'turn':
      return atTurn(note, moment);
    case 'held':
      return only(whileHeld(note, event.by, moment.date));
    case 'progressed':
      return only(progressed(note, event.state, moment.date));
    case 'ended':
      return afterRun(note, event.outcome, moment);
    case 'answered':
      return only(answered(note, event.seq, event.answer));
  }
}

function only(note: TargetNote): Decision {
  return { note, steps: [] };
}

/** Whatever ran when the agent ended runs no longer: the device is looked at before anything else. */
function started(note: TargetNote, date: number): TargetNote {
  const { action } = note;
  if (action?.phase === 'closed') return endAction(note, action.id, null, date);
  if (action?.phase !== 'running') return note;
  return { ...note, action: { ...action, leftBehind: 'yes', cancelling: null } };
}

function heardPoll(note: TargetNote, polled: Polled, moment: Moment): Decision {
  const steps: Step[] = polled.wantsAttributes ? [{ kind: 'tell-attributes' }] : [];
  const decided = heardWork(note, polled, moment);
  return { note: decided.note, steps: [...steps, ...decided.steps] };
}

function heardWork(note: TargetNote, { cancel, deployment, confirmation }: Polled, moment: Moment): Decision {
  if (cancel !== null) return heardCancel(note, cancel, moment);
  if (deployment !== null) return heardDeployment(note, deployment, moment);
  const freed = withoutAction(note, moment.date);
  if (confirmation === null) return only(freed);
  if (!moment.policy.confirms) return { note: freed, steps: [{ kind: 'needs-confirmation', action: confirmation }] };
  if (isUnsent(freed, confirmation)) return only(freed);
  const said = {
    about: 'confirmation',
    action: confirmation,
    execution: 'confirmed',
    told: { kind: 'confirmed' },
  } as const;
  return only(say(freed, said, moment.date));
}

/** The server asks for nothing: an action that is known here is over there. */
function withoutAction(note: TargetNote, date: number): TargetNote {
  const { action } = note;
  if (action === null || action.phase === 'closed') return note;
  if (action.phase === 'running' && action.leftBehind === 'no')
    return { ...note, action: { ...action, phase: 'closed' } };
  return endAction(note, action.id, null, date);
}

/** It begins with the next poll, which tells whether the server still wants it. */
function approved(note: TargetNote, id: string, { policy }: Moment): TargetNote {
  const { action } = note;
  if (action?.id !== id || !waitsForPerson(action, policy)) return note;
  return { ...note, action: { ...action, isApproved: true } };
}

function atTurn(note: TargetNote, moment: Moment): Decision {
  const { action } = note;
  const isWaiting = action?.phase === 'ready' || (action?.phase === 'running' && action.leftBehind !== 'no');
  const image = action?.image ?? null;
  if (action === null || image === null || !isWaiting) return { note, steps: [{ kind: 'give-turn-back' }] };
  // It was paused while it waited for its turn.
  if (isHeldByPause(action, moment)) {
    return { note: waits(note, 'paused', moment.date), steps: [{ kind: 'give-turn-back' }] };
  }
  const { onlyLook } = action;
  const ranBefore = action.leftBehind === 'no' ? note.runs : action.ranBefore;
  return {
    note: { ...note, runs: null, action: { ...action, phase: 'running', leftBehind: 'no', ranBefore, progress: null } },
    steps: [{ kind: 'run', image, beginAgain: !onlyLook }],
  };
}

/** It was removed from the disk: it is fetched anew, and what may be half done on the device stays so until then. */
function withoutFile(note: TargetNote): TargetNote {
  const { action } = note;
  if (action === null) return note;
  const half = action.half || action.phase === 'running';
  return { ...note, action: { ...action, phase: 'offered', image: null, leftBehind: 'no', half } };
}

/** Another agent or a person has it: what they do is theirs to tell, and it is looked at again with the next poll. */
function whileHeld(note: TargetNote, by: string, date: number): TargetNote {
  const { action } = note;
  if (action === null) return note;
  if (action.phase === 'closed') return endAction(note, action.id, null, date);
  const told = { kind: 'held', by } as const;
  return sayOnce(
    { ...note, action: { ...action, phase: 'ready' } },
    { about: 'deployment', action: action.id, execution: 'scheduled', told },
    date,
  );
}

function progressed(note: TargetNote, { phase, progress }: ActiveState, date: number): TargetNote {
  const { action } = note;
  if (action?.phase !== 'running' || !hasRoomForProgress(action)) return note;
  const share = progress.total === 0 ? 0 : progress.acknowledged / progress.total;
  if (!isWorthAWord(action.progress, share, date)) return note;
  // A device that takes bytes is there.
  const troubleSince = progress.acknowledged > 0 && !action.onlyLook ? null : action.troubleSince;
  const told = { ...action, progress: { at: date, share }, saidLast: 'runs', troubleSince };
  const seen = { ...note, lastSeen: date, action: told };
  const count = { count: progress.acknowledged, of: progress.total };
  const about = { about: 'deployment', action: action.id, execution: 'proceeding', progress: count } as const;
  return say(seen, { ...about, told: { kind: 'runs', phase } }, date);
}
