/** A server offers an action: what is to be done of it, now. Pure. */
import { type AgentPolicy, isWithin } from '../model/agent/agent-settings.ts';
import type { Deployment } from '../model/agent/deployment.ts';
import type { AgentWait } from '../model/agent/feedback.ts';
import { fitOf } from '../model/firmware/fit.ts';
import type { Decision, Moment } from './decision.ts';
import { imageOf } from './image-of.ts';
import { type ActionNote, endAction, isUnsent, newAction, say, sayOnce, type TargetNote, waitsABit } from './note.ts';

export function heardDeployment(note: TargetNote, deployment: Deployment, moment: Moment): Decision {
  const { action } = note;
  const ended = note.ended.find(({ id }) => id === deployment.id);
  if (ended !== undefined) return { note: endedAlready(note, ended, moment.date), steps: [] };
  if (action !== null && action.id !== deployment.id) {
    // What runs is for an action that is over: the next one waits until the device is free.
    if (isUnderWay(action)) return { note: { ...note, action: { ...action, phase: 'closed' } }, steps: [] };
    return heardDeployment(endAction(note, action.id, null, moment.date), deployment, moment);
  }
  const { update, window } = deployment;
  const before = action ?? newAction(deployment.id);
  const known = before.update === update && before.window === window ? before : { ...before, update, window };
  const heard = action === known ? note : { ...note, action: known };
  switch (known.phase) {
    case 'offered':
      return offered(heard, known, deployment, moment);
    case 'ready':
      return whenReady(heard, moment);
    case 'running':
      return { note: heard, steps: known.leftBehind === 'no' ? [] : [{ kind: 'ask-turn' }] };
    case 'taken':
    case 'closed':
      return { note: heard, steps: [] };
  }
}

function isUnderWay({ phase, leftBehind }: ActionNote): boolean {
  return phase === 'closed' || (phase === 'running' && leftBehind === 'no');
}

/** The server has the action open, though it ended here: with its last word, or in a cancel that the server has withdrawn. */
function endedAlready(note: TargetNote, ended: TargetNote['ended'][number], date: number): TargetNote {
  const { id, last } = ended;
  if (last?.about !== 'cancel') return saidAgain(note, ended, date);
  if (isUnsent(note, id)) return note;
  const said = { about: 'deployment', action: id, execution: 'closed', finished: 'failure' } as const;
  return say(note, { ...said, code: 'cancelled-here', told: last.told }, date);
}

/** It gets its last word again, and nothing else: the server has not heard it. */
export function saidAgain(note: TargetNote, { id, last }: TargetNote['ended'][number], date: number): TargetNote {
  return last === null || isUnsent(note, id) ? note : say(note, last, date);
}

function offered(note: TargetNote, action: ActionNote, deployment: Deployment, moment: Moment): Decision {
  const choice = imageOf(deployment, moment.mostBytes);
  const about = { about: 'deployment', action: action.id } as const;
  if (choice.kind !== 'image') {
    const { kind } = choice;
    const said = { ...about, execution: 'closed', finished: 'failure', code: kind, told: { kind } } as const;
    return { note: endAction(note, action.id, said, moment.date), steps: [] };
  }
  if (deployment.download === 'skip') return { note: waits(note, 'download', moment.date), steps: [] };
  if (waitsABit(action, moment.date)) return { note, steps: [] };
  const { artifact, chunk } = choice;
  return { note, steps: [{ kind: 'fetch', artifact, chunk }] };
}

/** The file is here: judges it anew for the device as it is now, and begins where it may. */
export function whenReady(note: TargetNote, moment: Moment): Decision {
  const judged = judge(note, moment);
  const { action } = judged;
  if (action?.phase !== 'ready') return { note: judged, steps: [] };
  const { date, minute, policy } = moment;
  // Whoever has the image already is only looked for.
  if (action.onlyLook) return { note: judged, steps: waitsABit(action, date) ? [] : [{ kind: 'ask-turn' }] };
  if (action.update === 'skip') return { note: waits(judged, 'window', date), steps: [] };
  if (isHeldByPause(action, moment)) return { note: waits(judged, 'paused', date), steps: [] };
  const { softHours } = policy;
  if (waitsForPerson(action, policy)) return { note: waits(judged, 'person', date), steps: [] };
  // Whoever says "Install" means now.
  const isFree = action.update !== 'attempt' || action.isApproved || softHours === null || isWithin(softHours, minute);
  if (!isFree) {
    return { note: waits(judged, 'hours', date), steps: [] };
  }
  return { note: judged, steps: waitsABit(action, date) ? [] : [{ kind: 'ask-turn' }] };
}

/** Whether a paused agent leaves it. What was begun goes on, since a pause would leave it half done. */
export function isHeldByPause({ phase, half, onlyLook }: ActionNote, { isPaused }: Pick<Moment, 'isPaused'>): boolean {
  return isPaused && phase === 'ready' && !half && !onlyLook;
}

/** Whether it is an offer to a person here: nothing of it is on the device, and the server does not insist. */
export function waitsForPerson(
  { phase, update, half, onlyLook, isApproved }: ActionNote,
  { soft }: Pick<AgentPolicy, 'soft'>,
): boolean {
  return soft === 'wait' && phase === 'ready' && update === 'attempt' && !half && !onlyLook && !isApproved;
}

/** Ends it where the file is for no such device, and where the device already proves that it runs it. */
export function judge(note: TargetNote, { sight, inspection, device, date }: Moment): TargetNote {
  const { action, runs } = note;
  const image = action?.image ?? null;
  if (action === null || image === null || inspection === null || action.onlyLook || action.half) return note;
  const about = { about: 'deployment', action: action.id, execution: 'closed' } as const;
  const { status = null, identity = null, dialect = null } = sight ?? {};
  const chipId = device.chipId ?? note.chipId;
  const fit = fitOf({ sha256: image.sha256, inspection }, { chipId, runs, status, identity, dialect });
  if (fit.misfit !== null) {
    const told = { kind: 'does-not-fit', finding: fit.misfit.finding } as const;
    return endAction(note, action.id, { ...about, finished: 'failure', code: 'does-not-fit', told }, date);
  }
  // A device that tells nothing proves nothing, whatever is remembered of it.
  const isProven = fit.has === 'runs' && (status !== null || identity !== null);
  if (!isProven) return note;
  return endAction(note, action.id, { ...about, finished: 'success', told: { kind: 'already-installed' } }, date);
}

export function waits(note: TargetNote, why: AgentWait, date: number): TargetNote {
  const { action } = note;
  if (action === null) return note;
  const told = { kind: 'waits', why } as const;
  // Of a file that is only to be fetched "downloaded" says it all.
  if (why === 'window' && action.window === null) return note;
  return sayOnce(note, { about: 'deployment', action: action.id, execution: 'scheduled', told }, date);
}
