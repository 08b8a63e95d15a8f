/** Sends a target's feedback in order, and what cannot be sent now later. */
import { backoffMs } from '../../../agent/polling.ts';
import type { FeedbackAnswer } from '../../../agent/note.ts';
import type { AgentFeedback } from '../../../model/agent/feedback.ts';
import type { Clock } from '../../../model/clock.ts';
import type { DdiClient, Failed } from './ddi-client.ts';

export interface SenderParts {
  readonly client: Pick<DdiClient, 'feedback'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is to be sent first; null: nothing is. */
  readonly next: () => AgentFeedback | null;
  /** Resolves when the answer is written down. */
  readonly answered: (said: AgentFeedback, answer: FeedbackAnswer) => Promise<void>;
  /** Null: it went well. */
  readonly heard: (failed: Failed | null) => void;
}

export class FeedbackSender {
  readonly #parts: SenderParts;
  #sending: Promise<void> | null = null;
  #failures = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Sends what is there, unless it is at it, or waits to try again. */
  wake(): void {
    if (this.#parts.next() !== null) this.#sending ??= this.#send().finally(() => (this.#sending = null));
  }

  /** Resolves when it is at rest. */
  async idle(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { client, clock, signal, next, answered, heard } = this.#parts;
    const isStopped = (): boolean => signal.aborted;
    for (let said = next(); said !== null && !isStopped(); said = next()) {
      const answer = await client.feedback(said, signal);
      if (isStopped()) return;
      if (typeof answer === 'string') {
        this.#failures = 0;
        heard(null);
        await answered(said, answer);
        continue;
      }
      this.#failures += 1;
      heard(answer);
      await clock.sleep(Math.max(backoffMs(this.#failures), answer.retryAfterMs ?? 0), signal).catch(() => undefined); // It ends.
    }
  }
}
