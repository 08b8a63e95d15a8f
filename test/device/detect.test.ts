import { expect } from 'chai';
import { openLink } from '../../src/device/detect.ts';
import { STATUS_ROUTE } from '../../src/model/device/status-route.ts';
import type { LinkDeps, LocalNetworkPermission } from '../../src/device/link-deps.ts';
import type { FetchLike } from '../../src/device/request.ts';
import type { DeviceTarget } from '../../src/device/target.ts';
import type { UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { SimulatedDevice } from '../../src/simulator/simulated-device.ts';
import { lockedBy } from '../../src/simulator/viperhttp/app-auth.ts';
import { answering, errorOf, limits, ORIGIN, snapshot, target, TOKEN } from './given.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { Page } from './page.ts';

const PAGE = 'https://moult.example';
const LISTED = { origins: [PAGE], headers: ['Authorization', 'Content-Type', 'X-OTA-Token'], maxAgeSeconds: 600 };

/** The headers that carry the token, as they go over the wire. */
const TOKEN_HEADERS = ['authorization', 'x-ota-token'] as const;
type TokenHeader = (typeof TOKEN_HEADERS)[number];

interface Setting extends Partial<DeviceOptions> {
  readonly to?: Partial<DeviceTarget>;
  readonly refusalsShared?: boolean;
}

/** Opens the link from a page of another origin to a simulated device, and answers what came of it. */
async function open(setting: Setting) {
  const { to, refusalsShared = true, ...options } = setting;
  const device = new SimulatedDevice({ token: TOKEN, cors: LISTED, ...options });
  const devices = new Map([[ORIGIN, (request: Request) => device.handle(request)]]);
  const page = new Page({ origin: PAGE, devices, refusalsShared });
  const deps: LinkDeps = { fetch: page.fetch, clock: new ManualClock() };
  const work = openLink(target(to), deps)(limits());
  const came = await work.then(
    (link) =>
      `${link.certain ? '' : 'assumed '}${link.dialect}, ${link.tellsStatus ? 'tells its status' : 'tells no status'}`,
    async () => (await errorOf(work)).code,
  );
  return { came, page, device };
}

const SHIPPED = { dialect: 'shipped' } as const;
/** A device that tells nothing of itself and answers 200 to everything, as ViperHTTP does where it has no route. */
const QUIET = { dialect: 'documented', status: 'none', docs: null } as const;
/** The same on a server that answers 404 where it has no route. */
const ELSEWHERE = { ...QUIET, unknownRoutes: 'not-found' } as const;
const LISTING = { dialect: 'documented', status: 'none' } as const;
const COUNTING = { dialect: 'documented', status: 'counter' } as const;
const ONLY_BEARER = { ...LISTED, headers: ['Authorization', 'Content-Type'] };
const ONLY_TOKEN_HEADER = { ...LISTED, headers: ['Content-Type', 'X-OTA-Token'] };
const STAR = { ...LISTED, headers: ['*'] };

describe('finding out how a device speaks', () => {
  it('takes one question in the token header where a login takes the place of a Bearer', async () => {
    for (const dialect of [null, 'shipped', 'documented'] as const) {
      const { came, page } = await open({ ...SHIPPED, to: { dialect, login: { user: 'ada', password: 'x' } } });
      expect(came).to.equal('shipped, tells its status');
      expect(page.requests.map(({ headers }) => headers['authorization'])).to.deep.equal(['Basic YWRhOng=']);
    }
  });

  const cases: readonly (readonly [name: string, setting: Setting, came: string])[] = [
    ['shipped', SHIPPED, 'shipped, tells its status'],
    ['documented that tells its routes', LISTING, 'documented, tells no status'],
    [
      'remembered as documented, telling its routes',
      { ...LISTING, to: { dialect: 'documented' } },
      'documented, tells no status',
    ],
    [
      'remembered as documented, telling that it is shipped now',
      { ...SHIPPED, to: { dialect: 'documented' } },
      'shipped, tells its status',
    ],
    ['remembered as documented, with OTA off', { ...LISTING, ota: false, to: { dialect: 'documented' } }, 'no-route'],
    ['documented without status, on another server', ELSEWHERE, 'assumed documented, tells no status'],
    // Everything there is answered 200 with an empty body: only a person can say that it takes updates.
    ['documented without status, and 200 to everything', QUIET, 'no-route'],
    ['remembered as that', { ...QUIET, to: { dialect: 'documented' } }, 'assumed documented, tells no status'],
    ['shipped with OTA off', { ...SHIPPED, ota: false }, 'no-route'],
    ['shipped with OTA off, and telling nothing of itself', { ...SHIPPED, ota: false, docs: null }, 'no-route'],
    ['shipped whose program doesn’t run its loop', { ...SHIPPED, loopRuns: false }, 'device-fault'],
    ['documented with a status', COUNTING, 'documented, tells its status'],
    ['shipped, CORS lists its header alone', { ...SHIPPED, cors: ONLY_TOKEN_HEADER }, 'shipped, tells its status'],
    ['documented, CORS lists Bearer alone', { ...COUNTING, cors: ONLY_BEARER }, 'documented, tells its status'],
    ['listing, CORS lists Bearer alone', { ...LISTING, cors: ONLY_BEARER }, 'documented, tells no status'],
    ['shipped, CORS lists *', { ...SHIPPED, cors: STAR }, 'shipped, tells its status'],
    // The wildcard does not cover Authorization, so no documented request can ever be sent: the list is wrong, not the
    // token.
    ['documented, CORS lists *', { ...COUNTING, cors: STAR }, 'unreadable'],
    ['quiet, CORS lists *', { ...ELSEWHERE, cors: STAR }, 'unreadable'],
    [
      'shipped under another prefix, its header alone',
      { ...SHIPPED, prefix: '/fw', cors: ONLY_TOKEN_HEADER },
      'no-route',
    ],
    ['shipped, CORS lists Bearer alone', { ...SHIPPED, cors: ONLY_BEARER }, 'unreadable'],
    [
      'shipped with its header renamed',
      { ...SHIPPED, tokenHeader: 'X-Key', cors: { ...LISTED, headers: ['X-Key'] }, to: { tokenHeader: 'X-Key' } },
      'shipped, tells its status',
    ],
    [
      'shipped that reads Authorization',
      { ...SHIPPED, tokenHeader: 'Authorization', to: { tokenHeader: 'Authorization' } },
      'shipped, tells its status',
    ],
    // Such a device answers with its snapshot, whatever carries a token.
    [
      'shipped without a token, CORS lists Bearer alone, telling nothing of itself',
      { ...SHIPPED, docs: null, token: null, cors: ONLY_BEARER },
      'shipped, tells its status',
    ],
    ['shipped without a token', { ...SHIPPED, token: null, to: { token: '' } }, 'shipped, tells its status'],
    ['documented without a token', { ...COUNTING, token: null, to: { token: '' } }, 'documented, tells its status'],
    ['shipped, wrong token', { ...SHIPPED, to: { token: 'wrong' } }, 'unauthorised'],
    ['documented, wrong token', { ...COUNTING, to: { token: 'wrong' } }, 'unauthorised'],
    [
      'shipped, wrong token, its header alone',
      { ...SHIPPED, cors: ONLY_TOKEN_HEADER, to: { token: 'wrong' } },
      'unauthorised',
    ],
    // To the page these two look just like the two before them, unless the dialect is known or told.
    [
      'shipped, wrong token, its header alone, telling nothing of itself',
      { ...SHIPPED, docs: null, cors: ONLY_TOKEN_HEADER, to: { token: 'wrong' } },
      'unreadable',
    ],
    [
      'documented, wrong token, Bearer alone, telling nothing of itself',
      { ...COUNTING, docs: null, cors: ONLY_BEARER, to: { token: 'wrong' } },
      'unreadable',
    ],
    [
      'known as shipped, wrong token, its header alone',
      { ...SHIPPED, cors: ONLY_TOKEN_HEADER, to: { token: 'wrong', dialect: 'shipped' } },
      'unauthorised',
    ],
    [
      'known as documented, wrong token, Bearer alone',
      { ...COUNTING, cors: ONLY_BEARER, to: { token: 'wrong', dialect: 'documented' } },
      'unauthorised',
    ],
    ['shipped under another prefix', { ...SHIPPED, prefix: '/fw' }, 'no-route'],
    ['shipped under another prefix, telling nothing of itself', { ...SHIPPED, prefix: '/fw', docs: null }, 'no-route'],
    [
      'shipped under another prefix that is known',
      { ...SHIPPED, prefix: '/fw', to: { prefix: '/fw' } },
      'shipped, tells its status',
    ],
    ['quiet, its 404 cannot be read', { ...ELSEWHERE, refusalsShared: false }, 'unreadable'],
    ['no CORS at all', { ...SHIPPED, cors: null }, 'unreadable'],
    ['no CORS, but known as shipped', { ...SHIPPED, cors: null, to: { dialect: 'shipped' } }, 'unreadable'],
    [
      'the page is listed, neither header is',
      { ...SHIPPED, cors: { ...LISTED, headers: ['Content-Type'] } },
      'unreadable',
    ],
    ['without OTA support', { ...SHIPPED, supported: false }, 'shipped, tells its status'],
    ['a host that is not trusted', { ...SHIPPED, allowedHosts: ['board.lan'], refusalsShared: true }, 'unreadable'],
    ['remembered as shipped', { ...SHIPPED, to: { dialect: 'shipped' } }, 'shipped, tells its status'],
    ['remembered as documented', { ...COUNTING, to: { dialect: 'documented' } }, 'documented, tells its status'],
    [
      'remembered as documented, without status',
      { ...ELSEWHERE, to: { dialect: 'documented' } },
      'assumed documented, tells no status',
    ],
    [
      'remembered as shipped, but documented now',
      { ...COUNTING, to: { dialect: 'shipped' } },
      'documented, tells its status',
    ],
    [
      'remembered as shipped, but documented without status now',
      { ...LISTING, to: { dialect: 'shipped' } },
      'documented, tells no status',
    ],
    [
      'remembered as documented, but shipped now',
      { ...SHIPPED, to: { dialect: 'documented' } },
      'shipped, tells its status',
    ],
    [
      'remembered as documented, wrong token',
      { ...COUNTING, to: { dialect: 'documented', token: 'wrong' } },
      'unauthorised',
    ],
    ['set to shipped', { ...COUNTING, to: { protocol: 'shipped' } }, 'shipped, tells its status'],
    ['set to shipped, and OTA is off', { ...SHIPPED, ota: false, to: { protocol: 'shipped' } }, 'no-route'],
    ['set to shipped, under another prefix', { ...SHIPPED, prefix: '/fw', to: { protocol: 'shipped' } }, 'no-route'],
    [
      'set to shipped, no CORS at all',
      { ...SHIPPED, cors: null, to: { protocol: 'shipped' } },
      'shipped, tells its status',
    ],
    [
      'set to documented, answering like shipped',
      { ...SHIPPED, token: null, to: { protocol: 'documented' } },
      'documented, tells its status',
    ],
    ['set to documented', { ...COUNTING, to: { protocol: 'documented' } }, 'documented, tells its status'],
    ['set to documented, without status', { ...QUIET, to: { protocol: 'documented' } }, 'documented, tells no status'],
    [
      'set to documented, and OTA is off',
      { ...SHIPPED, ota: false, to: { protocol: 'documented' } },
      'documented, tells no status',
    ],
    [
      'set to documented, 404 cannot be read',
      { ...ELSEWHERE, refusalsShared: false, to: { protocol: 'documented' } },
      'documented, tells no status',
    ],
    ['set to documented, wrong token', { ...COUNTING, to: { protocol: 'documented', token: 'wrong' } }, 'unauthorised'],
    ['at another address', { ...SHIPPED, to: { origin: 'http://192.168.1.51:8080' } }, 'unreachable'],
  ];
  for (const [name, setting, expected] of cases) {
    it(`${name}: ${expected}`, async () => {
      const { came, page, device } = await open(setting);
      expect(came).to.equal(expected);
      // Nothing but these is ever asked for, so nothing can have been begun.
      for (const { method, url } of page.requests)
        expect(`${method} ${url}`).to.match(/^GET .*\/(status|openapi\.json)$|\/no-such-route-[0-9a-f]{12}$/);
      expect(device.session).to.equal(null);
      for (const { url, headers } of page.sent) {
        expect(url).to.not.include(TOKEN);
        if (new URL(url).origin !== new URL(target(setting.to).origin).origin) {
          expect(JSON.stringify(headers)).to.not.include(TOKEN);
        }
      }
    });
  }

  it('takes one request of a shipped device, and no Bearer that its limiter would count', async () => {
    const remembered = await open({ ...SHIPPED, to: { dialect: 'shipped' } });
    expect(remembered.page.requests.map(({ headers }) => headers)).to.deep.equal([
      { 'x-ota-token': TOKEN, origin: PAGE },
    ]);
    expect((await open(SHIPPED)).page.requests).to.have.length(1);
    const wrong = await open({ ...SHIPPED, to: { token: 'wrong' } });
    expect(wrong.page.sent.filter(({ headers }) => 'authorization' in headers)).to.deep.equal([]);
  });

  it('asks a remembered documented device for its routes only where its answer counts nothing', async () => {
    const asksRoutes = async (setting: Setting): Promise<boolean> => {
      const { page } = await open({ ...setting, to: { dialect: 'documented' } });
      return page.requests.some(({ url }) => url.endsWith('/openapi.json'));
    };
    expect(await asksRoutes(COUNTING)).to.equal(false);
    expect(await asksRoutes(LISTING)).to.equal(true);
  });

  it('asks a device that is set to shipped once, in its own header', async () => {
    const { page } = await open({ ...SHIPPED, to: { protocol: 'shipped' } });
    expect(page.requests.map(({ headers }) => headers)).to.deep.equal([{ 'x-ota-token': TOKEN, origin: PAGE }]);
  });

  it('tries the token in no header that would only be refused', async () => {
    const remembered = { to: { dialect: 'documented' } } as const;
    const cases: readonly (readonly [setting: Setting, tried: readonly TokenHeader[]])[] = [
      [LISTING, ['x-ota-token', 'authorization']],
      // It lists its routes, and none of them is for updates.
      [{ ...SHIPPED, ota: false }, ['x-ota-token']],
      [{ ...SHIPPED, ota: false, unknownRoutes: 'not-found' }, ['x-ota-token']],
      // What is remembered stands, where the device tells nothing else.
      [{ ...QUIET, ...remembered }, ['authorization']],
      [{ ...ELSEWHERE, ...remembered }, ['authorization']],
      [{ ...SHIPPED, ...remembered }, ['authorization', 'x-ota-token']],
      // A login is asked for before every route: a Bearer would count as a failed one.
      [{ ...SHIPPED, appAuth: lockedBy('ada', 'x') }, ['x-ota-token']],
      [{ ...SHIPPED, appAuth: lockedBy('ada', 'x'), ...remembered }, ['authorization', 'x-ota-token']],
    ];
    for (const [setting, tried] of cases) {
      const { page } = await open(setting);
      const asked = page.requests.filter(({ url }) => url.endsWith(STATUS_ROUTE));
      const headers = asked.flatMap((sent) => TOKEN_HEADERS.filter((name) => name in sent.headers));
      expect(headers, JSON.stringify(setting)).to.deep.equal(tried);
    }
  });

  it('asks a device that is off once, and probe once without the token', async () => {
    const { page } = await open({ ...SHIPPED, to: { origin: 'http://192.168.1.51:8080' } });
    expect(page.requests).to.have.length(1);
    expect(page.requests[0]?.headers).to.deep.equal({ origin: PAGE });
    expect(page.sent.map(({ method }) => method)).to.deep.equal(['OPTIONS', 'GET']);
  });
});

describe('a device that answers its status with something else', () => {
  async function codeFor(...answers: readonly Response[]): Promise<string> {
    const { fetch } = answering(...answers);
    return (await errorOf(openLink(target(), { fetch, clock: new ManualClock() })(limits()))).code;
  }

  it('is not a device where it is a web page, or endless', async () => {
    expect(await codeFor(new Response('<!doctype html><title>Router</title>'))).to.equal('web-page');
    expect(await codeFor(new Response('x'.repeat(100_000)))).to.equal('garbled');
    expect(await codeFor(new Response('<!doctype html><title>Router</title>', { status: 404 }))).to.equal('web-page');
  });

  it('answers in a form that is not known where a snapshot is half right: the token was right, and no other header is tried', async () => {
    for (const changes of [{ supported: 'true' }, { session: { id: null, written_bytes: 0 } }]) {
      const { fetch } = answering(Response.json(snapshot(changes)));
      const opening = openLink(target(), { fetch, clock: new ManualClock() })(limits());
      expect(await errorOf(opening)).to.include({ code: 'unknown-format', status: 200 });
    }
  });

  it('is garbled where its status is empty in the header that it reads, and refuses the other one', async () => {
    const refused = Response.json({ detail: 'invalid ota token' }, { status: 401 });
    const noDocs = new Response(null, { status: 404 });
    expect(await codeFor(new Response(null, { status: 204 }), noDocs, refused)).to.equal('garbled');
  });

  for (const [name, status, code] of [
    ['nothing', () => new Response(null, { status: 204 }), 'garbled'],
    ['JSON of another shape', () => Response.json({ ota: 'ready' }), 'unknown-format'],
    ['text', () => new Response('ready'), 'unknown-format'],
  ] as const) {
    it(`has taken the token where it refuses requests without one, in whatever words, and answers: ${name}`, async () => {
      const refused = () => Response.json({ detail: 'Token missing.' }, { status: 401 });
      const readsTokenHeader: FetchLike = (url, { headers }) =>
        Promise.resolve(
          url.endsWith('/openapi.json')
            ? new Response(null, { status: 404 })
            : new Headers(headers).get('X-OTA-Token') === TOKEN
              ? status()
              : refused(),
        );
      for (const dialect of [null, 'documented'] as const) {
        const opening = openLink(target({ dialect }), { fetch: readsTokenHeader, clock: new ManualClock() })(limits());
        expect((await errorOf(opening)).code).to.equal(code);
      }
    });
  }

  /** A device that answers a token in its two headers, and tells of its routes. */
  function byHeader(answers: {
    readonly header: () => Response | Promise<never>;
    readonly bearer: () => Response | Promise<never>;
    readonly routes?: () => Response;
  }): FetchLike {
    const notFound = () => new Response(null, { status: 404 });
    const { header, bearer, routes = notFound } = answers;
    return async (url, { headers }) => {
      if (url.endsWith('/openapi.json')) return routes();
      if (!url.endsWith(STATUS_ROUTE)) return notFound();
      return headers.has('Authorization') ? bearer() : headers.has('X-OTA-Token') ? header() : notFound();
    };
  }
  const opening = (fetch: FetchLike, changes: Partial<DeviceTarget> = {}) =>
    openLink(target(changes), { fetch, clock: new ManualClock() })(limits());

  it('has refused the token where it answers every request but one with a wrong token', async () => {
    for (const status of ['ready', '{"written": 0}']) {
      const readsBearer: FetchLike = async (url, { headers }) =>
        url.endsWith('/openapi.json')
          ? new Response(null, { status: 404 })
          : headers.has('Authorization')
            ? new Response(null, { status: 401 })
            : new Response(status);
      expect((await errorOf(opening(readsBearer))).code).to.equal('unauthorised');
    }
  });

  it('has refused the token where it knows only one header, unless it refuses in the words of the other dialect', async () => {
    for (const [detail, code, told] of [
      ['Token missing.', 'unauthorised', 'said'],
      ['invalid ota token', 'garbled', 'cause.said'],
    ] as const) {
      const bearer = () => Response.json({ detail }, { status: 401 });
      const header = () => new Response(null, { status: 404 });
      expect(await errorOf(opening(byHeader({ header, bearer })))).to.nested.include({ code, [told]: detail });
    }
  });

  it('is shipped where it lists such routes, whatever it answers to the Bearer that is remembered', async () => {
    const ota = { post: { tags: ['ota'] } };
    const paths = { '/ota/begin': ota, '/ota/chunk': ota, '/ota/finalize': ota };
    const routes = () => Response.json({ openapi: '3.0.3', paths });
    const header = () => Response.json(snapshot());
    for (const bearer of [() => new Response('ready'), () => new Response(null, { status: 404 })]) {
      const link = await opening(byHeader({ header, bearer, routes }), { dialect: 'documented' });
      expect(link.dialect).to.equal('shipped');
    }
  });

  it('cannot be read, and the error keeps what the browser or the other header brought', async () => {
    const unreadable = () => Promise.reject(new TypeError('Failed to fetch'));
    const refused = () => new Response(null, { status: 401 });
    const reachable =
      (fetch: FetchLike): FetchLike =>
      (url, init) =>
        init.mode === 'no-cors' ? Promise.resolve(new Response(null)) : fetch(url, init);
    const causes: readonly (readonly [bearer: () => Response | Promise<never>, cause: UpdateErrorCode])[] = [
      [unreadable, 'unreachable'],
      [refused, 'unauthorised'],
    ];
    for (const [bearer, cause] of causes) {
      const error = await errorOf(opening(reachable(byHeader({ header: unreadable, bearer }))));
      expect(error).to.include({ code: 'unreadable' }).and.nested.include({ 'cause.code': cause });
    }
  });

  it('hides no defect of ours', async () => {
    const defect = new RangeError('a defect');
    const observe = (): never => {
      throw defect;
    };
    const { fetch } = answering(Response.json(snapshot()));
    const came = openLink(target(), { fetch, clock: new ManualClock(), observe })(limits());
    expect(await came.catch((error: unknown) => error)).to.equal(defect);
  });

  it('is told by its own code', async () => {
    expect(await codeFor(new Response('Queue Full', { status: 503 }))).to.equal('busy');
    expect(await codeFor(new Response('', { status: 500 }))).to.equal('device-fault');
    expect(await codeFor(new Response('Invalid Host', { status: 400 }))).to.equal('wrong-host');
    expect(await codeFor(new Response('CORS Forbidden', { status: 403 }))).to.equal('forbidden');
    expect(await codeFor(Response.json({ detail: 'OTA unsupported on this platform' }, { status: 501 }))).to.equal(
      'unsupported',
    );
  });

  it('is documented where text, or JSON of another shape, is answered there and nowhere else', async () => {
    for (const status of [() => new Response('ready'), () => Response.json({ status: 'ok' })]) {
      const notFound = () => new Response('Not Found', { status: 404 });
      const { fetch, seen } = answering(status(), notFound(), status(), notFound(), notFound());
      const link = await openLink(target(), { fetch, clock: new ManualClock() })(limits());
      expect([link.dialect, link.tellsStatus, link.certain]).to.deep.equal(['documented', false, false]);
      // Paths that cannot exist: one to compare the status with, one for what is posted.
      const beside = seen.filter(({ url }) => url.includes('/no-such-route-'));
      expect(beside.map(({ init }) => init.method)).to.deep.equal(['GET', 'POST']);
    }
  });

  for (const [name, status] of [
    ['nothing', () => new Response(null)],
    ['text', () => new Response('It works!')],
    ['JSON', () => Response.json({ status: 'ok' })],
    ['a session that is not there', () => Response.json({ active: false })],
  ] as const) {
    it(`is none where every path is answered the same: ${name}`, async () => {
      const always: FetchLike = () => Promise.resolve(status());
      const opening = openLink(target(), { fetch: always, clock: new ManualClock() })(limits());
      expect(await errorOf(opening)).to.include({ code: 'no-route', status: 200 });
    });
  }

  it('is documented where the person said so, whatever page its 404 is', async () => {
    const notFound = () => new Response('<!doctype html><title>Nothing here</title>', { status: 404 });
    const { fetch } = answering(notFound(), notFound());
    const link = await openLink(target({ protocol: 'documented' }), { fetch, clock: new ManualClock() })(limits());
    // What a person set is no guess: it outranks what an earlier update left, too.
    expect([link.dialect, link.certain]).to.deep.equal(['documented', true]);
  });

  it('is silent where nothing comes, without a second request', async () => {
    const clock = new ManualClock();
    let asked = 0;
    const fetch: FetchLike = () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    };
    const work = errorOf(openLink(target(), { fetch, clock })(limits({ timeoutMs: 3000 })));
    await clock.pass(3000);
    expect((await work).code).to.equal('silent');
    expect(asked).to.equal(1);
  });

  it('stops when the person does', async () => {
    const stop = new AbortController();
    const fetch: FetchLike = () => new Promise<never>(() => undefined);
    const work = errorOf(openLink(target(), { fetch, clock: new ManualClock() })(limits({ signal: stop.signal })));
    await settled();
    stop.abort();
    expect((await work).code).to.equal('aborted');
  });
});

