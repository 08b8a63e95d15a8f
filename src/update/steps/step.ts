/** What the steps of an update are called, what each leads to, and what a refusal carries. */
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
  /** The device takes the image whole, which is another way from here on (`whole-image/`). */
  | { readonly kind: 'whole-image'; readonly link: WholeImageLink }
  | { readonly kind: 'end'; readonly with: Ending };

/**
 * What came of a step: the one that follows, or what stands against it. What a device was expected to refuse, or was
 * seen to be, is such an answer too; `decide` alone says what becomes of it.
 */
export type StepResult = Step | { readonly kind: 'trouble'; readonly error: UpdateError };

export function trouble(error: UpdateError): StepResult {
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

/** Refused for what the device holds or for what the image is; carries what the person must know to decide. */
export class Refusal extends UpdateError {
  readonly judgement: Judged | null;
  readonly otherSession: SessionReport | null;
  /** Whether ours was open before that one, and the device has most likely restarted since. */
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
