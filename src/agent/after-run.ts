/** An update has ended: what the server is told, and what is remembered of the device. Pure. */
import type { Moment, Decision } from './decision.ts';
import { isCancelProven } from './cancelling.ts';
import { endOf, leavesHalf } from './ending.ts';
import { accepted, refused } from './heard-cancel.ts';
import { notToBeHad } from './after-look.ts';
import { learned } from './learning.ts';
import { type ActionNote, endAction, LONGEST_PAUSE_MS, sayOnce, type TargetNote } from './note.ts';
import type { Outcome } from '../model/update/update-state.ts';

/** A device that is off or busy is tried again with a poll that comes after this. */
const AGAIN_MS = LONGEST_PAUSE_MS;

export function afterRun(before: TargetNote, outcome: Outcome, moment: Moment): Decision {
  const note = learned(before, outcome, moment);
  const { action } = note;
  const { date } = moment;
  if (action === null) return { note, steps: [] };
  if (action.phase === 'closed') return { note: endAction(note, action.id, null, date), steps: [] };
  const { cancelling } = action;
  if (cancelling === null) return ended(note, action, outcome, moment);
  const wish = { id: cancelling, stopId: action.id };
  if (isCancelProven(outcome)) {
    const begun = outcome.outcome === 'cancelled' && outcome.begun;
    return { note: accepted(note, wish, begun, date), steps: [] };
  }
  const isStopped = outcome.outcome === 'cancelled';
  const free = { ...action, cancelling: null };
  const told = refused({ ...note, action: free }, wish, isStopped ? 'not-proven' : 'ended', date);
  if (!isStopped) return ended(told, free, outcome, moment);
  // The server has it going on from now on, and so it does.
  return { note: { ...told, action: { ...free, phase: 'ready', half: leavesHalf(outcome) } }, steps: [] };
}

function ended(note: TargetNote, action: ActionNote, outcome: Outcome, moment: Moment): Decision {
  const { date, policy, device } = moment;
  const version = action.image?.version ?? null;
  const told = { kind: 'outcome', device: device.name, version, outcome } as const;
  const about = { about: 'deployment', action: action.id } as const;
  const end = endOf(outcome, policy);
  switch (end.kind) {
    case 'success': {
      const said = { ...about, execution: 'closed', finished: 'success', told } as const;
      return { note: endAction(note, action.id, said, date), steps: [{ kind: 'tell-attributes' }] };
    }
    case 'failure': {
      const said = { ...about, execution: 'closed', finished: 'failure', code: end.code, told } as const;
      return { note: endAction(note, action.id, said, date), steps: [] };
    }
    case 'taken': {
      const taken = { ...note, action: { ...action, phase: 'taken' } } as const;
      return { note: sayOnce(taken, { ...about, execution: 'proceeding', told }, date), steps: [] };
    }
    case 'again':
    case 'looked-for': {
      const onlyLook = action.onlyLook || end.kind === 'looked-for';
      // The patience of one that is only looked for begins when it was handed the image.
      const troubleSince = onlyLook && !action.onlyLook ? date : (action.troubleSince ?? date);
      const half = action.half || leavesHalf(outcome);
      const waiting: ActionNote = {
        ...action,
        phase: 'ready',
        onlyLook,
        troubleSince,
        half,
        notBefore: date + AGAIN_MS,
      };
      const again = { ...told, kind: 'tries-again' } as const;
      const said = sayOnce({ ...note, action: waiting }, { ...about, execution: 'proceeding', told: again }, date);
      return { note: isSpent(waiting, moment) ? notToBeHad(said, moment) : said, steps: [] };
    }
  }
}

function isSpent({ troubleSince, onlyLook }: ActionNote, { date, policy }: Moment): boolean {
  return troubleSince !== null && date - troubleSince >= (onlyLook ? policy.unseenMs : policy.givesUpMs);
}
