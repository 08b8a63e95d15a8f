/** What the doctor found out, as a card shows it. */
import type { Device } from '../../../model/device/device.ts';
import type { Cause, Diagnosis, Remedy } from '../../../model/device/diagnosis.ts';
import type { Protocol } from '../../../model/device/dialect.ts';
import type { FormProblem } from '../../../model/device/form-problem.ts';

export interface Finding {
  /** `answers`: nothing stands in the way any more. `taken`: another device is saved at the address. */
  readonly kind: Cause['kind'] | 'taken';
  /** Empty where the update's own words have said it. */
  readonly sentence: string;
  readonly remedy: Remedy;
  /** What its button says. */
  readonly button: string;
  /** What stands before the button; null: nothing. */
  readonly hint: string | null;
}

/** What the doctor says. */
export interface DoctorWords {
  cause(diagnosis: Diagnosis): string;
  /** Said of a protocol that was set by hand. */
  doubt(protocol: Protocol): string;
  button(remedy: Remedy): string;
  hint(remedy: Remedy): string | null;
  /** Said of a change that was not saved. */
  notSaved(problem: FormProblem): string;
}

export type DoctorView =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly finding: Finding }
  /** The browser's permission prompt is open, or about to open. */
  | { readonly kind: 'allowing' };

/** What a person can do about it, and how that is said. */
export function withRemedy(remedy: Remedy, words: DoctorWords): Pick<Finding, 'remedy' | 'button' | 'hint'> {
  return { remedy, button: words.button(remedy), hint: words.hint(remedy) };
}

/**
 * A diagnosis as it is shown. Where the person set the protocol by hand, the device may be of another kind; only here
 * are both known.
 *
 * @param isSaid whether the update's own words have said why
 */
export function findingOf(found: Diagnosis, { protocol }: Device, isSaid: boolean, words: DoctorWords): Finding {
  const { kind, remedy } = found;
  const isDoubtful = protocol !== 'automatic' && (kind === 'wrong-prefix' || kind === 'wrong-token');
  const said = [...(isSaid ? [] : [words.cause(found)]), ...(isDoubtful ? [words.doubt(protocol)] : [])];
  const edit: Remedy = { kind: 'edit-device', field: 'protocol' };
  return {
    kind,
    sentence: said.join(' '),
    ...withRemedy(isDoubtful && kind === 'wrong-prefix' ? edit : remedy, words),
  };
}
