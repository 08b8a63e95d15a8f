/** How a card says what its device's update does. */
import type { SVGTemplateResult } from 'lit';
import type { UpdateView } from '../state/update-view.ts';
import { workingShape } from './icons.ts';
import { activeShape, activeTone, outcomeTone, toneShape, type Tone } from './outcome-shape.ts';
import { percentOf } from './quantities.ts';

/** An update that came to nothing before the first byte has no picture: only its words. */
export function hasProgress(view: UpdateView): boolean {
  return (
    view.kind === 'running' || view.kind === 'offer' || (view.kind === 'ended' && view.state.progress.acknowledged > 0)
  );
}

export interface Status {
  readonly tone: Tone;
  readonly shape: SVGTemplateResult | null;
  readonly title: string;
  readonly detail: string;
}

export function statusOf(view: UpdateView): Status {
  switch (view.kind) {
    case 'rest':
      return { tone: 'calm', shape: null, title: '', detail: '' };
    case 'preparing':
      return { tone: 'calm', shape: workingShape, title: 'Getting ready', detail: '' };
    case 'offer': {
      const { acknowledged, size } = view.entry;
      const what = view.firmware?.version ?? view.firmware?.name;
      return {
        tone: 'needs',
        shape: toneShape('needs'),
        title: `${percentOf(acknowledged, size)} % written`,
        detail:
          what === undefined
            ? 'The update stopped there, and its file is no longer kept here. Choose the same file again to go on.'
            : `The update to ${what} stopped there. It can go on if the device still has it.`,
      };
    }
    case 'running':
      return {
        tone: activeTone(view.state),
        shape: activeShape(view.state),
        title: view.cancelling ? 'Cancelling' : view.words.title,
        detail: view.cancelling ? 'Telling the device.' : view.words.detail,
      };
    case 'ended': {
      const tone = outcomeTone(view.state.outcome);
      return { tone, shape: toneShape(tone), ...view.words };
    }
  }
}

/** Bytes are drawn by `<update-progress>`; the card itself changes only with the words and the buttons. */
export function drawsDifferently(now: UpdateView, before: UpdateView): boolean {
  if (now.kind !== 'running' || before.kind !== 'running') return true;
  return (
    now.words.title !== before.words.title ||
    now.words.detail !== before.words.detail ||
    now.state.phase !== before.state.phase ||
    now.paused !== before.paused ||
    now.cancelling !== before.cancelling
  );
}
