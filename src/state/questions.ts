import { atom } from 'nanostores';
import type { Question } from '../model/update/question.ts';

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
