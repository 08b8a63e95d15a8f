import type { RolloutStore } from '../../model/rollout/rollout-record.ts';
import { lazy } from '../../model/lazy.ts';
import type { NoticesState } from '../notices.ts';
import type { RolloutsState } from './rollouts.ts';

export interface LazyRolloutsParts {
  readonly store: RolloutStore;
  readonly notices: NoticesState;
  /** Makes the one state, code and all. */
  readonly make: () => Promise<RolloutsState>;
  /** Goes where a rollout is seen. */
  readonly show: () => void;
}

/** Rollouts are loaded when somebody wants one, or left one. */
export class LazyRollouts {
  readonly open: () => Promise<RolloutsState>;
  readonly #parts: LazyRolloutsParts;

  constructor(parts: LazyRolloutsParts) {
    this.#parts = parts;
    this.open = lazy(parts.make);
  }

  /** Says so where an earlier visit left a rollout that can go on. */
  async offer(): Promise<void> {
    const { store, notices, show } = this.#parts;
    if ((await store.read()) === null) return;
    const rollouts = await this.open();
    if (!(await rollouts.load())) return;
    notices.show({ kind: 'rollout-left' }, show);
    rollouts.$rollout.listen(() => notices.dismiss('rollout-left'));
  }
}
