import type { UpdateControls } from './controls.ts';
import type { UpdatePlan, UpdatePorts } from './plan.ts';
import type { UpdateState } from './update-state.ts';

/** Runs one update. Yields every state; the last one is the outcome. Never rejects. */
export declare function runUpdate(
  plan: UpdatePlan,
  ports: UpdatePorts,
  controls: UpdateControls,
): AsyncGenerator<UpdateState, void, void>;
