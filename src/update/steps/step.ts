/** The steps of an update, what each leads to, and what a refusal carries. */
import type { SessionReport } from '../../model/device/link.ts';
import type { WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { Judged } from '../../model/update/update-state.ts';

export type Step =
  | { readonly kind: 'open' }
  | { readonly kind: 'check' }
  | { readonly kind: 'begin'; readonly force: boolean }
  | { readonly kind: 'write' }
  /** After a doubt: where is the device? */
  | { readonly kind: 'ask' }
  | { readonly kind: 'finalize' }
  /** After finalize: until the device is seen again. */
  | { readonly kind: 'look' }
  | { readonly kind: 'mark-valid' }
  /** The device takes the image whole, for which `whole-image/` has its own steps. */
  | { readonly kind: 'whole-image'; readonly link: WholeImageLink }
  | { readonly kind: 'end'; readonly with: Ending };

/**
 * The result of a step: the one that follows, or the error. What a status shows, or a refusal that is expected, is such
 * an error, too; only `decide` says what follows from it.
 */
export type StepResult = Step | Trouble;

export interface Trouble {
  readonly kind: 'trouble';
  readonly error: UpdateError;
}

export function trouble(error: UpdateError): Trouble {
  return { kind: 'trouble', error };
}

/** The steps that ask the device something. */
export type Ask = Exclude<Step, { readonly kind: 'end' | 'whole-image' }>;

/** How an update ends where the device itself has said so. */
export type Ending =
  | { readonly outcome: 'updated'; readonly slot: string }
  | { readonly outcome: 'accepted'; readonly hashNamed: boolean }
  | { readonly outcome: 'staged'; readonly slot: string | null }
  | {
      readonly outcome: 'rolled-back';
      readonly slot: string;
      readonly isPrevious: boolean;
      readonly fellBack: boolean;
    };

/** A refusal because of what the device holds or what the image is, with what the person must know to decide. */
export class Refusal extends UpdateError {
  readonly judgement: Judged | null;
  readonly otherSession: SessionReport | null;
  /** Whether our session was open before that one, and the device has most likely restarted since. */
  readonly restarted: boolean;

  constructor(
    code: 'unsupported' | 'other-session' | 'wrong-image' | 'too-large',
    why: {
      readonly judgement?: Judged;
      readonly otherSession?: SessionReport | null;
      readonly restarted?: boolean;
    } = {},
  ) {
    super(code);
    this.judgement = why.judgement ?? null;
    this.otherSession = why.otherSession ?? null;
    this.restarted = why.restarted ?? false;
  }
}
