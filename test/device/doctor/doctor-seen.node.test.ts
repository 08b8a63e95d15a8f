/** The doctor with its real probes, in a page of another origin, before a simulated device. */
import { expect } from 'chai';
import { browserProbes } from '../../../src/device/doctor/browser-probes.ts';
import { examine } from './told.ts';
import type { PageSurroundings } from '../../../src/device/doctor/page-surroundings.ts';
import type { RoutedTarget } from '../../../src/device/route.ts';
import { AUTH_LIMITER, lockedBy } from '../../../src/simulator/viperhttp/app-auth.ts';
import { asPrepared } from '../../../src/simulator/server/cors.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { FakeClock } from '../../update/scripted/fake-clock.ts';
import { limits, ORIGIN, target, TOKEN } from '../given.ts';
import { Page } from '../page.ts';

const PAGE = 'http://localhost:6685';

const surroundings: PageSurroundings = {
  origin: PAGE,
  hostname: 'localhost',
  isSecureContext: true,
  knowsAddressSpaces: true,
  online: () => true,
  queryPermission: null,
  onPolicyViolation: () => undefined,
};

type Setting = Partial<DeviceOptions> & { readonly to?: Partial<RoutedTarget> };

function scene({ to = {}, ...options }: Setting = {}) {
  const clock = new FakeClock();
  const device = new SimulatedDevice({ token: TOKEN, cors: asPrepared([PAGE]), clock, ...options });
  const page = new Page({ origin: PAGE, devices: new Map([[ORIGIN, (request: Request) => device.handle(request)]]) });
  const seen = async () => {
    const deps = { fetch: page.fetch, clock, gateway: false, signal: limits().signal };
    const routed = { ...target(), gateway: null, route: null, ...to };
    return clock.settle(examine(routed, browserProbes(surroundings, deps), 'unreachable'));
  };
  return { seen, page, clock };
}

const LOGIN = { user: 'ada', password: '1815' };
const LOCKED = lockedBy(LOGIN.user, LOGIN.password);
const QUIET = { dialect: 'documented', status: 'none' } as const;

