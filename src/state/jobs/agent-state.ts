import { atom } from 'nanostores';
import type { AgentOrder, AgentView } from '../../model/agent/agent-view.ts';
import type { Clock } from '../../model/clock.ts';
import type { JobAnswer, JobCalls, JobTrouble } from '../../model/page/job-calls.ts';

/** An update is seen to move at this rate, and each question costs the host next to nothing. */
const EVERY_MS = 3_000;

export interface AgentShown {
  /** As the host told it last; null: it has not yet. */
  readonly view: AgentView | null;
  /** Why it may be old; null: it is not. */
  readonly trouble: JobTrouble | null;
  /** Why the last order was not carried out; null: it was. */
  readonly refused: JobTrouble | null;
}

/** The rollout server's agent in the page's host, asked for as long as somebody looks. */
export class AgentState {
  readonly $shown = atom<AgentShown>({ view: null, trouble: null, refused: null });
  readonly #calls: Pick<JobCalls, 'agent' | 'orderAgent'>;
  readonly #clock: Clock;
  #orders = 0;

  constructor(calls: Pick<JobCalls, 'agent' | 'orderAgent'>, clock: Clock) {
    this.#calls = calls;
    this.#clock = clock;
  }

  /** Looks again and again, until the signal aborts. `everyMs`: how long after each answer. */
  async follow(signal: AbortSignal, everyMs = EVERY_MS): Promise<void> {
    try {
      for (;;) {
        const before = this.#orders;
        const answer = await this.#calls.agent(signal);
        // An answer that was asked for before an order shows what was so before it.
        if (this.#orders === before) this.#heard(answer);
        await this.#clock.sleep(everyMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async order(order: AgentOrder): Promise<void> {
    this.#orders += 1;
    const answer = await this.#calls.orderAgent(order);
    this.#orders += 1;
    if (answer.kind === 'done') this.$shown.set({ view: answer.value, trouble: null, refused: null });
    else this.$shown.set({ ...this.$shown.get(), refused: answer.why });
  }

  #heard(answer: JobAnswer<AgentView>): void {
    const before = this.$shown.get();
    if (answer.kind === 'done') this.$shown.set({ ...before, view: answer.value, trouble: null });
    else this.$shown.set({ ...before, trouble: answer.why });
  }
}
