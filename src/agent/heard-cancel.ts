/** A server wishes an action to end. Pure. */
import type { NotCancelled } from '../model/agent/feedback.ts';
import { whyNotCancelled } from './cancelling.ts';
import type { Decision, Moment } from './decision.ts';
import { saidAgain } from './heard-deployment.ts';
import { type ActionNote, endAction, isUnsent, say, type TargetNote } from './note.ts';

interface Wish {
  /** Where it is answered. */
  readonly id: string;
  /** The action that is to end. */
  readonly stopId: string;
}

export function heardCancel(note: TargetNote, wish: Wish, moment: Moment): Decision {
  const { action } = note;
  const { date } = moment;
  if (action?.id !== wish.stopId) return { note: notUnderWay(note, wish, moment), steps: [] };
  switch (action.phase) {
    case 'offered':
    case 'ready':
      return { note: action.half ? refused(note, wish, 'half', date) : accepted(note, wish, false, date), steps: [] };
    case 'taken':
      return { note: accepted(note, wish, true, date), steps: [] };
    case 'closed':
      return { note, steps: [] };
    case 'running':
      if (action.leftBehind === 'no') return whileRunning(note, action, wish, moment);
      // An earlier start of the agent ran it.
      if (moment.sight?.isLeftOpen === false) return { note: accepted(note, wish, false, date), steps: [] };
      return { note: refused(note, wish, 'half', date), steps: [{ kind: 'ask-turn' }] };
  }
}

/** It has ended here, or was never begun here. */
function notUnderWay(note: TargetNote, wish: Wish, { sight, date }: Moment): TargetNote {
  const ended = note.ended.find(({ id }) => id === wish.stopId);
  if (ended === undefined) {
    // Whoever is at the device knows more of it than we do, and answers.
    return sight?.isHeld === true ? note : accepted(note, wish, false, date);
  }
  if (isUnsent(note, wish.stopId)) return note;
  if (ended.last?.about === 'cancel') return saidAgain(note, ended, date);
  return refused(note, wish, 'ended', date);
}

function whileRunning(note: TargetNote, action: ActionNote, wish: Wish, { state, date }: Moment): Decision {
  if (action.cancelling !== null) return { note, steps: [] };
  const why = whyNotCancelled(state);
  if (why !== null) return { note: refused(note, wish, why, date), steps: [] };
  return { note: { ...note, action: { ...action, cancelling: wish.id } }, steps: [{ kind: 'stop' }] };
}

/** The action is over, with nothing of it on the device. */
export function accepted(note: TargetNote, { id, stopId }: Wish, begun: boolean, date: number): TargetNote {
  const told = { kind: 'cancelled', begun } as const;
  return endAction(note, stopId, { about: 'cancel', action: id, execution: 'closed', finished: 'success', told }, date);
}

/** The action goes on. */
export function refused(note: TargetNote, { id }: Pick<Wish, 'id'>, why: NotCancelled, date: number): TargetNote {
  const isSaid = note.outbox.some(({ about, action }) => about === 'cancel' && action === id);
  if (isSaid) return note;
  return say(note, { about: 'cancel', action: id, execution: 'rejected', told: { kind: 'not-cancelled', why } }, date);
}