describe('a device behind the gateway', () => {
  const opening = (to: Partial<DeviceTarget>, ...answers: readonly (Response | Error)[]) => {
    const { fetch, seen } = answering(...answers);
    return { link: openLink(target({ viaGateway: '', ...to }), { fetch, clock: new ManualClock() })(limits()), seen };
  };

  it('is unreachable where the gateway says so, and nothing else is asked', async () => {
    const nothing = Response.json({}, { status: 502, headers: { 'Moult-Gateway': 'unreachable' } });
    const { link, seen } = opening({}, nothing);
    expect(await errorOf(link)).to.include({ code: 'unreachable', status: 502 });
    expect(seen).to.have.length(1);
  });

  it('opens a link where it is set to shipped, unless the host itself is gone', async () => {
    const shipped = { protocol: 'shipped' } as const;
    const notFound = () => new Response(null, { status: 404 });
    for (const answer of [Response.json(snapshot()), notFound()]) {
      expect((await opening(shipped, answer).link).dialect).to.equal('shipped');
    }
    const gone = new TypeError('Failed to fetch');
    expect(await errorOf(opening(shipped, gone).link)).to.include({ code: 'unreachable', status: null });
  });
});

describe('the browser’s question about the local network', () => {
  async function timersDuring(to: Partial<DeviceTarget>, permission: LocalNetworkPermission | null) {
    const clock = new ManualClock();
    const pending: number[] = [];
    const fetch: FetchLike = async () => {
      await settled();
      pending.push(clock.pending);
      return Response.json(snapshot());
    };
    const deps = permission === null ? {} : { permission: () => Promise.resolve(permission) };
    const link = await openLink(target(to), { fetch, clock, ...deps })(limits());
    await link.status(limits());
    return pending;
  }

  it('meets no time limit, and the first request after it does', async () => {
    expect(await timersDuring({}, 'prompt')).to.deep.equal([0, 1]);
    expect(await timersDuring({ protocol: 'shipped' }, 'prompt')).to.deep.equal([0, 1]);
    expect(await timersDuring({ dialect: 'shipped' }, 'prompt')).to.deep.equal([0, 1]);
  });

  /** Opens a link while the question may be open, and answers what was asked for, and the timers during each. */
  async function askedWhilePrompting(...answers: readonly (Response | Error)[]) {
    const clock = new ManualClock();
    const asked: (readonly [path: string, timers: number])[] = [];
    const listed = answering(...answers);
    const fetch: FetchLike = async (url, init) => {
      await settled();
      asked.push([new URL(url).pathname, clock.pending]);
      return listed.fetch(url, init);
    };
    const link = openLink(target(), { fetch, clock, permission: () => Promise.resolve('prompt') })(limits());
    await link.catch(() => undefined);
    return asked;
  }

  it('is answered as soon as the device is, whatever it says', async () => {
    const notFound = () => new Response(null, { status: 404 });
    for (const first of [new Response('ready'), notFound(), new Response(null, { status: 401 })]) {
      const asked = await askedWhilePrompting(first, notFound(), new Response(null, { status: 401 }), notFound());
      expect(asked.map(([path]) => path).slice(0, 3)).to.deep.equal(['/ota/status', '/openapi.json', '/ota/status']);
      const timers = asked.filter(([path]) => path === '/ota/status').map(([, pending]) => pending);
      expect(timers.slice(0, 2)).to.deep.equal([0, 1]);
    }
  });

  it('stays open while nothing can be read: no request has a time limit, and none is sent that needs one', async () => {
    const failed = new TypeError('Failed to fetch');
    const asked = await askedWhilePrompting(failed, new Response(null), failed);
    expect(asked).to.deep.equal(Array.from({ length: 3 }, () => ['/ota/status', 0]));
  });

  it('is not waited for where it will not be asked', async () => {
    for (const permission of ['granted', 'denied', 'none', null] as const) {
      expect(await timersDuring({}, permission)).to.deep.equal([1, 1]);
    }
    expect(await timersDuring({ viaGateway: '' }, 'prompt')).to.deep.equal([1, 1]);
    expect(await timersDuring({ protocol: 'shipped' }, 'granted')).to.deep.equal([1, 1]);
  });
});
