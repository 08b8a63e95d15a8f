/** What is said aloud while an update loses its device: that it did, and that it goes on; not each try in between. Pure. */
import type { ActiveState } from '../../../model/update/update-state.ts';
import type { UpdateView } from '../../../state/update/update-view.ts';

/** A later loss that is over sooner is not worth a word: weak Wi-Fi has one every few seconds. */
const TOLD_FROM_TRY = 3;

type Phase = Exclude<ActiveState['phase'], 'retrying' | 'waiting'>;

/** The phases in their order: a later one is reached only by an answer of the device. */
const ORDER: Readonly<Record<Phase, number>> = {
  detecting: 0,
  checking: 1,
  beginning: 2,
  writing: 3,
  finalizing: 4,
  restarting: 5,
  confirming: 6,
};

interface Loss {
  /** What was done when the device was lost. */
  readonly during: Phase;
  /** Bytes that it had. */
  readonly acknowledged: number;
  /** The titles that were said since. */
  readonly said: readonly string[];
}

/** How much of an update was heard. */
export interface Heard {
  readonly loss: Loss | null;
  /** Whether a loss of this update was told. */
  readonly hasTold: boolean;
  readonly phase: Phase;
  /** Whether what the card says now is said aloud. */
  readonly isAloud: boolean;
  /** Whether a loss that was told is over, and the same step goes on. */
  readonly isBack: boolean;
}

export const NOTHING_HEARD: Heard = { loss: null, hasTold: false, phase: 'detecting', isAloud: true, isBack: false };

export function heardOf(before: Heard, view: UpdateView): Heard {
  if (view.kind !== 'running') return NOTHING_HEARD;
  const { state, words } = view;
  const isByPerson = view.cancelling || (state.phase === 'waiting' && state.why === 'paused');
  if (isByPerson) return { ...before, loss: null, isAloud: true, isBack: false };
  if (state.phase === 'retrying' || state.phase === 'waiting') return lost(before, state, words.title);
  const { loss } = before;
  const at = { ...before, phase: state.phase, isBack: false };
  if (loss === null) {
    return { ...at, isAloud: true, isBack: before.isBack && state.phase === before.phase };
  }
  if (!isOver(loss, state)) {
    // What was started over counts from where it is.
    const acknowledged = Math.min(loss.acknowledged, state.progress.acknowledged);
    return { ...at, phase: loss.during, loss: { ...loss, acknowledged }, isAloud: false };
  }
  const wasTold = loss.said.length > 0;
  const isSameStep = state.phase === loss.during;
  return { ...at, loss: null, isAloud: wasTold || !isSameStep, isBack: wasTold && isSameStep };
}

/** Whether the card has to be drawn for it, though its words are as before. */
export function comesBack({ loss }: Heard, view: UpdateView): boolean {
  if (loss === null || view.kind !== 'running') return false;
  const { state } = view;
  return state.phase !== 'retrying' && state.phase !== 'waiting' && isOver(loss, state);
}

function lost(before: Heard, state: Extract<ActiveState, { phase: 'retrying' | 'waiting' }>, title: string): Heard {
  const { acknowledged } = state.progress;
  const lasting = before.loss !== null && acknowledged <= before.loss.acknowledged ? before.loss : null;
  const loss: Loss = lasting ?? { during: before.phase, acknowledged, said: [] };
  const isWorthIt = !before.hasTold || state.phase === 'waiting' || state.attempt >= TOLD_FROM_TRY;
  const isAloud = isWorthIt && !loss.said.includes(title);
  return {
    loss: isAloud ? { ...loss, said: [...loss.said, title] } : loss,
    hasTold: before.hasTold || isAloud,
    phase: loss.during,
    isAloud,
    isBack: false,
  };
}

function isOver({ during, acknowledged }: Loss, { phase, progress }: Extract<ActiveState, { phase: Phase }>): boolean {
  return progress.acknowledged > acknowledged || ORDER[phase] > ORDER[during];
}
