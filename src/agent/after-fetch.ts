/** An action's file is here, or is not to be had. Pure. */
import type { AgentImage } from '../model/agent/deployment.ts';
import { notToBeHad } from './after-look.ts';
import type { Decision, Fetched, Moment } from './decision.ts';
import { judge, whenReady } from './heard-deployment.ts';
import { endAction, say, sayOnce, type TargetNote } from './note.ts';

/** A server that did not hand out a file is asked again with the next poll, but not at once. */
const AGAIN_MS = 30_000;

export function afterFetch(note: TargetNote, fetched: Fetched, moment: Moment): Decision {
  const { action } = note;
  const { date } = moment;
  if (action?.id !== fetched.action || action.phase !== 'offered') return { note, steps: [] };
  const about = { about: 'deployment', action: action.id } as const;
  switch (fetched.kind) {
    case 'damaged': {
      const said = {
        ...about,
        execution: 'closed',
        finished: 'failure',
        code: 'damaged',
        told: { kind: 'damaged' },
      } as const;
      return { note: endAction(note, action.id, said, date), steps: [] };
    }
    case 'no-room': {
      const later = { ...note, action: { ...action, notBefore: date + AGAIN_MS } };
      const told = sayOnce(later, { ...about, execution: 'proceeding', told: { kind: 'no-room' } }, date);
      return { note: notToBeHad(told, moment), steps: [] };
    }
    case 'later':
      return { note: { ...note, action: { ...action, notBefore: date + AGAIN_MS } }, steps: [] };
    case 'here': {
      const { image } = fetched;
      const ready = { ...note, action: { ...action, phase: 'ready', image } } as const;
      // First whether it is for this device: what is refused was not taken over.
      const judged = judge(ready, moment);
      if (judged.action?.phase !== 'ready') return { note: judged, steps: [] };
      return whenReady(downloaded(judged, image, date), moment);
    }
  }
}

/** Said before whatever follows from it: why it waits, say. */
function downloaded(note: TargetNote, { filename, size }: AgentImage, date: number): TargetNote {
  const { action } = note;
  if (action === null || action.saidDownloaded) return note;
  const told = { kind: 'fetched', filename, size } as const;
  const said = { about: 'deployment', action: action.id, execution: 'downloaded', told } as const;
  return say({ ...note, action: { ...action, saidDownloaded: true } }, said, date);
}
