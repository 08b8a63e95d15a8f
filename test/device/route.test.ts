import { expect } from 'chai';
import type { LocalNetworkPermission } from '../../src/device/link-deps.ts';
import type { FetchLike } from '../../src/device/request.ts';
import { nothingTold } from '../../src/device/form/nothing-told.ts';
import { openByAnyRoute, type RoutedTarget } from '../../src/device/route.ts';
import { ShippedLink } from '../../src/device/viperhttp/shipped.ts';
import type { Route } from '../../src/model/device/device.ts';
import { isWholeImage } from '../../src/model/device/whole-image-link.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { answering, errorOf, limits, snapshot, target } from './given.ts';
import { ManualClock } from './manual-clock.ts';

type Answer = (url: string) => Response;
const GOOD: Answer = () => Response.json(snapshot());
const NONE: Answer = () => {
  throw new TypeError('Failed to fetch');
};
const refusal =
  (status: number): Answer =>
  () =>
    new Response('no', { status });

/** A WLED lamp, which the gateway forwards questions to, and no image. */
const LAMP: Answer = (url) => (url.endsWith('/json/info') ? Response.json({ brand: 'WLED' }) : refusal(404)(url));

/** What the gateway says of a request that it does not carry. */
const NOT_CARRIED: Answer = () => new Response('{}', { status: 404, headers: { 'Moult-Gateway': 'no-such-path' } });

async function open(direct: Answer, gateway: Answer, changes: Partial<RoutedTarget> = {}) {
  const told: (readonly [Route, boolean])[] = [];
  const tried: string[] = [];
  const fetch: FetchLike = async (url) => {
    const by = url.startsWith('/device/') ? 'gateway' : 'direct';
    tried.push(by);
    return by === 'gateway' ? gateway(url) : direct(url);
  };
  const routed: RoutedTarget = { ...target(), gateway: '', route: null, ...changes };
  const deps = { fetch, clock: new ManualClock() };
  const work = openByAnyRoute(routed, deps, (...route) => void told.push(route))(limits());
  const code = await work.then(
    () => null,
    async () => (await errorOf(work)).code,
  );
  const link = code === null ? await work : null;
  const [last] = told;
  const [route, gatewayFailed] = last ?? [null, null];
  expect(told.length).to.equal(code === null ? 1 : 0);
  expect(link?.route ?? null).to.equal(route);
  return { route, gatewayFailed, code, tried: [...new Set(tried)] };
}

