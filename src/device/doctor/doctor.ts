/**
 * The connection doctor for a device that may be reached by two routes: which of them works, and why the other does
 * not.
 */
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { Cause, Diagnosis } from '../../model/device/diagnosis.ts';
import { blocked, USE_GATEWAY } from './diagnosis.ts';
import { isIpAddress } from '../host-name.ts';
import type { Probes } from './probes.ts';
import { diagnose } from './reach.ts';
import type { RoutedTarget } from '../route.ts';

/** Whether the gateway knows more of what came of the direct route. */
const GATEWAY_KNOWS_BETTER: Readonly<Record<Cause['kind'], boolean>> = {
  'mixed-content': true,
  'page-not-secure': true,
  'permission-not-asked': true,
  'permission-denied': true,
  'blocked-by-policy': true,
  'cors-missing': true,
  'header-missing': true,
  'header-refused': true,
  certificate: true,
  // A browser does not distinguish a closed port from a server of another protocol, or from a redirect.
  'port-closed': true,
  // Nor does it distinguish a name that no device has from a device that is off.
  'no-such-name': true,
  // An address, or the name of this very machine: there is nothing to look up.
  'no-answer': false,
  offline: false,
  'header-not-passed': false,
  'bad-port': false,
  'wrong-port': false,
  'not-http': false,
  redirects: false,
  busy: false,
  'gateway-gone': false,
  'gateway-refused': false,
  answers: false,
  'cannot-tell': false,
  'somebody-answers': false,
  'wrong-prefix': false,
  'other-prefix': false,
  'other-dialect': false,
  'ota-off': false,
  'wrong-token': false,
  'login-wanted': false,
  banned: false,
  'too-many-requests': false,
  'loop-not-running': false,
  'untrusted-host': false,
  unsupported: false,
  'not-a-device': false,
};

/**
 * Diagnoses the direct route; where that fails in the browser or at a name, the gateway knows more. `after`: what a
 * check or an update just failed with.
 */
export async function examine(
  { gateway, route, ...device }: RoutedTarget,
  probes: Probes,
  after: UpdateErrorCode | null,
): Promise<Diagnosis> {
  // The gateway follows no redirect; the browser does where it may not read the answer.
  const pointed =
    gateway !== null && after === 'garbled' ? await diagnose({ ...device, viaGateway: gateway }, probes, after) : null;
  if (pointed?.kind === 'redirects') return pointed;
  const direct = await diagnose({ ...device, viaGateway: null }, probes, after);
  if (gateway === null || !GATEWAY_KNOWS_BETTER[direct.kind]) return direct;
  const byGateway = await diagnose({ ...device, viaGateway: gateway }, probes, after);
  // Where the browser got an answer and the gateway got none, the reason is more likely that the page may not read it;
  // where the device was reached through its host, more likely that the host is gone.
  const missed = byGateway.kind === 'gateway-gone' && route === 'gateway';
  if (isUnreadable(direct.kind) && isNoAnswer(byGateway.kind) && !missed)
    return blocked(direct.kind, { ...device, viaGateway: null }, { page: probes.page, gateway: false });
  // Nothing answers at this address, and the gateway can tell no more.
  if (direct.kind === 'port-closed' && isIpAddress(new URL(device.origin).hostname) && isNoAnswer(byGateway.kind))
    return direct;
  if (byGateway.kind !== 'answers') return byGateway;
  // The gateway reaches it. Where it is the remembered route, there is nothing left to choose.
  return route === 'gateway' ? byGateway : { ...direct, remedy: USE_GATEWAY };
}

function isUnreadable(kind: Cause['kind']): kind is 'cors-missing' | 'header-missing' | 'header-refused' {
  return kind === 'cors-missing' || kind === 'header-missing' || kind === 'header-refused';
}

function isNoAnswer(kind: Cause['kind']): boolean {
  return kind === 'no-answer' || kind === 'gateway-gone' || kind === 'gateway-refused';
}
