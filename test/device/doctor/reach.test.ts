import { expect } from 'chai';
import type { LocalNetworkPermission } from '../../../src/device/link-deps.ts';
import type { Cause, Remedy } from '../../../src/model/device/diagnosis.ts';
import type { SelfDescription } from '../../../src/device/viperhttp/openapi.ts';
import type { Asked, AnswerBody, Probed, Probes } from '../../../src/device/doctor/probes.ts';
import { diagnose } from './told.ts';
import type { DeviceTarget } from '../../../src/device/target.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { target } from '../given.ts';

const NO_ANSWER: Asked = { code: 'unreachable', status: null, said: null, body: null, gatewaySays: null };
const OPAQUE: Probed = { reached: true, ms: 20 };
const REFUSED: Probed = { reached: false, ms: 30 };
const GIVEN_UP: Probed = { reached: false, ms: 3000 };

function answer(code: UpdateErrorCode | null, status: number, body: AnswerBody = 'text', said?: string): Asked {
  return { code, status, said: said ?? null, body, gatewaySays: null };
}

const WELL = answer(null, 200, 'snapshot');
/** What ViperHTTP answers where there is no route. */
const EMPTY = answer(null, 200, 'empty');
const GONE = answer('no-route', 404);
const REFUSED_TOKEN = answer('unauthorised', 401, 'text', 'invalid ota token');
const NOT_LOGGED_IN = answer('unauthorised', 401, 'text', 'Not authenticated');
const TOO_MANY = answer('busy', 429, 'text', 'Too Many Requests');
const TIMED_OUT = answer('device-fault', 504, 'text', 'Gateway Timeout');

function self(otas: SelfDescription['otas'], isViper = true): SelfDescription {
  return { isViper, title: null, version: null, otas, hasRestartRoute: false };
}

function byGateway(asked: Asked, said: string | null = null, gatewaySays = 'unreachable'): Asked {
  return { ...asked, said, gatewaySays };
}

/** What the page, the browser and the device are like; from a secure page in a public place, in Chromium, allowed. */
interface Scene {
  readonly page?: string;
  readonly secure?: boolean;
  readonly gateway?: boolean;
  readonly online?: boolean;
  readonly permission?: LocalNetworkPermission;
  /** What the browser says once a request was tried. */
  readonly permissionAfter?: LocalNetworkPermission;
  readonly letsLocalHttp?: boolean;
  readonly asked?: Asked;
  readonly byTokenHeader?: Asked;
  readonly byBearer?: Asked;
  readonly withoutToken?: Asked;
  /** What comes of a path that cannot exist. */
  readonly control?: Asked;
  /** What the device tells of itself. */
  readonly told?: SelfDescription;
  /** What comes of the second question with the token. */
  readonly again?: Asked;
  readonly probed?: Probed;
  readonly open?: readonly string[];
  readonly blocked?: boolean;
  readonly to?: Partial<DeviceTarget>;
  readonly after?: UpdateErrorCode;
}

function probesFor(scene: Scene): { probes: Probes; tried: string[] } {
  const { page = 'https://moult.example', secure = page.startsWith('https:'), asked = NO_ANSWER } = scene;
  const tried: string[] = [];
  const probes: Probes = {
    page: { origin: page, secure },
    gateway: scene.gateway ?? false,
    online: () => scene.online ?? true,
    permission: async () => (tried.length > 0 ? scene.permissionAfter : undefined) ?? scene.permission ?? 'granted',
    letsLocalHttp: async () => scene.letsLocalHttp ?? true,
    ask: async (_target, credentials) => {
      const before = tried.includes(`ask ${credentials}`);
      tried.push(`ask ${credentials}`);
      if (before && scene.again !== undefined) return scene.again;
      switch (credentials) {
        case 'none':
          return scene.withoutToken ?? NO_ANSWER;
        case 'bearer':
          return scene.byBearer ?? asked;
        case 'token-header':
        case 'both':
        case 'login':
          return scene.byTokenHeader ?? asked;
      }
    },
    control: async (_target, credentials) => {
      tried.push(`control ${credentials}`);
      return scene.control ?? NO_ANSWER;
    },
    describe: async () => {
      tried.push('describe');
      return scene.told ?? null;
    },
    probe: async ({ origin }) => {
      tried.push(`probe ${origin}`);
      if (scene.open?.includes(origin)) return OPAQUE;
      return origin === target(scene.to).origin ? (scene.probed ?? REFUSED) : REFUSED;
    },
    blockedByPolicy: async () => scene.blocked ?? false,
  };
  return { probes, tried };
}

