import { atom } from 'nanostores';
import type { Device } from '../model/device.ts';
import type { Found } from '../model/finding.ts';
import type { SessionReport } from '../model/ports.ts';

/** What only the person can decide. */
export type Question =
  | { readonly kind: 'overrule'; readonly device: Device; readonly firmware: string; readonly finding: Found }
  /** `devices`: how many would take it. */
  | {
      readonly kind: 'no-micropython';
      readonly firmware: string;
      readonly device: Device | null;
      readonly devices: number;
    }
  | { readonly kind: 'take-over'; readonly device: Device; readonly session: SessionReport }
  | { readonly kind: 'remove-device'; readonly device: Device }
  | { readonly kind: 'remove-firmware'; readonly name: string }
  | { readonly kind: 'clear-history' }
  | { readonly kind: 'forget-tokens' };

/** One question at a time; whoever asks waits for the answer. A second one waits for the first. */
export class QuestionsState {
  readonly $question = atom<Question | null>(null);
  readonly #waiting: { readonly question: Question; readonly answered: (yes: boolean) => void }[] = [];

  ask(question: Question): Promise<boolean> {
    return new Promise((answered) => {
      this.#waiting.push({ question, answered });
      this.#show();
    });
  }

  answer(yes: boolean): void {
    this.#waiting.shift()?.answered(yes);
    this.#show();
  }

  #show(): void {
    this.$question.set(this.#waiting[0]?.question ?? null);
  }
}