describe('the way to a device', () => {
  describe('where it was last reached through a host that is gone', () => {
    const before = { reachedBy: 'gateway' } as const;

    it('is missed, and not the device, where the direct way gets no answer either', async () => {
      for (const gateway of ['', null]) {
        for (const protocol of ['automatic', 'shipped', 'documented'] as const)
          expect((await open(NONE, NONE, { ...before, gateway, protocol })).code, protocol).to.equal('host-gone');
      }
    });

    it('is not missed where the device itself answers, whatever it says', async () => {
      for (const gateway of ['', null]) {
        expect(await open(GOOD, NONE, { ...before, gateway })).to.include({ route: 'direct', code: null });
        for (const [status, code] of [
          [401, 'unauthorised'],
          [403, 'forbidden'],
          [500, 'device-fault'],
        ] as const)
          expect((await open(refusal(status), NONE, { ...before, gateway })).code).to.equal(code);
      }
    });

    it('is not missed by a device that was never reached so', async () => {
      for (const gateway of ['', null]) {
        expect((await open(NONE, NONE, { gateway, reachedBy: 'direct' })).code).to.equal('unreachable');
        expect((await open(NONE, NONE, { gateway })).code).to.equal('unreachable');
      }
    });

    it('is not missed where it answers, and the device is off', async () => {
      expect((await open(NONE, refusal(502), before)).code).to.equal('unreachable');
      expect((await open(NONE, refusal(502), { ...before, protocol: 'shipped' })).code).to.equal(null);
    });

    it('is not missed by a device that answers, and has no status to ask for', async () => {
      const protocol = 'documented';
      expect((await open(refusal(404), NONE, { ...before, protocol })).code).to.equal(null);
    });
  });

  it('ends where the gateway says that what answers redirects: a browser might follow', async () => {
    const points: Answer = () => new Response('{}', { status: 502, headers: { 'Moult-Gateway': 'redirect' } });
    expect(await open(GOOD, points)).to.deep.include({ code: 'garbled', tried: ['gateway'] });
  });

  it('is the gateway where that works, and the device is not asked directly', async () => {
    const found = { route: 'gateway', gatewayFailed: false, code: null, tried: ['gateway'] };
    expect(await open(GOOD, GOOD)).to.deep.equal(found);
  });

  it('is direct where the gateway does not reach the device, or does not carry such a request', async () => {
    const found = { route: 'direct', gatewayFailed: true, code: null, tried: ['gateway', 'direct'] };
    for (const says of [refusal(502), refusal(504), refusal(403), NOT_CARRIED]) {
      expect(await open(GOOD, says)).to.deep.equal(found);
    }
  });

  it('is direct where the host is gone, which says nothing of its gateway', async () => {
    const found = { route: 'direct', gatewayFailed: false, code: null, tried: ['gateway', 'direct'] };
    expect(await open(GOOD, NONE)).to.deep.equal(found);
  });

  it('is the direct one first where that is asked for, and the gateway after it', async () => {
    const told = { route: 'direct' } as const;
    const direct = { route: 'direct', gatewayFailed: false, code: null, tried: ['direct'] };
    expect(await open(GOOD, GOOD, told)).to.deep.equal(direct);
    const gateway = { route: 'gateway', gatewayFailed: false, code: null, tried: ['direct', 'gateway'] };
    expect(await open(NONE, GOOD, told)).to.deep.equal(gateway);
  });

  it('is only the direct one where there is no gateway', async () => {
    const alone = { gateway: null, route: 'gateway' } as const;
    const direct = { route: 'direct', gatewayFailed: false, code: null, tried: ['direct'] };
    expect(await open(GOOD, GOOD, alone)).to.deep.equal(direct);
    expect(await open(NONE, GOOD, alone)).to.include({ route: null, code: 'unreachable' });
  });

  it('is taken unproven where a person set how the device speaks, and no host is missed: begin tells', async () => {
    for (const reachedBy of ['direct', null] as const) {
      const byHand = { protocol: 'shipped', reachedBy } as const;
      expect((await open(NONE, NONE, { ...byHand, gateway: null })).route).to.equal('direct');
      expect(await open(NONE, NONE, byHand)).to.include({ route: 'direct', gatewayFailed: false });
      expect(await open(NONE, refusal(502), byHand)).to.include({ route: 'direct', gatewayFailed: true });
    }
  });

  it('is not searched any further once the device has refused', async () => {
    expect(await open(GOOD, refusal(401))).to.deep.include({ code: 'unauthorised', tried: ['gateway'] });
    expect((await open(refusal(401), NONE)).code).to.equal('unauthorised');
  });

  it('is none for a device that is off, whatever the gateway calls it', async () => {
    expect((await open(NONE, refusal(502))).code).to.equal('unreachable');
    expect((await open(NONE, refusal(502), { route: 'direct' })).code).to.equal('unreachable');
    expect((await open(NONE, NONE)).code).to.equal('unreachable');
    expect((await open(refusal(500), refusal(502))).code).to.equal('device-fault');
  });

  it('is none where the device says no itself, and its host is gone', async () => {
    expect((await open(refusal(403), NONE)).code).to.equal('forbidden');
    expect((await open(refusal(500), NONE)).code).to.equal('device-fault');
  });

  it('is none where something else answers there, whichever way tells', async () => {
    const page: Answer = () => new Response('<!doctype html><p>Sign in', { headers: { 'Content-Type': 'text/html' } });
    expect((await open(NONE, page)).code).to.equal('web-page');
    expect((await open(page, refusal(502))).code).to.equal('web-page');
  });
});

