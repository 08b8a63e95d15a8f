/** What is wrong with a rollout server. */
import type { ServerTrouble } from '../../model/agent/agent-notice.ts';

const TROUBLES: Readonly<Record<ServerTrouble, string>> = {
  unreachable: 'does not answer. Running updates continue, and what there is to report is kept',
  unauthorised: 'does not accept the token, or has tokens of this kind turned off. Check both',
  'unknown-target': 'knows no such target. Check the address, the tenant and the controller ids',
  busy: 'asks the agent to come back later',
  'server-error': 'reports a failure of its own',
  garbled: 'gave an answer that no rollout server gives. Check the address',
};

/** `status`: of HTTP; null: no answer came. */
export function serverTroubleText({
  server,
  trouble,
  status,
}: {
  readonly server: string;
  readonly trouble: ServerTrouble;
  readonly status: number | null;
}): string {
  return `${server} ${TROUBLES[trouble]}${status === null ? '' : ` (status ${status})`}.`;
}