const FROM_LOCALHOST = { page: 'http://localhost:6685', secure: true, permission: 'none' } as const;
const BY_GATEWAY = { ...FROM_LOCALHOST, gateway: true } as const;

describe('the connection doctor', () => {
  const rungs: readonly (readonly [name: string, scene: Scene, kind: Cause['kind'], remedy: Remedy['kind']])[] = [
    ['no network', { online: false }, 'offline', 'try-again'],
    ['an https page in Firefox or Safari', { letsLocalHttp: false }, 'mixed-content', 'run-host'],
    ['the same with a gateway at hand', { letsLocalHttp: false, gateway: true }, 'mixed-content', 'use-gateway'],
    [
      'an https page and a public http device',
      { to: { origin: 'http://ota.example.com:8080' } },
      'mixed-content',
      'run-host',
    ],
    ['an http page from elsewhere', { page: 'http://moult.example' }, 'page-not-secure', 'open-in-tab'],
    ['permission not asked yet', { permission: 'prompt' }, 'permission-not-asked', 'allow-local-network'],
    ['permission denied', { permission: 'denied' }, 'permission-denied', 'site-settings'],
    ['the question was closed', { permissionAfter: 'prompt' }, 'permission-not-asked', 'allow-local-network'],
    ['the question was answered with Block', { permissionAfter: 'denied' }, 'permission-denied', 'site-settings'],
    ['the page’s own policy', { blocked: true }, 'blocked-by-policy', 'copy-policy'],
    ['the page’s own policy, with a gateway', { blocked: true, gateway: true }, 'blocked-by-policy', 'use-gateway'],
    ['no CORS', { probed: OPAQUE }, 'cors-missing', 'copy-cors-lines'],
    ['no CORS, with a gateway', { probed: OPAQUE, gateway: true }, 'cors-missing', 'use-gateway'],
    ['an origin that is not listed', { asked: answer('forbidden', 403) }, 'cors-missing', 'copy-cors-lines'],
    [
      'the same without the token',
      { probed: OPAQUE, withoutToken: answer('forbidden', 403) },
      'cors-missing',
      'copy-cors-lines',
    ],
    [
      'a header that is not listed',
      { probed: OPAQUE, withoutToken: answer('unauthorised', 401) },
      'header-missing',
      'copy-cors-lines',
    ],
    ['a host that is not trusted', { asked: answer('wrong-host', 400) }, 'untrusted-host', 'copy-host-lines'],
    [
      'the same, heard without the token',
      { probed: OPAQUE, withoutToken: answer('wrong-host', 400) },
      'untrusted-host',
      'copy-host-lines',
    ],
    ['another port', { open: ['http://192.168.1.50'] }, 'wrong-port', 'try-port'],
    ['a closed port', {}, 'port-closed', 'edit-device'],
    ['just within the time of a closed port', { probed: { reached: false, ms: 999 } }, 'port-closed', 'edit-device'],
    ['no such address', { probed: GIVEN_UP }, 'no-answer', 'try-again'],
    ['an address given up after a second', { probed: { reached: false, ms: 1000 } }, 'no-answer', 'try-again'],
    ['no such name', { probed: GIVEN_UP, to: { origin: 'http://esp32.local:8080' } }, 'no-such-name', 'edit-device'],
    [
      'a certificate that is not trusted',
      { to: { origin: 'https://192.168.1.50:8080' } },
      'certificate',
      'open-in-tab',
    ],
    [
      'the same with a gateway',
      { gateway: true, to: { origin: 'https://192.168.1.50:8080' } },
      'certificate',
      'use-gateway',
    ],
    ['another prefix, or OTA off', { asked: GONE, control: GONE }, 'wrong-prefix', 'edit-device'],
    ['the same, as ViperHTTP says it', { asked: EMPTY, control: EMPTY }, 'wrong-prefix', 'edit-device'],
    ['the same where the other path is not answered', { asked: EMPTY }, 'wrong-prefix', 'edit-device'],
    [
      'the same at a documented device',
      { asked: EMPTY, control: EMPTY, to: { dialect: 'documented' } },
      'cannot-tell',
      'try-again',
    ],
    [
      'a server that answers JSON to everything',
      { asked: answer(null, 200, 'json'), control: answer(null, 200, 'json') },
      'wrong-prefix',
      'edit-device',
    ],
    ['OTA off, as the device tells', { asked: EMPTY, control: EMPTY, told: self([]) }, 'ota-off', 'copy-ota-lines'],
    [
      'a list of routes that is not ViperHTTP’s',
      { asked: EMPTY, control: EMPTY, told: self([], false) },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'another prefix, as the device tells',
      { asked: EMPTY, control: EMPTY, told: self([{ prefix: '/fw', dialect: 'shipped' }]) },
      'other-prefix',
      'use-prefix',
    ],
    [
      'the same where nothing is 404',
      { asked: GONE, control: GONE, told: self([{ prefix: '/fw', dialect: 'documented' }], false) },
      'other-prefix',
      'use-prefix',
    ],
    [
      'a documented device without status, as it tells',
      { asked: EMPTY, control: EMPTY, told: self([{ prefix: '/ota', dialect: 'documented' }]) },
      'answers',
      'try-again',
    ],
    [
      'the other protocol than was set by hand, as the device tells',
      {
        ...{ asked: EMPTY, control: EMPTY, told: self([{ prefix: '/ota', dialect: 'documented' }]) },
        to: { protocol: 'shipped' },
      },
      'other-dialect',
      'edit-device',
    ],
    [
      'the same, heard from the token',
      {
        ...{ asked: REFUSED_TOKEN, told: self([{ prefix: '/ota', dialect: 'shipped' }]) },
        to: { protocol: 'documented' },
      },
      'other-dialect',
      'edit-device',
    ],
    [
      'the same, heard from a snapshot',
      { asked: WELL, to: { protocol: 'documented' } },
      'other-dialect',
      'edit-device',
    ],
    [
      'a wrong token in the protocol that was set by hand',
      { asked: REFUSED_TOKEN, told: self([{ prefix: '/ota', dialect: 'shipped' }]), to: { protocol: 'shipped' } },
      'wrong-token',
      'edit-device',
    ],
    [
      'a status of another shape, where no other path is answered so',
      { asked: answer(null, 200, 'json'), control: GONE },
      'answers',
      'try-again',
    ],
    [
      'the same after a check that it did not fit',
      { asked: answer(null, 200, 'json'), control: GONE, after: 'unknown-format' },
      'cannot-tell',
      'try-again',
    ],
    [
      'a status that is empty, after a check that it did not fit',
      { asked: answer(null, 204, 'empty'), control: GONE, after: 'garbled' },
      'cannot-tell',
      'try-again',
    ],
    [
      'the same from a device that is known to be shipped',
      { asked: answer(null, 200, 'json'), control: GONE, to: { dialect: 'shipped' } },
      'not-a-device',
      'edit-device',
    ],
    ['a second credential', { asked: NOT_LOGGED_IN }, 'login-wanted', 'edit-device'],
    [
      'a second credential that is another one',
      { asked: NOT_LOGGED_IN, to: { login: { user: 'ada', password: 'x' } } },
      'login-wanted',
      'edit-device',
    ],
    [
      'a documented device that says no in these words',
      { asked: NOT_LOGGED_IN, to: { dialect: 'documented' } },
      'wrong-token',
      'edit-device',
    ],
    ['banned', { asked: TOO_MANY, withoutToken: REFUSED_TOKEN }, 'banned', 'try-again'],
    [
      'not banned after all',
      { asked: TOO_MANY, withoutToken: REFUSED_TOKEN, again: WELL },
      'too-many-requests',
      'try-again',
    ],
    ['too many requests from everybody', { asked: TOO_MANY, withoutToken: TOO_MANY }, 'too-many-requests', 'try-again'],
    ['too many requests, and nothing to compare with', { asked: TOO_MANY }, 'too-many-requests', 'try-again'],
    ['a loop that does not run', { asked: TIMED_OUT, control: TIMED_OUT }, 'loop-not-running', 'copy-loop-lines'],
    [
      'the same, where the header is not listed',
      { probed: OPAQUE, withoutToken: TIMED_OUT, control: TIMED_OUT },
      'loop-not-running',
      'copy-loop-lines',
    ],
    ['one route alone that takes too long', { asked: TIMED_OUT, control: EMPTY }, 'busy', 'try-again'],
    [
      'OTA off, where the header is not listed',
      { probed: OPAQUE, withoutToken: EMPTY, control: EMPTY, told: self([]) },
      'ota-off',
      'copy-ota-lines',
    ],
    [
      'the same after a begin that came to nothing',
      { asked: EMPTY, control: EMPTY, after: 'no-route', to: { dialect: 'documented' } },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'begin was not found at a documented device',
      { asked: GONE, control: GONE, after: 'no-route', to: { dialect: 'documented' } },
      'wrong-prefix',
      'edit-device',
    ],
    [
      'a documented device without status',
      { asked: GONE, control: GONE, to: { dialect: 'documented' } },
      'cannot-tell',
      'try-again',
    ],
    [
      'the same, set by hand',
      { asked: GONE, control: GONE, to: { protocol: 'documented' } },
      'cannot-tell',
      'try-again',
    ],
    ...[EMPTY, GONE, WELL, answer(null, 200, 'page')].map(
      (asked) =>
        [
          `a lamp’s address, where anybody may have answered (${asked.body} ${asked.status})`,
          { withoutToken: asked, to: { dialect: 'wled' } },
          'somebody-answers',
          'try-again',
        ] as const,
    ),
    ['a wrong token', { asked: answer('unauthorised', 401) }, 'wrong-token', 'edit-device'],
    [
      'a token that one header was refused for, and the other cannot be sent',
      { byTokenHeader: answer('unauthorised', 401) },
      'header-refused',
      'copy-cors-lines',
    ],
    [
      'no status by the one header, and the other cannot be sent',
      { byTokenHeader: answer('no-route', 404) },
      'header-refused',
      'copy-cors-lines',
    ],
    [
      'a token that Bearer was refused for, and the other header cannot be sent',
      { byBearer: answer('unauthorised', 401) },
      'header-refused',
      'copy-cors-lines',
    ],
    [
      'a token that the header of a known dialect was refused for',
      { byTokenHeader: answer('unauthorised', 401), to: { dialect: 'shipped' } },
      'wrong-token',
      'edit-device',
    ],
    ['a router’s page that is not there', { asked: answer('no-route', 404, 'page') }, 'not-a-device', 'edit-device'],
    ['no OTA on board', { asked: answer('unsupported', 501) }, 'unsupported', 'edit-device'],
    ['a router', { asked: answer(null, 200, 'page') }, 'not-a-device', 'edit-device'],
    ['a router that asks who is there', { asked: answer('unauthorised', 401, 'page') }, 'not-a-device', 'edit-device'],
    ['a redirect', { asked: { ...NO_ANSWER, code: 'garbled', redirects: true } }, 'redirects', 'edit-device'],
    ['a port that browsers keep away from', { to: { origin: 'http://192.168.1.50:6000' } }, 'bad-port', 'edit-device'],
    ['a busy device', { asked: answer('busy', 503) }, 'busy', 'try-again'],
    ['a device with trouble', { asked: answer('device-fault', 500) }, 'busy', 'try-again'],
    ['all is well', { asked: WELL }, 'answers', 'try-again'],
    ['all is well by Bearer alone', { byTokenHeader: NO_ANSWER, byBearer: WELL }, 'answers', 'try-again'],
    [
      'refused by one header, taken by the other',
      { byTokenHeader: answer('unauthorised', 401), byBearer: WELL },
      'answers',
      'try-again',
    ],
    ['from localhost', { ...FROM_LOCALHOST }, 'port-closed', 'edit-device'],
    [
      'from localhost in Firefox',
      { ...FROM_LOCALHOST, letsLocalHttp: false, probed: OPAQUE },
      'cors-missing',
      'copy-cors-lines',
    ],
    [
      'from an http page on the LAN',
      { page: 'http://192.168.1.9:6685', permission: 'denied', probed: OPAQUE },
      'cors-missing',
      'copy-cors-lines',
    ],
    [
      'from the device itself, that is off',
      { page: 'http://192.168.1.50:8080', permission: 'prompt' },
      'port-closed',
      'edit-device',
    ],
    [
      'from the device itself, that answers late',
      { page: 'http://192.168.1.50:8080', probed: OPAQUE },
      'busy',
      'try-again',
    ],
    [
      'to loopback without network',
      { ...FROM_LOCALHOST, online: false, to: { origin: 'http://127.0.0.1:8080' } },
      'port-closed',
      'edit-device',
    ],
    [
      'to loopback from an https page',
      { letsLocalHttp: false, to: { origin: 'http://localhost:8080' } },
      'port-closed',
      'edit-device',
    ],
    ['through the gateway, well', { ...BY_GATEWAY, asked: WELL, to: { viaGateway: '' } }, 'answers', 'try-again'],
    [
      'through the gateway, device off',
      { ...BY_GATEWAY, asked: byGateway(answer('device-fault', 502)), to: { viaGateway: '' } },
      'no-answer',
      'try-again',
    ],
    [
      'through the gateway, device too slow',
      { ...BY_GATEWAY, asked: byGateway(answer('device-fault', 504)), to: { viaGateway: '' } },
      'no-answer',
      'try-again',
    ],
    [
      'through the gateway, whose loop does not run',
      { ...BY_GATEWAY, asked: TIMED_OUT, control: TIMED_OUT, to: { viaGateway: '' } },
      'loop-not-running',
      'copy-loop-lines',
    ],
    [
      'through the gateway, one route that takes too long and one that the gateway gave up',
      { ...BY_GATEWAY, asked: TIMED_OUT, control: byGateway(TIMED_OUT), to: { viaGateway: '' } },
      'busy',
      'try-again',
    ],
    [
      'through the gateway, which reaches no such address',
      { ...BY_GATEWAY, asked: byGateway(answer('forbidden', 403)), to: { viaGateway: '' } },
      'gateway-refused',
      'edit-device',
    ],
    [
      'through the gateway, something that speaks no HTTP',
      { ...BY_GATEWAY, asked: byGateway(answer('device-fault', 502), 'x', 'not-http'), to: { viaGateway: '' } },
      'not-http',
      'edit-device',
    ],
    [
      'through the gateway, which passes on no such header',
      { ...BY_GATEWAY, asked: byGateway(answer('bad-request', 400), 'x', 'header-refused'), to: { viaGateway: '' } },
      'header-not-passed',
      'edit-device',
    ],
    [
      'through the gateway, a device that forbids it',
      { ...BY_GATEWAY, asked: answer('forbidden', 403), to: { viaGateway: '' } },
      'busy',
      'try-again',
    ],
    [
      'through the gateway, device in trouble',
      { ...BY_GATEWAY, asked: answer('device-fault', 500), to: { viaGateway: '' } },
      'busy',
      'try-again',
    ],
    ['the gateway itself is gone', { ...BY_GATEWAY, to: { viaGateway: '' } }, 'gateway-gone', 'try-again'],
    [
      'the gateway in Firefox on https',
      {
        page: 'https://laptop.local',
        letsLocalHttp: false,
        asked: answer('unauthorised', 401),
        to: { viaGateway: '' },
      },
      'wrong-token',
      'edit-device',
    ],
  ];
  for (const [name, scene, kind, remedy] of rungs) {
    it(`${name}: ${kind}, ${remedy}`, async () => {
      const diagnosis = await diagnose(target(scene.to), probesFor(scene).probes, scene.after ?? null);
      expect([diagnosis.kind, diagnosis.remedy.kind]).to.deep.equal([kind, remedy]);
      expect(diagnosis.sentence)
        .to.match(/^[A-Z].*\.$/)
        .and.to.not.match(/please|oops|sorry|went wrong|undefined|null/i);
      expect(diagnosis.label).to.match(/^[A-Z]/);
      const answered = [scene.asked, scene.byTokenHeader, scene.byBearer].some(
        (each) => each?.gatewaySays === null && each.status !== null,
      );
      if (answered || scene.probed?.reached === true)
        expect(diagnosis.sentence, 'said of what answered').to.not.match(/nothing (answers|listens)|device is off/i);
    });
  }

  it('gives what the device told as the remedy', async () => {
    const scene: Scene = {
      ...{ asked: EMPTY, control: EMPTY },
      told: self([
        { prefix: '/fw', dialect: 'shipped' },
        { prefix: '/old', dialect: 'shipped' },
      ]),
    };
    const { sentence, label, remedy } = await diagnose(target(), probesFor(scene).probes);
    expect(label).to.equal('Use /fw');
    expect(remedy).to.deep.equal({ kind: 'use-prefix', prefix: '/fw' });
    expect(sentence).to.include('reports the update path /fw').and.include('saved with /ota');
    const documented = { ...scene, told: self([{ prefix: '/ota', dialect: 'documented' }]) };
    const other = await diagnose(target({ protocol: 'shipped' }), probesFor(documented).probes);
    expect(other.sentence).to.include('uses ViperHTTP “as documented”').and.include('set to “as shipped”');
  });

  it('gives lines that turn updates on just there, and none with the token in it', async () => {
    const scene: Scene = { asked: EMPTY, control: EMPTY, told: self([]) };
    const asked = target({ origin: 'http://192.168.1.50', prefix: '/fw', tokenHeader: 'X-Key', token: 'geheim' });
    const { remedy } = await diagnose(asked, probesFor(scene).probes);
    if (remedy.kind !== 'copy-ota-lines') throw new Error(remedy.kind);
    expect(remedy.text.split('\n')).to.include.members([
      'app.run(port=80, ota=True, ota_token="…", ota_prefix="/fw", ota_token_header="X-Key")',
    ]);
    expect(remedy.text)
      .to.match(/^asyncio\.get_event_loop\(\)\.run_forever\(\)[^\n]*$/m)
      .and.not.contain('geheim');
    const secure = await diagnose(target({ origin: 'https://192.168.1.50' }), probesFor(scene).probes);
    expect(secure.remedy).to.have.property('text').that.includes('app.run(port=443, https=True, ');
  });

  it('gives the lines that keep a program running', async () => {
    const { remedy } = await diagnose(target(), probesFor({ asked: TIMED_OUT, control: TIMED_OUT }).probes);
    expect(remedy)
      .to.have.property('text')
      .that.matches(/^import asyncio\n[^]*\nasyncio\.get_event_loop\(\)\.run_forever\(\)/);
  });

  it('says whether the login is missing or refused, and lists its header where it is to go along', async () => {
    const login = { user: 'ada', password: 'secret' };
    const missing = await diagnose(target(), probesFor({ asked: NOT_LOGGED_IN }).probes);
    expect(missing.sentence).to.include('needs a user and a password');
    const wrong = await diagnose(target({ login }), probesFor({ asked: NOT_LOGGED_IN }).probes);
    expect(wrong.sentence).to.include('refused the user or the password');
    const { remedy } = await diagnose(target({ login, dialect: 'shipped' }), probesFor({ probed: OPAQUE }).probes);
    expect(remedy).to.have.property('text').that.includes('["Authorization", "Content-Type", "X-OTA-Token"]');
  });

  it('sends no Bearer to a device that would count it as a failed login', async () => {
    const cases: readonly (readonly [Scene, Partial<DeviceTarget>])[] = [
      [{ byTokenHeader: NOT_LOGGED_IN }, {}],
      [{ byTokenHeader: answer('unauthorised', 401) }, { login: { user: 'ada', password: 'x' } }],
      [
        { byTokenHeader: answer('unauthorised', 401) },
        { login: { user: 'ada', password: 'x' }, dialect: 'documented' },
      ],
    ];
    for (const [scene, to] of cases) {
      const { probes, tried } = probesFor(scene);
      await diagnose(target(to), probes);
      expect(tried).to.deep.equal(['ask token-header']);
    }
    const shipped = self([{ prefix: '/ota', dialect: 'shipped' }]);
    for (const [scene, expected] of [
      [{ asked: REFUSED_TOKEN, told: shipped }, ['ask token-header', 'describe']],
      // A device built to the documentation may say the same to a header that it does not read.
      [{ asked: REFUSED_TOKEN }, ['ask token-header', 'describe', 'ask bearer']],
      [{ asked: REFUSED_TOKEN, told: self([]) }, ['ask token-header', 'describe', 'ask bearer']],
      [{ asked: answer('unauthorised', 401) }, ['ask token-header', 'ask bearer']],
    ] as const) {
      const { probes, tried } = probesFor(scene);
      const { kind } = await diagnose(target(), probes);
      expect([kind, tried]).to.deep.equal(['wrong-token', expected]);
    }
  });

  it('holds a path that cannot exist against the status, in the same header', async () => {
    for (const [to, way] of [
      [{ dialect: 'shipped' }, 'token-header'],
      [{ dialect: 'documented' }, 'bearer'],
    ] as const) {
      const { probes, tried } = probesFor({ asked: EMPTY, control: EMPTY });
      await diagnose(target(to), probes);
      expect(tried).to.deep.equal([`ask ${way}`, `control ${way}`, 'describe']);
    }
  });

  it('asks once more before it says that a device has shut us out', async () => {
    const { probes, tried } = probesFor({ asked: TOO_MANY, withoutToken: EMPTY });
    await diagnose(target({ dialect: 'shipped' }), probes);
    expect(tried).to.deep.equal(['ask token-header', 'ask none', 'ask token-header']);
  });

  it('names http2 as one reason where there is no secure connection', async () => {
    const { sentence } = await diagnose(target({ origin: 'https://192.168.1.50:8080' }), probesFor({}).probes);
    expect(sentence).to.match(/may not trust .* or the device runs with http2=True/);
  });

  it('sends nothing where it knows before, so that no question of the browser comes up', async () => {
    const known: readonly Scene[] = [
      { online: false },
      { letsLocalHttp: false },
      { page: 'http://moult.example' },
      { permission: 'prompt' },
      { permission: 'denied' },
    ];
    for (const scene of known) {
      const { probes, tried } = probesFor(scene);
      await diagnose(target(scene.to), probes);
      expect(tried).to.deep.equal([]);
    }
  });

  it('sends the token in the header of a known dialect only', async () => {
    const cases = [
      [{ dialect: 'shipped' }, ['ask token-header']],
      [{ dialect: 'documented' }, ['ask bearer']],
      [{ protocol: 'documented', dialect: 'shipped' }, ['ask bearer']],
      [{}, ['ask token-header', 'ask bearer']],
    ] as const;
    for (const [to, expected] of cases) {
      const { probes, tried } = probesFor({ probed: GIVEN_UP });
      await diagnose(target(to), probes);
      expect(tried).to.deep.equal([...expected, 'probe http://192.168.1.50:8080']);
    }
  });

  it('tries the other usual ports of the same scheme, and names the one that answers', async () => {
    const { probes, tried } = probesFor({});
    await diagnose(target({ dialect: 'shipped', origin: 'http://192.168.1.50:81' }), probes);
    expect(tried.slice(1)).to.deep.equal([
      'probe http://192.168.1.50:81',
      'probe http://192.168.1.50',
      'probe http://192.168.1.50:8080',
    ]);
    const found = await diagnose(target(), probesFor({ open: ['http://192.168.1.50'] }).probes);
    expect(found.remedy).to.deep.equal({
      kind: 'try-port',
      port: 80,
      origin: 'http://192.168.1.50',
    });
    expect(found.label).to.equal('Try port 80');
    expect(found.sentence).to.include('port 80 of 192.168.1.50');
    const secure = probesFor({ to: { origin: 'https://192.168.1.50:8080' } });
    await diagnose(target({ origin: 'https://192.168.1.50:8080' }), secure.probes);
    expect(secure.tried.at(-1)).to.equal('probe https://192.168.1.50');
  });

  it('gives the lines for this page and this dialect', async () => {
    const scene: Scene = { probed: OPAQUE, to: { dialect: 'shipped' } };
    const { remedy } = await diagnose(target(scene.to), probesFor(scene).probes);
    if (remedy.kind !== 'copy-cors-lines') throw new Error(remedy.kind);
    expect(remedy.text).to.include('allow_origins=["https://moult.example"]').and.not.include('Authorization');
  });

  it('says of what nobody can tell from a missing page that the name may be missing in the list of hosts', async () => {
    const { sentence, remedy } = await diagnose(target(), probesFor({ probed: OPAQUE }).probes);
    expect(sentence).to.contain('If it has a list of trusted hosts, that may lack 192.168.1.50 and 192.168.1.50:8080.');
    if (remedy.kind !== 'copy-cors-lines') throw new Error(remedy.kind);
    expect(remedy.text).to.match(
      /\n# If the program has a TrustedHostMiddleware, .*:\n# "192\.168\.1\.50", "192\.168\.1\.50:8080"$/,
    );
  });

  it('never says that nothing is there where a browser cannot know it', async () => {
    // What speaks no HTTP looks to a page like a closed port.
    for (const scene of [{}, { to: { origin: 'http://esp32.local:8080' } }, { open: ['http://192.168.1.50'] }]) {
      const { sentence } = await diagnose(target('to' in scene ? scene.to : {}), probesFor(scene).probes);
      expect(sentence)
        .to.match(/^No HTTP answer came from /)
        .and.not.match(/nothing/i);
    }
  });

  it('says what the gateway says, of where it says it', async () => {
    const asked = byGateway(answer('forbidden', 403), 'Only your own network.', 'not-on-link');
    const { sentence } = await diagnose(target({ viaGateway: '' }), probesFor({ ...BY_GATEWAY, asked }).probes);
    expect(sentence).to.equal('The gateway says of 192.168.1.50:8080: Only your own network.');
  });

  it('does not take a device without a status for one that lacks CORS', async () => {
    const unread: Scene = { probed: OPAQUE };
    const { sentence } = await diagnose(target(), probesFor(unread).probes);
    expect(sentence).to.contain('no status to read');
    const shipped = await diagnose(target({ dialect: 'shipped' }), probesFor(unread).probes);
    expect(shipped.sentence).not.to.contain('no status');
  });
});
