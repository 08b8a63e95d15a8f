/** How a card says what its device's update does. */
import type { SVGTemplateResult } from 'lit';
import { type UpdateView, canTellHowMuch } from '../../state/update/update-view.ts';
import type { CheckView } from '../../state/device/check/check-view.ts';
import type { JournalEntry } from '../../model/update/journal.ts';
import { workingShape } from '../kit/style/icons.ts';
import { activeShape, activeTone, outcomeTone, toneShape, type Tone } from '../kit/style/outcome-shape.ts';
import { answerText, ASKING_DEVICE, failureText, NOT_ASKED } from '../../words/device/card/device-check.ts';
import { CANCELLING, LOOKING, offerText, preparingWords, type Resume } from '../../words/device/card/device-card.ts';

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
  /** Stands behind the title. It changes all the time, and is not said aloud. */
  readonly far?: string;
  readonly detail: string;
}

/** Characters that fit the two small lines that are kept for a detail on a phone of 320 px. */
const FITS = 66;

/**
 * A detail in two parts: what fits above the buttons, so that they stay where they are, and what stands below them. One
 * that is too long is parted behind its first sentence; where that is too long, too, all of it stands below.
 */
export function parted(detail: string): readonly [above: string, below: string] {
  const end = detail.length > FITS ? detail.indexOf('. ') + 1 : FITS;
  const at = end > FITS ? 0 : end;
  return [detail.slice(0, at), detail.slice(at)];
}

/** @param isExplained whether the doctor says why it failed and what to do: then only what is true all the same stands here */
export function statusOf(view: UpdateView, isExplained = false): Status {
  switch (view.kind) {
    case 'rest':
      return { tone: 'calm', shape: null, title: '', detail: '' };
    case 'preparing':
      return { tone: 'calm', shape: workingShape, detail: '', ...preparingWords(view.handedOver) };
    case 'offer':
      if (view.isLooking === true) return { tone: 'calm', shape: workingShape, ...LOOKING };
      return {
        tone: 'needs',
        shape: toneShape('needs'),
        ...offerText(resumeOf(view.entry), view.entry, view.firmware, view.onHost === 'needs-token'),
      };
    case 'running':
      return {
        tone: activeTone(view.state),
        shape: activeShape(view.state),
        ...(view.cancelling ? CANCELLING : view.words),
      };
    case 'ended': {
      const tone = outcomeTone(view.state.outcome);
      const { title, detail, standing = detail } = view.words;
      return { tone, shape: toneShape(tone), title, detail: isExplained ? standing : detail };
    }
  }
}

/** What "Resume" would do: go on, start over, or look what became of the end. */
export function resumeOf(entry: JournalEntry): Resume {
  if (entry.phase === 'finalizing' || entry.phase === 'restarting') return 'look';
  return entry.acknowledged > 0 && canTellHowMuch(entry) ? 'on' : 'over';
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

/** What the last answer of the device, or none, comes to in one sentence. `explained`: the doctor says the rest. */
export function checkText(view: CheckView, explained: boolean): string {
  switch (view.kind) {
    case 'unasked':
      return NOT_ASKED;
    case 'asking':
      return ASKING_DEVICE;
    case 'failed':
      return explained ? failureText(view.code) : view.words.detail;
    case 'answered':
      return answerText(view);
  }
}

/** Whether it is the answer from before with the device's program, which comes a moment later: aloud it would be said twice. */
export function onlyAddsProgram(now: CheckView, before: CheckView): boolean {
  return now.kind === 'answered' && before.kind === 'answered' && now !== before && now.at === before.at;
}

/** Beside the words of an update, an answer is told only where it came later. */
export function isCheckNews(check: CheckView, update: UpdateView): boolean {
  if (check.kind === 'unasked' || update.kind === 'running' || update.kind === 'preparing') return false;
  if (update.kind !== 'ended') return true;
  return check.kind === 'answered' ? check.at > update.at : true;
}
