/** How a card says what its device's update does. */
import type { SVGTemplateResult } from 'lit';
import { type UpdateView, canTellHowMuch } from '../../state/update/update-view.ts';
import type { JournalEntry } from '../../model/journal.ts';
import { workingShape } from '../kit/icons.ts';
import { activeShape, activeTone, outcomeTone, toneShape, type Tone } from '../kit/outcome-shape.ts';
import { percentOf } from '../../words/quantities.ts';

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
    case 'offer':
      return { tone: 'needs', shape: toneShape('needs'), ...offerInWords(view) };
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

/** What "Resume" would do: go on, start over, or look what became of the end. */
function resumes(entry: JournalEntry): 'on' | 'over' | 'look' {
  if (entry.phase === 'finalizing' || entry.phase === 'restarting') return 'look';
  return entry.acknowledged > 0 && canTellHowMuch(entry) ? 'on' : 'over';
}

/** What the button says that takes an offer. */
export function resumeLabel(entry: JournalEntry): string {
  switch (resumes(entry)) {
    case 'on':
      return `Resume from ${percentOf(entry.acknowledged, entry.size)} %`;
    case 'over':
      return 'Start over';
    case 'look':
      return 'Look again';
  }
}

function offerInWords({ entry, firmware }: Extract<UpdateView, { kind: 'offer' }>): { title: string; detail: string } {
  const way = resumes(entry);
  const title = way === 'look' ? 'End not seen' : `${percentOf(entry.acknowledged, entry.size)} % written`;
  if (firmware === null) {
    return {
      title,
      detail: 'The update stopped there, and its file is no longer kept here. Choose the same file again to go on.',
    };
  }
  const what = `The update to ${firmware.version ?? firmware.name}`;
  switch (way) {
    case 'on':
      return { title, detail: `${what} stopped there. It can go on if the device still has it.` };
    case 'over':
      return { title, detail: `${what} stopped there. The device does not tell how much it has, so it starts over.` };
    case 'look':
      return { title, detail: `${what} was written whole. What the device made of it was not seen.` };
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
