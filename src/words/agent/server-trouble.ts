/** What is wrong with a rollout server. */
import type { ServerTrouble } from '../../model/agent/agent-notice.ts';

const TROUBLES: Readonly<Record<ServerTrouble, string>> = {
  unreachable: 'does not answer. Updates that run go on, and what there is to report is kept',
  unauthorised: 'does not accept the token, or has tokens of this kind turned off. Check both',
  'unknown-target': 'knows no such target. Check the address, the tenant and the controller ids',
  busy: 'asks to come back later',
  'server-error': 'failed',
  garbled: 'gave an answer that is none of a rollout server’s. Check the address',
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
