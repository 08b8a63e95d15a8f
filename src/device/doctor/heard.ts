/** What an answer that can be read says of a device: only what no other web server would have said. */
import type { UpdateErrorCode } from '../../model/update-error.ts';
import { says, type Diagnosis } from './diagnosis.ts';
import type { OtaRoutes } from '../viperhttp/openapi.ts';
import type { Asked, Probes } from './probes.ts';
import type { Credentials } from '../request.ts';
import { asksForLogin } from '../viperhttp/shipped.ts';
import { dialectOf, isByGateway, type DeviceTarget } from '../target.ts';
import { tells } from './told.ts';

/** An answer, and which header it was given to. */
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
  if (asked.redirects === true) return says('redirects', target, probes);
  if (asked.gatewaySays !== null) return gatewaySays(asked, target, probes);
  if (asked.body === 'page') return tells({ kind: 'not-a-device' }, target);
  switch (asked.code) {
    case null:
      return asked.body === 'snapshot' ? fromSnapshot(target) : unproven(answer, target, probes, after);
    case 'no-route':
      return unproven(answer, target, probes, after);
    case 'unauthorised':
      return refused(asked, target, probes);
    case 'wrong-host':
      return tells({ kind: 'untrusted-host' }, target);
    case 'forbidden':
      // The gateway sends no Origin on, so behind it a 403 has another reason.
      return isByGateway(target) ? says('busy', target, probes) : says('cors-missing', target, probes);
    case 'unsupported':
      return tells({ kind: 'unsupported' }, target);
    case 'garbled':
    case 'web-page':
      return tells({ kind: 'not-a-device' }, target);
    case 'busy':
      return asked.status === 429 ? tooMany(answer, target, probes) : says('busy', target, probes);
    case 'device-fault':
      return asked.status === 504 ? unanswered(target, probes) : says('busy', target, probes);
    default:
      return says('busy', target, probes);
  }
}

/** The gateway sees more than a page: no such name, no HTTP, another certificate than before. */
function gatewaySays({ gatewaySays: own, code, said }: Asked, target: DeviceTarget, probes: Probes): Diagnosis {
  if (own === 'not-http') return says('not-http', target, probes);
  if (own === 'header-refused') return says('header-not-passed', target, probes);
  const diagnosis = says(code === 'forbidden' ? 'gateway-refused' : 'no-answer', target, probes);
  const where = new URL(target.origin).host;
  return said === null ? diagnosis : { ...diagnosis, sentence: `The gateway says of ${where}: ${said}` };
}

function fromSnapshot(target: DeviceTarget): Diagnosis {
  return target.protocol === 'documented'
    ? tells({ kind: 'other-dialect', dialect: 'shipped' }, target)
    : tells({ kind: 'answers' }, target);
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
  const spoken = dialectOf(target);
  const isThere = differs(asked, await probes.control(target, way));
  if (isThere && asked.code === null && spoken !== 'shipped') {
    // Of an answer that did not fit a moment ago nobody can say that it is a device's.
    const didNotFit = spoken === null && (after === 'garbled' || after === 'unknown-format');
    return tells({ kind: didNotFit ? 'cannot-tell' : 'answers' }, target);
  }
  const self = await probes.describe(target);
  const here = routesHere(self?.otas, target);
  if (here !== undefined) {
    if (target.protocol !== 'automatic' && target.protocol !== here.dialect)
      return tells({ kind: 'other-dialect', dialect: here.dialect }, target);
    if (here.dialect === 'documented') return tells({ kind: 'answers' }, target);
  }
  const other = here === undefined ? self?.otas[0] : undefined;
  if (other !== undefined) return tells({ kind: 'other-prefix', prefix: other.prefix }, target);
  if (self?.isViper === true && self.otas.length === 0 && !isThere) return tells({ kind: 'ota-off' }, target);
  // A documented device need not have a status; only what came of begin tells.
  if (spoken === 'documented' && after !== 'no-route') return tells({ kind: 'cannot-tell' }, target);
  return tells({ kind: isThere && asked.code === null ? 'not-a-device' : 'wrong-prefix' }, target);
}

function differs(asked: Asked, control: Asked): boolean {
  if (control.status === null) return false;
  return asked.status !== control.status || asked.body !== control.body || asked.said !== control.said;
}

function routesHere(otas: readonly OtaRoutes[] | undefined, target: DeviceTarget): OtaRoutes | undefined {
  return otas?.find(({ prefix }) => prefix === target.prefix);
}

async function refused(asked: Asked, target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  if (asksForLogin(asked) && dialectOf(target) !== 'documented') return tells({ kind: 'login-wanted' }, target);
  if (target.protocol !== 'automatic') {
    const here = routesHere((await probes.describe(target))?.otas, target);
    if (here !== undefined && here.dialect !== target.protocol)
      return tells({ kind: 'other-dialect', dialect: here.dialect }, target);
  }
  return tells({ kind: 'wrong-token' }, target);
}

/** A limit on all requests is over in a moment; a ban is on what was sent, and lasts. */
async function tooMany({ way }: Heard, target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  const plain = way === 'none' ? null : (await probes.ask(target, 'none')).status;
  if (plain === null || plain === 429) return tells({ kind: 'too-many-requests' }, target);
  const again = await probes.ask(target, way);
  return tells({ kind: again.status === 429 ? 'banned' : 'too-many-requests' }, target);
}

/** The C server gave up waiting for the program: for this route, or for all of them. */
async function unanswered(target: DeviceTarget, probes: Probes): Promise<Diagnosis> {
  const control = await probes.control(target, 'none');
  return control.status === 504 && control.gatewaySays === null
    ? tells({ kind: 'loop-not-running' }, target)
    : says('busy', target, probes);
}
