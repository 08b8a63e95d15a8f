/** A scene for each cause that the connection doctor finds, by what the gateway has to do with it. */
import type { Cause } from '../../../src/model/device/diagnosis.ts';
import {
  NO_ANSWER,
  OPAQUE,
  GIVEN_UP,
  WELL,
  EMPTY,
  GONE,
  REFUSED_TOKEN,
  NOT_LOGGED_IN,
  TOO_MANY,
  TIMED_OUT,
  BY_GATEWAY,
  answer,
  byGateway,
  self,
  type Scene,
} from './reach-scene.ts';

/** The browser is in the way, or cannot tell; a gateway may get further. */
export const IN_THE_BROWSER = {
  'mixed-content': { letsLocalHttp: false },
  'page-not-secure': { page: 'http://moult.example' },
  'permission-not-asked': { permission: 'prompt' },
  'permission-denied': { permission: 'denied' },
  'blocked-by-policy': { blocked: true },
  'cors-missing': { probed: OPAQUE },
  'header-missing': { probed: OPAQUE, withoutToken: REFUSED_TOKEN },
  'header-refused': { byTokenHeader: answer('unauthorised', 401) },
  certificate: { to: { origin: 'https://192.168.1.50:8080' } },
  'port-closed': {},
  'no-such-name': { probed: GIVEN_UP, to: { origin: 'http://esp32.local:8080' } },
} as const satisfies Partial<Record<Cause['kind'], Scene>>;

/** Only who asks through the gateway finds these. */
export const AT_THE_GATEWAY = {
  'not-http': { asked: byGateway(answer('device-fault', 502), 'x', 'not-http') },
  'header-not-passed': { asked: byGateway(answer('bad-request', 400), 'x', 'header-refused') },
  'gateway-refused': { asked: byGateway(answer('forbidden', 403)) },
  'gateway-gone': {},
} as const satisfies Partial<Record<Cause['kind'], Scene>>;

/** A gateway would tell no more. */
export const TOLD_ENOUGH: Readonly<
  Record<Exclude<Cause['kind'], keyof typeof IN_THE_BROWSER | keyof typeof AT_THE_GATEWAY>, Scene>
> = {
  offline: { online: false },
  'bad-port': { to: { origin: 'http://192.168.1.50:6000' } },
  'wrong-port': { open: ['http://192.168.1.50'] },
  'no-answer': { probed: GIVEN_UP },
  redirects: { asked: { ...NO_ANSWER, code: 'garbled', redirects: true } },
  busy: { asked: answer('busy', 503) },
  answers: { asked: WELL },
  'cannot-tell': { asked: GONE, control: GONE, to: { dialect: 'documented' } },
  'somebody-answers': { withoutToken: GONE, to: { dialect: 'wled' } },
  'wrong-prefix': { asked: GONE, control: GONE },
  'other-prefix': { asked: EMPTY, control: EMPTY, told: self([{ prefix: '/fw', dialect: 'shipped' }]) },
  'other-dialect': { asked: WELL, to: { protocol: 'documented' } },
  'ota-off': { asked: EMPTY, control: EMPTY, told: self([]) },
  'wrong-token': { asked: REFUSED_TOKEN },
  'login-wanted': { asked: NOT_LOGGED_IN },
  banned: { asked: TOO_MANY, withoutToken: REFUSED_TOKEN },
  'too-many-requests': { asked: TOO_MANY, withoutToken: TOO_MANY },
  'loop-not-running': { asked: TIMED_OUT, control: TIMED_OUT },
  'untrusted-host': { asked: answer('wrong-host', 400) },
  unsupported: { asked: answer('unsupported', 501) },
  'not-a-device': { asked: answer(null, 200, 'page') },
};

/** As `diagnose` is asked. */
export const EVERY_CAUSE: Readonly<Record<Cause['kind'], Scene>> = {
  ...IN_THE_BROWSER,
  ...TOLD_ENOUGH,
  'not-http': throughIt(AT_THE_GATEWAY['not-http']),
  'header-not-passed': throughIt(AT_THE_GATEWAY['header-not-passed']),
  'gateway-refused': throughIt(AT_THE_GATEWAY['gateway-refused']),
  'gateway-gone': throughIt(AT_THE_GATEWAY['gateway-gone']),
};

function throughIt(scene: Scene): Scene {
  return { ...BY_GATEWAY, ...scene, to: { viaGateway: '' } };
}
