/** What an answer that can be read says of a device: only what no other web server would answer counts. */
import type { Diagnosis } from '../../model/device/diagnosis.ts';
import { blocked } from './diagnosis.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { OtaRoutes } from '../viperhttp/openapi.ts';
import type { Asked, Probes } from './probes.ts';
import type { Credentials } from '../device-request.ts';
import { asksForLogin, TELLS_SNAPSHOT } from '../viperhttp/shipped.ts';
import { dialectOf, isByGateway, type DeviceTarget } from '../target.ts';
import { answered } from './told.ts';
import { goesWhole, TRAITS, traitsOf } from '../../model/device/dialect.ts';

/** An answer, and which credentials went with the request. */
export interface Heard {
  readonly asked: Asked;
  readonly way: Credentials;
}

/** `after`: what an update just failed with, if one did. */
export async function heard(
  answer: Heard,
  target: DeviceTarget,
  probes: Probes,
  after: UpdateErrorCode | null,
): Promise<Diagnosis> {
  const { asked } = answer;
  if (asked.redirects === true) return blocked('redirects', target, probes);
  if (asked.gatewaySays !== null) return gatewaySays(asked, target, probes);
  // Such a device does not have the route that was asked: any server may have answered this, and only a check of the
  // device tells more.
  if (goesWhole(dialectOf(target))) return answered({ kind: 'somebody-answers' }, target);
  if (asked.body === 'page') return answered({ kind: 'not-a-device' }, target);
  switch (asked.code) {
    case null:
      return asked.body === 'snapshot' ? fromSnapshot(target) : unproven(answer, target, probes, after);
    case 'no-route':
      return unproven(answer, target, probes, after);
    case 'unauthorised':
      return refused(asked, target, probes);
    case 'wrong-host':
      return answered({ kind: 'untrusted-host' }, target);
    case 'forbidden':
      // The gateway does not pass Origin on, so behind it a 403 has another reason.
      return isByGateway(target) ? blocked('busy', target, probes) : blocked('cors-missing', target, probes);
    case 'unsupported':
      return answered({ kind: 'unsupported' }, target);
    case 'garbled':
    case 'web-page':
      return answered({ kind: 'not-a-device' }, target);
    case 'busy':
      return asked.status === 429 ? tooMany(answer, target, probes) : blocked('busy', target, probes);
    case 'device-fault':
      return asked.status === 504 ? unanswered(target, probes) : blocked('busy', target, probes);
    case 'aborted':
    case 'unreachable':
    case 'host-gone':
    case 'silent':
    case 'unknown-format':
    case 'unreadable':
    case 'body-too-large':
    case 'conflict':
    case 'not-finalized':
    case 'not-counted':
    case 'hash-mismatch':
    case 'bad-request':
    case 'too-large':
    case 'other-session':
    case 'session-lost':
    case 'session-spoilt':
    case 'no-progress':
    case 'restarts-used-up':
    case 'unconfirmed':
    case 'no-restart-seen':
    case 'not-marked-valid':
    case 'wrong-image':
    case 'locked':
    case 'not-called-back':
    case 'other-subnet':
    case 'half-left':
    case 'earlier-broke-off':
    case 'not-set-aside':
    case 'stand-in-runs':
    case 'restarts-itself':
    case 'needs-host':
    case 'held-elsewhere':
    case 'not-allowed':
      return blocked('busy', target, probes);
  }
}

/** The gateway sees more than a page: no such name, no HTTP, another certificate than before. */
function gatewaySays({ gatewaySays: own, code, said }: Asked, target: DeviceTarget, probes: Probes): Diagnosis {
  if (own === 'not-http') return blocked('not-http', target, probes);
  if (own === 'header-refused') return blocked('header-not-passed', target, probes);
  const kind = code === 'forbidden' ? 'gateway-refused' : 'no-answer';
  return { ...blocked(kind, target, probes), kind, gatewaySaid: said };
}

function fromSnapshot(target: DeviceTarget): Diagnosis {
  return target.protocol === 'automatic' || target.protocol === TELLS_SNAPSHOT
    ? answered({ kind: 'answers' }, target)
    : answered({ kind: 'other-dialect', dialect: TELLS_SNAPSHOT }, target);
}

/**
 * An answer that any server may give. Where a path that cannot exist is answered the same way, it says nothing; then
 * what the device tells of itself may say where its updates are.
 */
async function unproven(
  { asked, way }: Heard,
  target: DeviceTarget,
  probes: Probes,
  after: UpdateErrorCode | null,
): Promise<Diagnosis> {
  const spoken = traitsOf(dialectOf(target));
  const isThere = differs(asked, await probes.control(target, way));
  if (isThere && asked.code === null && spoken?.isRecognised !== true) {
    // An answer that fitted no dialect a moment ago need not be a device's.
    const didNotFit = spoken === null && (after === 'garbled' || after === 'unknown-format');
    return answered({ kind: didNotFit ? 'cannot-tell' : 'answers' }, target);
  }
  const self = await probes.describe(target);
  const here = routesHere(self?.otas, target);
  if (here !== undefined) {
    if (target.protocol !== 'automatic' && target.protocol !== here.dialect)
      return answered({ kind: 'other-dialect', dialect: here.dialect }, target);
    if (!TRAITS[here.dialect].isRecognised) return answered({ kind: 'answers' }, target);
  }
  const other = here === undefined ? self?.otas[0] : undefined;
  if (other !== undefined) return answered({ kind: 'other-prefix', prefix: other.prefix }, target);
  if (self?.isViper === true && self.otas.length === 0 && !isThere) return answered({ kind: 'ota-off' }, target);
  // Such a device need not have a status; only its answer to begin shows.
  if (spoken?.isRecognised === false && after !== 'no-route') return answered({ kind: 'cannot-tell' }, target);
  return answered({ kind: isThere && asked.code === null ? 'not-a-device' : 'wrong-prefix' }, target);
}

function differs(asked: Asked, control: Asked): boolean {
  if (control.status === null) return false;
  return asked.status !== control.status || asked.body !== control.body || asked.said !== control.said;
}

function routesHere(otas: readonly OtaRoutes[] | undefined, target: DeviceTarget): OtaRoutes | undefined {
  return otas?.find(({ prefix }) => prefix === target.prefix);
}

async function refused(asked: Asked, target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  if (asksForLogin(asked) && traitsOf(dialectOf(target))?.tokenIn !== 'bearer')
    return answered({ kind: 'login-wanted' }, target);
  if (target.protocol !== 'automatic') {
    const here = routesHere((await probes.describe(target))?.otas, target);
    if (here !== undefined && here.dialect !== target.protocol)
      return answered({ kind: 'other-dialect', dialect: here.dialect }, target);
  }
  return answered({ kind: 'wrong-token' }, target);
}

/** Tells a limit on all requests, which is over in a moment, from a ban on these credentials, which lasts. */
async function tooMany({ way }: Heard, target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  const plain = way === 'none' ? null : (await probes.ask(target, 'none')).status;
  if (plain === null || plain === 429) return answered({ kind: 'too-many-requests' }, target);
  const again = await probes.ask(target, way);
  return answered({ kind: again.status === 429 ? 'banned' : 'too-many-requests' }, target);
}

/** The C server gave up waiting for the program: for this route, or for all of them. */
async function unanswered(target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  const control = await probes.control(target, 'none');
  return control.status === 504 && control.gatewaySays === null
    ? answered({ kind: 'loop-not-running' }, target)
    : blocked('busy', target, probes);
}
