/** What is said about the rollout on the screen, for as long as it is about that. */
import type { ReadableAtom } from 'nanostores';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';
import type { NoticesState } from '../notices.ts';

export class RolloutNotice {
  readonly #notices: NoticesState;
  readonly #view: ReadableAtom<RolloutView>;

  constructor(notices: NoticesState, view: ReadableAtom<RolloutView>) {
    this.#notices = notices;
    this.#view = view;
  }

  /** Until the rollout begins, ends or is put away. */
  say(text: string): void {
    const { kind } = this.#view.get();
    this.#until(text, (now) => now.kind !== kind);
  }

  /** Until no rollout runs. */
  whileRunning(text: string): void {
    this.#until(text, ({ kind }) => kind !== 'running');
  }

  /** Until anything more is known of it. */
  untilTold(text: string): void {
    this.#until(text, () => true);
  }

  #until(text: string, isOver: (now: RolloutView) => boolean): void {
    const takeAway = this.#notices.show({ kind: 'host-job', text });
    const stop = this.#view.listen((now) => {
      if (!isOver(now)) return;
      stop();
      takeAway();
    });
  }
}
