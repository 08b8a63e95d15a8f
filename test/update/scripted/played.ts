/** One update on a bench with a scripted device, played from the first state to the outcome. */
import { UpdateControls } from '../../../src/update/controls.ts';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import type { WriteAnswer } from '../../../src/model/device/link.ts';
import { runUpdate } from '../../../src/update/run-update.ts';
import type { Outcome, UpdateState } from '../../../src/model/update/update-state.ts';
import { Bench, IMAGE, plan, type ScriptedLink, session, status } from './scripted.ts';

export const WHOLE = IMAGE.bytes.length;
/** Longer than any patience: an update that has not ended by then never ends. */
export const LONG_MS = 60 * 60 * 1000;
export const STEP_MS = 1000;

/** One update on a bench, from the first state to the outcome. */
export class Played {
  readonly bench: Bench;
  readonly controls = new UpdateControls();
  readonly states: UpdateState[] = [];
  /** Called with every state, before the engine goes on. */
  onState: (state: UpdateState) => void = () => undefined;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  async start(changes: Partial<UpdatePlan> = {}): Promise<void> {
    for await (const state of runUpdate(plan(changes), this.bench.ports, this.controls)) {
      this.states.push(state);
      this.onState(state);
    }
  }

  async end(changes: Partial<UpdatePlan> = {}): Promise<Outcome> {
    let isOver = false;
    const running = this.start(changes).finally(() => (isOver = true));
    // It is awaited below; until then it must not count as an unhandled rejection.
    running.catch(() => undefined);
    const hasEnded = () => isOver;
    for (let ms = 0; ms < LONG_MS && !hasEnded(); ms += STEP_MS) await this.bench.clock.pass(STEP_MS);
    if (hasEnded()) await running;
    const last = this.states.at(-1);
    if (last?.phase !== 'ended') throw new Error('The update did not end.');
    return last;
  }
}

export const found = (phase: UpdateState['phase'], played: Played) =>
  played.states.filter((state) => state.phase === phase);

/** A device that takes the whole image in chunks of 4,096 bytes, doubled, and then `ends`. */
export function takesAll(link: ScriptedLink): void {
  link.writes = acknowledgements();
}

function acknowledgements(from = 0): WriteAnswer[] {
  const answers: WriteAnswer[] = [];
  // As the pace grows: 4,096, then 8,192, then what is left.
  for (let at = from, size = 4096; at < WHOLE; size *= 2) {
    at = Math.min(WHOLE, at + size);
    answers.push({ writtenBytes: at, sessionId: '7' });
  }
  return answers;
}

/** A shipped bench that has taken the whole image; the script goes on with finalize. */
export function written(): Bench {
  const bench = new Bench();
  bench.link.statuses = [status()];
  bench.link.begins = [session()];
  takesAll(bench.link);
  return bench;
}
