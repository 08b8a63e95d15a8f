/** What is said in every view of updates that a rollout server offers, and that wait for a person here. */
import type { AgentTarget } from '../../model/agent/agent-view.ts';
import { shownName } from '../../model/device/plain-names.ts';
import { counted } from '../kit/locale.ts';
import { ROLLOUT_SERVER } from './agent-panel.ts';

export const SHOW = 'Show';

/** "Rollout server: 2.1.0 can be installed on Kitchen." Null: nothing waits. */
export function offersText(targets: readonly Pick<AgentTarget, 'name' | 'assignment'>[]): string | null {
  const offered = targets.filter(({ assignment }) => assignment?.standing === 'offer');
  const [first] = offered;
  if (first === undefined) return null;
  const { version = null, name = null } = first.assignment?.file ?? {};
  const what = version ?? (name === null ? 'An update' : shownName(name));
  return offered.length === 1
    ? `${ROLLOUT_SERVER}: ${what} can be installed on ${first.name}.`
    : `${ROLLOUT_SERVER}: updates can be installed on ${counted(offered.length, 'device', 'devices')}.`;
}
