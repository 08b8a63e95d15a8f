import type { UpdatePlan, UpdatePorts } from '../model/update/plan.ts';
import type { UpdateState } from '../model/update/update-state.ts';
import type { UpdateControls } from './controls.ts';
import { runUpdate } from './run-update.ts';
import { wholeImageEngine } from './whole-image/load.ts';

/** Runs one update of a device of any kind, as `runUpdate` does. */
export function runAnyUpdate(
  plan: UpdatePlan,
  ports: UpdatePorts,
  controls: UpdateControls,
): AsyncGenerator<UpdateState, void, void> {
  return runUpdate(plan, ports, controls, wholeImageEngine);
}
