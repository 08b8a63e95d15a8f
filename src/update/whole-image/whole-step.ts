/** The steps of an image that goes whole, and how it ends. */
import type { Unproven } from '../../model/update/update-state.ts';
import type { UpdateError } from '../../model/update/update-error.ts';
import type { Trouble } from '../steps/step.ts';
import type { Conclusion } from './conclude.ts';

export type WholeAsk =
  | { readonly kind: 'identify' }
  /** As the person agreed, since the device keeps a half upload. */
  | { readonly kind: 'restart' }
  /** Until that restart is seen. */
  | { readonly kind: 'await-restart' }
  | { readonly kind: 'prepare' }
  /** Until what takes the upload in the place of the firmware runs. */
  | { readonly kind: 'await-stand-in' }
  | { readonly kind: 'upload' }
  /** After an upload: what became of it. */
  | { readonly kind: 'look' }
  /** It has taken the image, and starts it only when it is asked to restart. */
  | { readonly kind: 'ask-to-start' };

export type WholeStep = WholeAsk | { readonly kind: 'end'; readonly with: WholeEnding };

/** What kept a step from its end. */
export type WholeTrouble =
  | Trouble
  /**
   * It answered after an upload, but has not restarted, does not tell the end, or may still roll back: it is asked again
   * after a while.
   */
  | { readonly kind: 'not-yet'; readonly is: 'not-restarted' | 'untold' | 'settling' }
  /** It restarted in the middle of the upload, which broke off with `error`: nothing of that is left. */
  | { readonly kind: 'upload-gone'; readonly error: UpdateError };

/** The result of a step: the one that follows, or what kept it from its end. */
export type WholeResult = WholeStep | WholeTrouble;

export function notYet(is: Extract<WholeTrouble, { kind: 'not-yet' }>['is']): WholeResult {
  return { kind: 'not-yet', is };
}

export function isTrouble(result: WholeResult): result is WholeTrouble {
  return result.kind === 'trouble' || result.kind === 'not-yet' || result.kind === 'upload-gone';
}

/** How an update ends where the device itself has shown it. */
export type WholeEnding =
  | { readonly outcome: 'updated' | 'rolled-back' }
  | { readonly outcome: 'accepted'; readonly why: Unproven }
  /** The image starts at the device's next restart, which was not asked for. */
  | { readonly outcome: 'staged' }
  | { readonly outcome: 'rejected'; readonly said: string | null };

/** The last step for a conclusion. Null: the update has not ended by it. */
export function endingStep(is: Conclusion): WholeStep | null {
  switch (is.kind) {
    case 'updated':
    case 'rolled-back':
      return { kind: 'end', with: { outcome: is.kind } };
    case 'accepted':
      return { kind: 'end', with: { outcome: 'accepted', why: is.why } };
    case 'not-restarted':
    case 'untold':
    case 'unconfirmed':
    case 'stands-in':
      return null;
  }
}