describe('the way to a device that takes its image whole', () => {
  it('is direct, since the gateway forwards no image', async () => {
    const found = { route: 'direct', gatewayFailed: false, code: null, tried: ['gateway', 'direct'] };
    expect(await open(LAMP, LAMP)).to.deep.equal(found);
    expect(await open(LAMP, LAMP, { dialect: 'wled' })).to.deep.equal(found);
  });

  it('stays the gateway where no lamp answers directly: it can still be looked at', async () => {
    const found = { route: 'gateway', gatewayFailed: false, code: null, tried: ['gateway', 'direct'] };
    for (const direct of [NONE, refusal(502), refusal(404)]) expect(await open(direct, LAMP)).to.deep.equal(found);
  });

  it('is looked for no further once it is given up', async () => {
    const stop = new AbortController();
    const told: Route[] = [];
    const fetch: FetchLike = async (url) => {
      if (!url.startsWith('/device/')) stop.abort();
      return LAMP(url);
    };
    const deps = { fetch, clock: new ManualClock() };
    const way = openByAnyRoute({ ...target(), gateway: '', route: null }, deps, (route) => void told.push(route));
    expect((await errorOf(way(limits({ signal: stop.signal })))).code).to.equal('aborted');
    expect(told).to.deep.equal([]);
  });

  it('is the gateway where a host is the one to speak to it, which tells the page what it is', async () => {
    const told: (readonly [Route, boolean])[] = [];
    const identity = nothingTold('ESPEasy', false);
    const deps = {
      fetch: () => Promise.reject(new Error('The page asks nothing by itself.')),
      clock: new ManualClock(),
      askHost: () => Promise.resolve({ dialect: 'form', identity } as const),
    };
    const form: RoutedTarget = { ...target({ dialect: 'form' }), gateway: '', route: null };
    const link = await openByAnyRoute(form, deps, (...route) => void told.push(route))(limits());
    expect(isWholeImage(link) && (await link.identify(limits()))).to.equal(identity);
    expect(told).to.deep.equal([['gateway', false]]);
  });
});

