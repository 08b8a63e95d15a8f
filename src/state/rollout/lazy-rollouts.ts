import type { JobKeys } from '../../model/page/job-calls.ts';
import type { RolloutStore } from '../../model/rollout/rollout-record.ts';
import { lazy } from '../../model/lazy.ts';
import type { HostState } from '../host.ts';
import type { NoticesState } from '../notices.ts';
import { ROLLOUT_KEY } from './rollout-key.ts';
import type { RolloutsState } from './rollouts.ts';

export interface LazyRolloutsParts {
  readonly store: RolloutStore;
  readonly notices: NoticesState;
  readonly host: Pick<HostState, '$offers' | 'asked'>;
  readonly keys: Pick<JobKeys, 'read'>;
  /** Loads the code, and makes the one state. */
  readonly make: () => Promise<RolloutsState>;
  /** Goes where a rollout is seen. */
  readonly show: () => void;
  /** A link led to a rollout, and there is no host that lets this page in. */
  readonly noHost: () => void;
}

/** Rollouts are loaded when somebody wants one, or left one. */
export class LazyRollouts {
  readonly open: () => Promise<RolloutsState>;
  readonly #parts: LazyRolloutsParts;
  #isFollowing = false;

  constructor(parts: LazyRolloutsParts) {
    this.#parts = parts;
    this.open = lazy(parts.make);
  }

  /** Follows at once what the host runs for this browser. */
  async follow(): Promise<void> {
    const { host, keys } = this.#parts;
    if (host.$offers.get().jobs !== true || (await keys.read(ROLLOUT_KEY)) === null) return;
    this.#isFollowing = await (await this.open()).follow();
  }

  /** Says so where an earlier visit left a rollout that can go on. */
  async offer(): Promise<void> {
    const { store, notices, show } = this.#parts;
    if (!this.#isFollowing && (await store.read()) === null) return;
    const rollouts = await this.open();
    if (!(await rollouts.load())) return;
    notices.show({ kind: 'rollout-left' }, show);
    rollouts.$rollout.listen(() => notices.dismiss('rollout-left'));
  }

  /** `text`: what a link has of a rollout, "id.key". */
  async arrive(text: string): Promise<void> {
    const { host, noHost } = this.#parts;
    await host.asked;
    if (host.$offers.get().jobs === true) await (await this.open()).arrive(text);
    else noHost();
  }
}
