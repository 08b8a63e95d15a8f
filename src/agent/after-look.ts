/** What a look at the device means for the action that is under way. Pure. */
import type { Decision, Moment } from './decision.ts';
import { type ActionNote, endAction, say, sayOnce, type TargetNote } from './note.ts';

const HOUR_MS = 3_600_000;

export function afterLook(note: TargetNote, moment: Moment): Decision {
  const { sight, date } = moment;
  const { action } = note;
  if (sight === null) return { note: notToBeHad(note, moment), steps: [] };
  const seen = { ...note, lastSeen: date };
  if (action === null) return { note: seen, steps: [] };
  if (action.leftBehind === 'no') return { note: seen, steps: [] };
  const told = action.leftBehind === 'told' ? seen : resumed(seen, action, date);
  // What is half done goes on, also where the server is away: it is the device that counts.
  return { note: told, steps: sight.isLeftOpen ? [{ kind: 'ask-turn' }] : [] };
}

function resumed(note: TargetNote, action: ActionNote, date: number): TargetNote {
  const said = { about: 'deployment', action: action.id, execution: 'resumed', told: { kind: 'resumed' } } as const;
  return say({ ...note, action: { ...action, leftBehind: 'told' } }, said, date);
}

/** The device is off, or busy: the server is told once, and in the end that it was in vain. */
export function notToBeHad(note: TargetNote, { date, policy }: Moment): TargetNote {
  const { action } = note;
  if (action === null || action.phase === 'taken') return note;
  if (action.phase === 'closed' || (action.phase === 'running' && action.leftBehind === 'no')) return note;
  const since = action.troubleSince ?? date;
  const patience = action.onlyLook ? policy.unseenMs : policy.givesUpMs;
  const about = { about: 'deployment', action: action.id } as const;
  if (date - since >= patience) {
    const told = { kind: 'given-up', hours: Math.round(patience / HOUR_MS) } as const;
    const code = action.onlyLook ? 'not-seen-again' : 'given-up';
    return endAction(note, action.id, { ...about, execution: 'closed', finished: 'failure', code, told }, date);
  }
  const waiting = { ...note, action: { ...action, troubleSince: since } };
  return sayOnce(waiting, { ...about, execution: 'proceeding', told: { kind: 'not-seen' } }, date);
}
