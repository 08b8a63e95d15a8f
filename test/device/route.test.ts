import { expect } from 'chai';
import type { LocalNetworkPermission } from '../../src/device/detect.ts';
import type { FetchLike } from '../../src/device/request.ts';
import { openByAnyRoute, type RoutedTarget } from '../../src/device/route.ts';
import type { Route } from '../../src/update/device.ts';
import { errorOf, limits, snapshot, target } from './given.ts';
import { ManualClock } from './manual-clock.ts';

type Answer = () => Response;
const GOOD: Answer = () => Response.json(snapshot());
const NONE: Answer = () => {
  throw new TypeError('Failed to fetch');
};
const refusal =
  (status: number): Answer =>
  () =>
    new Response('no', { status });

async function open(direct: Answer, gateway: Answer, changes: Partial<RoutedTarget> = {}) {
  const routes: Route[] = [];
  const tried: string[] = [];
  const fetch: FetchLike = async (url) => {
    const by = url.startsWith('/device/') ? 'gateway' : 'direct';
    tried.push(by);
    return by === 'gateway' ? gateway() : direct();
  };
  const routed: RoutedTarget = { ...target(), gateway: '', route: null, ...changes };
  const work = openByAnyRoute(
    routed,
    { fetch, clock: new ManualClock() },
    (route) => void routes.push(route),
  )(limits());
  const code = await work.then(
    () => null,
    async () => (await errorOf(work)).code,
  );
  return { routes, code, tried: [...new Set(tried)] };
}

describe('the way to a device', () => {
  it('is direct where that works, and the gateway is left alone', async () => {
    expect(await open(GOOD, NONE)).to.deep.equal({ routes: ['direct'], code: null, tried: ['direct'] });
  });

  it('is the gateway where the page cannot read the device', async () => {
    expect(await open(NONE, GOOD)).to.deep.equal({ routes: ['gateway'], code: null, tried: ['direct', 'gateway'] });
  });

  it('is the one that worked last, at first', async () => {
    const remembered = { route: 'gateway' } as const;
    expect((await open(GOOD, GOOD, remembered)).tried).to.deep.equal(['gateway']);
    expect((await open(GOOD, NONE, remembered)).routes).to.deep.equal(['direct']);
    expect((await open(GOOD, refusal(502), remembered)).routes).to.deep.equal(['direct']);
    expect((await open(GOOD, refusal(403), remembered)).routes).to.deep.equal(['direct']);
  });

  it('is direct only where there is no gateway', async () => {
    const alone = { gateway: null, route: 'gateway' } as const;
    expect(await open(GOOD, GOOD, alone)).to.deep.equal({ routes: ['direct'], code: null, tried: ['direct'] });
    expect(await open(NONE, GOOD, alone)).to.deep.equal({ routes: [], code: 'unreachable', tried: ['direct'] });
  });

  it('is not looked for any further once the device has refused', async () => {
    expect(await open(refusal(401), GOOD)).to.deep.equal({ routes: [], code: 'unauthorised', tried: ['direct'] });
    expect((await open(NONE, refusal(401))).code).to.equal('unauthorised');
  });

  it('is none for a device that is off, whatever the gateway calls it', async () => {
    expect((await open(NONE, refusal(502))).code).to.equal('unreachable');
    expect((await open(NONE, refusal(502), { route: 'gateway' })).code).to.equal('unreachable');
    expect((await open(NONE, NONE)).code).to.equal('unreachable');
    expect((await open(refusal(500), refusal(502))).code).to.equal('device-fault');
  });
});

describe('a device that answers so that nothing can be read', () => {
  const opaque: FetchLike = async (_url, { mode }) => {
    if (mode === 'no-cors') return Object.defineProperty(new Response(null), 'type', { value: 'opaque' });
    throw new TypeError('Failed to fetch');
  };
  const way = (protocol: 'automatic' | 'documented') =>
    openByAnyRoute(
      { ...target({ protocol }), gateway: null, route: null },
      { fetch: opaque, clock: new ManualClock() },
      () => undefined,
    )(limits());

  it('is said to be there and unreadable, unless a person said how it speaks: then begin tells', async () => {
    expect((await errorOf(way('automatic'))).code).to.equal('unreadable');
    expect((await way('documented')).dialect).to.equal('documented');
  });
});

describe('the browser’s question on the way', () => {
  async function opened(permission: LocalNetworkPermission, direct: Answer, gateway: string | null = null) {
    const tried: string[] = [];
    const fetch: FetchLike = async (url) => {
      tried.push(url.startsWith('/device/') ? 'gateway' : 'direct');
      return url.startsWith('/device/') ? GOOD() : direct();
    };
    const deps = { fetch, clock: new ManualClock(), permission: async () => permission };
    const work = openByAnyRoute({ ...target(), gateway, route: null }, deps, () => undefined)(limits());
    const code = await work.then(
      () => null,
      async () => (await errorOf(work)).code,
    );
    return { code, tried: [...new Set(tried)] };
  }

  it('is not raised by a request: nothing is sent before a tap', async () => {
    expect(await opened('prompt', GOOD)).to.deep.equal({ code: 'not-allowed', tried: [] });
    expect(await opened('prompt', GOOD, '')).to.deep.equal({ code: null, tried: ['gateway'] });
  });

  it('was answered with no: that is why nothing came', async () => {
    expect(await opened('denied', NONE)).to.deep.equal({ code: 'not-allowed', tried: ['direct'] });
    expect(await opened('denied', NONE, '')).to.deep.equal({ code: null, tried: ['direct', 'gateway'] });
    expect(await opened('denied', refusal(401))).to.deep.equal({ code: 'unauthorised', tried: ['direct'] });
    expect((await opened('granted', NONE)).code).to.equal('unreachable');
  });
});
