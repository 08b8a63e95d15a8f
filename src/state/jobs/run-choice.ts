import { atom } from 'nanostores';
import type { RunChoice, RunChoiceKept } from '../../model/page/job-calls.ts';

/** Where updates run, as the person has it in this browser. */
export class RunChoiceState {
  readonly $choice;
  readonly #kept: RunChoiceKept;

  constructor(kept: RunChoiceKept) {
    this.#kept = kept;
    this.$choice = atom(kept.read());
  }

  choose(change: Partial<RunChoice>): void {
    const choice = { ...this.$choice.get(), ...change };
    this.#kept.write(choice);
    this.$choice.set(choice);
  }
}