describe('The doctor before a device', () => {
  for (const [name, setting, kind] of [
    ['that is well', {}, 'answers'],
    ['that refuses the token', { to: { token: 'another' } }, 'wrong-token'],
    ['with OTA off', { ota: false }, 'ota-off'],
    ['with OTA off that tells nothing of itself', { ota: false, docs: null }, 'wrong-prefix'],
    ['with OTA off that was known as documented', { ota: false, to: { dialect: 'documented' } }, 'ota-off'],
    ['with its updates elsewhere', { prefix: '/fw' }, 'other-prefix'],
    ['whose loop does not run', { loopRuns: false }, 'loop-not-running'],
    ['that wants a login', { appAuth: LOCKED }, 'login-wanted'],
    ['that wants another login', { appAuth: LOCKED, to: { login: { ...LOGIN, password: 'x' } } }, 'login-wanted'],
    ['that has its login', { appAuth: LOCKED, to: { login: LOGIN } }, 'answers'],
    ['that has its login, and refuses the token', { appAuth: LOCKED, to: { login: LOGIN, token: 'x' } }, 'wrong-token'],
    ['with its login and OTA off', { appAuth: LOCKED, ota: false, to: { login: LOGIN } }, 'ota-off'],
    ['that lists no page', { cors: null }, 'cors-missing'],
    ['that lists no page, with OTA off', { cors: null, ota: false }, 'cors-missing'],
    ['that lists no page, whose loop does not run', { cors: null, loopRuns: false }, 'cors-missing'],
    ['that lists another page', { cors: asPrepared(['http://elsewhere']) }, 'cors-missing'],
    ['that lists the page and not its header', { cors: { ...asPrepared([PAGE]), headers: [] } }, 'header-missing'],
    [
      'that lists the page and not its header, with OTA off',
      { cors: { ...asPrepared([PAGE]), headers: [] }, ota: false },
      'ota-off',
    ],
    ['that is documented and tells no status', QUIET, 'answers'],
    ['that is documented, tells no status and nothing of itself', { ...QUIET, docs: null }, 'wrong-prefix'],
    [
      'that is known as documented, and tells nothing',
      { ...QUIET, docs: null, to: { dialect: 'documented' } },
      'cannot-tell',
    ],
    ['that is documented and counts', { dialect: 'documented', status: 'counter' }, 'answers'],
    ['that is shipped, and set to the other protocol', { to: { protocol: 'documented' } }, 'other-dialect'],
    ['that is documented, and set to the other protocol', { ...QUIET, to: { protocol: 'shipped' } }, 'other-dialect'],
    ['on a board that cannot', { supported: false }, 'unsupported'],
  ] as const satisfies readonly (readonly [string, Setting, string])[]) {
    it(`${name}: ${kind}`, async () => {
      const { seen, page, clock } = scene(setting);
      const diagnosis = await seen();
      expect(diagnosis.kind).to.equal(kind);
      expect(diagnosis.sentence).not.to.match(/nothing (answers|listens)|device is off/i);
      expect(page.requests.filter(({ url }) => url.endsWith('/openapi.json'))).to.have.length.at.most(1);
      expect(
        page.requests.every(({ method }) => method === 'GET'),
        'only asked',
      ).to.equal(true);
      expect(clock.pending).to.equal(0);
    });
  }

  it('names both lists where the device trusts other hosts only, and its answer cannot be read', async () => {
    const { sentence, remedy } = await scene({ allowedHosts: ['kitchen.local'] }).seen();
    expect(sentence)
      .to.contain(`doesn’t list ${PAGE}`)
      .and.contain('list of trusted hosts, that may lack 192.168.1.50');
    expect(remedy)
      .to.have.property('text')
      .that.matches(/allow_origins=[^]*\n# "192\.168\.1\.50", "192\.168\.1\.50:8080"$/);
  });

  it('follows no redirect of the device', async () => {
    const shared = {
      'Access-Control-Allow-Origin': PAGE,
      'Access-Control-Allow-Headers': 'Authorization, X-OTA-Token',
    };
    const clock = new FakeClock();
    const page = new Page({
      origin: PAGE,
      devices: new Map([
        [
          ORIGIN,
          async ({ method }: Request) =>
            method === 'OPTIONS'
              ? new Response(null, { status: 204, headers: shared })
              : new Response(null, { status: 302, headers: { ...shared, Location: 'http://elsewhere.test/' } }),
        ],
      ]),
    });
    const deps = { fetch: page.fetch, clock, gateway: false, signal: limits().signal };
    const routed = { ...target(), gateway: null, route: null };
    const { kind } = await clock.settle(examine(routed, browserProbes(surroundings, deps), 'garbled'));
    expect(kind).to.equal('redirects');
    expect(page.requests.every(({ url, init }) => url.startsWith(ORIGIN) && init?.mode === 'cors')).to.equal(true);
  });

  it('sees that the device has shut us out, and lets us in again after five minutes', async () => {
    const limiter = { ...LOCKED, enforced: false, limiter: AUTH_LIMITER };
    const wrong = { ...LOGIN, password: 'mistyped' };
    const { seen, clock } = scene({ appAuth: limiter, to: { login: wrong } });
    const kinds = new Set<string>();
    for (let failures = 0; failures < AUTH_LIMITER.failures; failures += 1) kinds.add((await seen()).kind);
    expect([...kinds], 'it enforces nothing, and counts all the same').to.deep.equal(['answers']);
    expect((await seen()).kind).to.equal('banned');
    await clock.pass(AUTH_LIMITER.banMs);
    expect((await seen()).kind).to.equal('answers');
  });

  it('sees that the device has shut out everybody who brings no login', async () => {
    const { seen } = scene({ appAuth: { ...LOCKED, limiter: AUTH_LIMITER } });
    const kinds: string[] = [];
    for (let failures = 0; failures <= AUTH_LIMITER.failures; failures += 1) kinds.push((await seen()).kind);
    expect(kinds[0]).to.equal('login-wanted');
    expect(kinds.at(-1)).to.equal('too-many-requests');
  });

  it('may ask often without being shut out', async () => {
    const limiter = { ...LOCKED, enforced: false, limiter: AUTH_LIMITER };
    for (const to of [{}, { token: 'another' }]) {
      const { seen } = scene({ appAuth: limiter, to });
      const kinds = new Set<string>();
      for (let times = 0; times < 12; times += 1) kinds.add((await seen()).kind);
      expect([...kinds]).to.deep.equal(['token' in to ? 'wrong-token' : 'answers']);
    }
  });
});
