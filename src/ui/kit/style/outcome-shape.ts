import type { SVGTemplateResult } from 'lit';
import type { ActiveState, OutcomeName } from '../../../model/update/update-state.ts';
import { failedShape, goodShape, needsAttentionShape, stillShape, waitingShape, workingShape } from './icons.ts';

/** How a state looks beside its words: `good`, `needs` (you), `bad` or `calm`, and a shape of its own. */
export type Tone = 'good' | 'needs' | 'bad' | 'calm';

export function outcomeTone(outcome: OutcomeName): Tone {
  switch (outcome) {
    case 'updated':
    case 'accepted':
    case 'staged':
      return 'good';
    case 'rolled-back':
    case 'not-seen-again':
      return 'needs';
    case 'rejected':
    case 'failed':
      return 'bad';
    case 'cancelled':
      return 'calm';
  }
}

export function toneShape(tone: Tone): SVGTemplateResult {
  switch (tone) {
    case 'good':
      return goodShape;
    case 'needs':
      return needsAttentionShape;
    case 'bad':
      return failedShape;
    case 'calm':
      return stillShape;
  }
}

export function activeTone({ phase }: ActiveState): Tone {
  return phase === 'waiting' || phase === 'retrying' ? 'needs' : 'calm';
}

export function activeShape(state: ActiveState): SVGTemplateResult {
  if (state.phase === 'waiting') return waitingShape;
  return state.phase === 'retrying' ? needsAttentionShape : workingShape;
}