describe('the way to a device whose host goes', () => {
  async function opened(dialect: 'shipped' | 'documented' = 'shipped') {
    const told: Route[] = [];
    const asked: string[] = [];
    const now: { gateway: Answer; direct: Answer } = { gateway: GOOD, direct: GOOD };
    if (dialect === 'documented') now.gateway = now.direct = () => Response.json({ active: false, written: 0 });
    const fetch: FetchLike = async (url) => {
      const by = url.startsWith('/device/') ? 'gateway' : 'direct';
      asked.push(by);
      return url.includes('/no-such-route-') ? refusal(404)(url) : now[by](url);
    };
    const deps = { fetch, clock: new ManualClock() };
    const routed: RoutedTarget = { ...target(), gateway: '', route: null };
    const link = await openByAnyRoute(routed, deps, (route, gatewayFailed) => {
      expect(gatewayFailed, 'where it is the host that goes').to.equal(false);
      told.push(route);
    })(limits());
    asked.length = 0;
    if (isWholeImage(link)) throw new Error('A device that takes chunks was taken for another.');
    return { link, now, told, asked };
  }

  for (const dialect of ['shipped', 'documented'] as const) {
    it(`is the direct one from the next question for the status on, ${dialect}`, async () => {
      const { link, now, told, asked } = await opened(dialect);
      now.gateway = NONE;
      expect(link.dialect).to.equal(dialect);
      await link.status(limits());
      expect([link.route, link.dialect, told]).to.deep.equal(['direct', dialect, ['gateway', 'direct']]);
      asked.length = 0;
      await link.status(limits());
      await link.abort(limits());
      expect(new Set(asked)).to.deep.equal(new Set(['direct']));
      asked.length = 0;
      now.direct = NONE;
      expect((await errorOf(link.status(limits()))).code).to.equal('unreachable');
      expect([told, asked], 'and is not looked for once more').to.deep.equal([['gateway', 'direct'], ['direct']]);
    });
  }

  it('stays the gateway while that answers, whatever it says of the device', async () => {
    const { link, now, asked } = await opened();
    now.gateway = refusal(502);
    expect((await errorOf(link.status(limits()))).status).to.equal(502);
    // A redirect, of which a browser hides the status.
    now.gateway = refusal(307);
    expect(await errorOf(link.status(limits()))).to.include({ code: 'garbled', status: null });
    expect([link.route, asked]).to.deep.equal(['gateway', ['gateway', 'gateway']]);
  });

  it('stays the gateway where the direct one reaches nothing, or a device of another dialect', async () => {
    const { link, now } = await opened();
    now.gateway = NONE;
    for (const says of [NONE, refusal(404), () => Response.json({ active: false })]) {
      now.direct = says;
      expect((await errorOf(link.status(limits()))).code).to.equal('unreachable');
      expect(link.route).to.equal('gateway');
    }
    now.gateway = GOOD;
    expect((await link.status(limits())).supported).to.equal(true);
  });

  it('stays the gateway where the direct one could not tell what became of the update', async () => {
    const { link, now, told } = await opened('documented');
    now.gateway = NONE;
    now.direct = () => Response.json({ active: true });
    expect((await errorOf(link.status(limits()))).code).to.equal('unreachable');
    expect(told).to.deep.equal(['gateway']);
  });

  it('leaves what a device says of its size of chunks, and of its token, to the link', async () => {
    const { link, now } = await opened();
    expect(link.firstChunkBytes).to.equal(
      new ShippedLink(target(), { fetch: answering().fetch, clock: new ManualClock() }).firstChunkBytes,
    );
    expect(await link.remark?.(limits())).to.equal('takes-any-token');
    now.gateway = refusal(401);
    expect(await link.remark?.(limits())).to.equal(null);
    const documented = await opened('documented');
    expect(await documented.link.remark?.(limits()), 'of which nothing is known').to.equal(null);
  });

  it('is changed by no request that may have taken effect already', async () => {
    const { link, now, asked } = await opened();
    now.gateway = NONE;
    const size = 4;
    const sha256 = 'ab'.repeat(32);
    const chunk = new Uint8Array(size);
    for (const work of [
      link.begin({ size, sha256, force: false }, limits()),
      link.write(chunk, 0, limits()),
      link.finalize({ sha256, restart: true }, limits()),
      link.abort(limits()),
      link.markValid(limits()),
    ]) {
      expect((await errorOf(work)).code).to.equal('unreachable');
    }
    expect(new Set(asked)).to.deep.equal(new Set(['gateway']));
    expect(link.certain && link.tellsStatus).to.equal(true);
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
  async function opened(
    permission: LocalNetworkPermission,
    direct: Answer,
    gateway: string | null = null,
    gatewayed: Answer = GOOD,
  ) {
    const tried: string[] = [];
    const fetch: FetchLike = async (url) => {
      tried.push(url.startsWith('/device/') ? 'gateway' : 'direct');
      return url.startsWith('/device/') ? gatewayed(url) : direct(url);
    };
    const deps = { fetch, clock: new ManualClock(), permission: async () => permission };
    const work = openByAnyRoute({ ...target(), gateway, route: null }, deps, () => undefined)(limits());
    const error = await work.then(
      () => null,
      () => errorOf(work),
    );
    const because = error?.cause instanceof UpdateError ? error.cause.code : null;
    return { code: error?.code ?? null, because, tried: [...new Set(tried)] };
  }

  it('is not raised by a request: nothing is sent before a tap', async () => {
    expect(await opened('prompt', GOOD)).to.deep.include({ code: 'not-allowed', tried: [] });
    expect(await opened('prompt', GOOD, '')).to.deep.include({ code: null, tried: ['gateway'] });
    expect(await opened('prompt', LAMP, '', LAMP)).to.deep.include({ code: null, tried: ['gateway'] });
  });

  it('was answered with no, which is given as the reason', async () => {
    const denied = { code: 'not-allowed', because: 'unreachable', tried: ['direct'] };
    expect(await opened('denied', NONE)).to.deep.equal(denied);
    expect(await opened('denied', NONE, '')).to.deep.include({ code: null, tried: ['gateway'] });
    expect(await opened('denied', refusal(401))).to.deep.include({ code: 'unauthorised', tried: ['direct'] });
    expect((await opened('granted', NONE)).code).to.equal('unreachable');
  });

  it('leaves a defect of ours a defect, also where the way changes', async () => {
    const defect = new RangeError('a defect of ours');
    let gateway: Answer = GOOD;
    const deps = {
      fetch: async (url: string) => gateway(url),
      clock: new ManualClock(),
      permission: () => Promise.reject(defect),
    };
    const way = openByAnyRoute({ ...target(), gateway: '', route: null }, deps, () => undefined);
    const link = await way(limits());
    gateway = NONE;
    if (isWholeImage(link)) throw new Error('A device that takes chunks was taken for another.');
    expect(await link.status(limits()).catch((error: unknown) => error)).to.equal(defect);
  });
});
