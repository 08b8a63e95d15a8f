import { expect } from 'chai';
import { parseAnswer } from '../../../src/device/answer.ts';
import { controlRoute } from '../../../src/device/viperhttp/control.ts';
import type { LocalNetworkPermission } from '../../../src/device/link-deps.ts';
import {
  askOpenApi,
  askOpenApiByAnyRoute,
  OPENAPI_LIMIT_BYTES,
  readOpenApi,
} from '../../../src/device/viperhttp/openapi.ts';
import { answering, errorOf, limits, ORIGIN, target } from '../given.ts';
import { ManualClock, settled } from '../manual-clock.ts';

type Json = Readonly<Record<string, unknown>>;

function described(value: unknown) {
  return readOpenApi(parseAnswer(200, JSON.stringify(value), false, 'application/json'));
}

const route = (tags: readonly string[] = ['ota']): Json => ({ post: { tags, responses: { '200': {} } } });

const SHIPPED_ROUTES = ['begin', 'chunk', 'finalize', 'abort', 'upload', 'mark-valid'];
const DOCUMENTED_ROUTES = ['begin', 'write', 'finalize'];

function below(prefix: string, names: readonly string[], tags?: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [`${prefix}/${name}`, route(tags)]));
}

/** As ViperHTTP writes it. */
function openapi(paths: Json, changes: Json = {}): Json {
  return {
    openapi: '3.0.3',
    info: { title: 'Greenhouse', version: '1.4.0' },
    paths,
    components: { schemas: {} },
    'x-viperhttp': { generator: 'viperhttp_autodocs', route_count: Object.keys(paths).length },
    ...changes,
  };
}

describe('what a device tells of itself', () => {
  it('is its name, its version, and the prefix of its update routes', () => {
    expect(described(openapi(below('/ota', SHIPPED_ROUTES)))).to.deep.equal({
      isViper: true,
      title: 'Greenhouse',
      version: '1.4.0',
      otas: [{ prefix: '/ota', dialect: 'shipped' }],
      hasRestartRoute: false,
    });
  });

  it('tells the dialect by the route that takes the bytes', () => {
    const both = { ...below('/ota', DOCUMENTED_ROUTES), ...below('/api/v1/update', SHIPPED_ROUTES) };
    expect(described(openapi(both))?.otas).to.deep.equal([
      { prefix: '/ota', dialect: 'documented' },
      { prefix: '/api/v1/update', dialect: 'shipped' },
    ]);
    const mixed = below('/ota', [...DOCUMENTED_ROUTES, 'chunk']);
    expect(described(openapi(mixed))?.otas).to.deep.equal([{ prefix: '/ota', dialect: 'shipped' }]);
  });

  it('has no updates where the app lists none', () => {
    expect(described(openapi({ '/': { get: { tags: ['root'] } } }))?.otas).to.deep.equal([]);
  });

  it('takes no other routes of the same names for updates', () => {
    expect(described(openapi(below('/files', DOCUMENTED_ROUTES, ['files'])))?.otas).to.deep.equal([]);
  });

  for (const missing of SHIPPED_ROUTES.slice(0, 3)) {
    it(`takes no half of an update for one: ${missing} is missing`, () => {
      const rest = SHIPPED_ROUTES.filter((name) => name !== missing);
      expect(described(openapi(below('/ota', rest)))?.otas).to.deep.equal([]);
    });
  }

  it('counts only routes with the method POST', () => {
    const paths = { ...below('/ota', SHIPPED_ROUTES), '/ota/begin': { get: { tags: ['ota'] } } };
    expect(described(openapi(paths))?.otas).to.deep.equal([]);
  });

  it('names no prefix that could not be saved', () => {
    for (const prefix of [
      '',
      '/',
      '/a b',
      '/../x',
      '/./x',
      'api/ota',
      '/ota/{id}',
      '/%2e',
      'ota',
      `/${'a'.repeat(65)}`,
    ]) {
      expect(described(openapi(below(prefix, SHIPPED_ROUTES)))?.otas, prefix).to.deep.equal([]);
    }
  });

  it('tells whether it can be asked to restart', () => {
    expect(described(openapi({ '/debug/reboot': route(['debug']) }))?.hasRestartRoute).to.equal(true);
    expect(described(openapi({ '/debug/reboot': { get: {} } }))?.hasRestartRoute).to.equal(false);
  });

  it('is recognised as ViperHTTP’s own by the mark of its generator', () => {
    expect(described(openapi({}, { 'x-viperhttp': { generator: 'other' } }))?.isViper).to.equal(false);
    expect(described({ openapi: '3.1.0', info: { title: 'Any API', version: '2' }, paths: {} })).to.deep.equal({
      isViper: false,
      title: 'Any API',
      version: '2',
      otas: [],
      hasRestartRoute: false,
    });
  });

  it('comes as one line of plain text, whatever stands in it', () => {
    const info = { title: 'a\u202eb\nc\u061cd', version: `${'9'.repeat(99)}🐍` };
    const read = described(openapi({}, { info }));
    expect([read?.title, read?.version]).to.deep.equal(['a b c d', '9'.repeat(99)]);
    for (const odd of [{}, { title: 7, version: null }, { title: ' \n', version: '' }, null, 'x']) {
      const nameless = described(openapi({}, { info: odd }));
      expect([nameless?.title, nameless?.version]).to.deep.equal([null, null]);
    }
  });

  for (const odd of [
    null,
    [],
    'openapi',
    {},
    { openapi: '3.0.3' },
    { openapi: 3, paths: {} },
    { paths: {} },
    { openapi: '3.0.3', paths: [] },
  ]) {
    it(`is nothing at ${JSON.stringify(odd)}`, () => expect(described(odd)).to.equal(null));
  }

  it('is read from routes of any shape without an error', () => {
    const paths = { '/ota/begin': null, '/ota/chunk': { post: [] }, '/ota/finalize': { post: { tags: 'ota' } }, x: 1 };
    expect(described(openapi(paths))?.otas).to.deep.equal([]);
    expect(readOpenApi(parseAnswer(200, '', false, 'text/plain'))).to.equal(null);
  });
});

describe('asking a device what it tells of itself', () => {
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));

  it('is one request at its root, without token, header or preflight', async () => {
    const { fetch, seen } = answering(Response.json(openapi(below('/fw', SHIPPED_ROUTES))));
    const told = await askOpenApi(target(), limits(), { fetch, clock });
    expect(told?.otas).to.deep.equal([{ prefix: '/fw', dialect: 'shipped' }]);
    expect(seen.map(({ url }) => url)).to.deep.equal(['http://192.168.1.50:8080/openapi.json']);
    expect([...(seen[0]?.init.headers ?? [])]).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  it('carries the login, without which a device that wants one tells nothing', async () => {
    const { fetch, seen } = answering(Response.json(openapi({})));
    await askOpenApi(target({ login: { user: '', password: 'second' } }), limits(), { fetch, clock });
    expect([...(seen[0]?.init.headers ?? [])]).to.deep.equal([['authorization', 'Bearer second']]);
  });

  it('goes through the gateway like every other', async () => {
    const { fetch, seen } = answering(Response.json(openapi({})));
    await askOpenApi(target({ viaGateway: '' }), limits(), { fetch, clock });
    expect(seen[0]?.url).to.equal('/device/http/192.168.1.50:8080/openapi.json');
  });

  it('reads a list of a thousand routes, and no endless one', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [`/cap${at}`, { get: { tags: [`cap${at}`], operationId: `get_${at}` } }]),
    );
    const full = JSON.stringify(openapi({ ...many, ...below('/ota', SHIPPED_ROUTES) }));
    const padded = `${full}${' '.repeat(OPENAPI_LIMIT_BYTES - full.length)}`;
    const { fetch } = answering(new Response(padded), new Response(`${padded} `));
    expect((await askOpenApi(target(), limits(), { fetch, clock }))?.otas).to.have.length(1);
    expect(await askOpenApi(target(), limits(), { fetch, clock })).to.equal(null);
  });

  it('answers null, and no error, where the device has none or is not reached', async () => {
    for (const answer of [
      new Response('', { headers: { 'Content-Type': 'text/plain' } }),
      Response.json({ detail: 'Not Found' }, { status: 404 }),
      new Response('Not authenticated', { status: 401 }),
      new Response('Gateway Timeout', { status: 504 }),
      new Response('<!doctype html><title>Router</title>', { headers: { 'Content-Type': 'text/html' } }),
      new TypeError('Failed to fetch'),
    ]) {
      const { fetch } = answering(answer);
      expect(await askOpenApi(target(), limits(), { fetch, clock })).to.equal(null);
    }
  });

  it('is given up after six seconds of silence, whatever the caller’s own limit', async () => {
    const never = () => new Promise<Response>(() => undefined);
    const told: unknown[] = [];
    void askOpenApi(target(), limits({ timeoutMs: Infinity }), { fetch: never, clock }).then((it) => told.push(it));
    await clock.pass(5_999);
    expect(told).to.deep.equal([]);
    await clock.pass(1);
    expect(told).to.deep.equal([null]);
    expect(clock.pending).to.equal(0);
  });

  it('is given up after ten seconds, also where bytes keep coming', async () => {
    let drip: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        drip = () => controller.enqueue(new Uint8Array([0x20]));
      },
    });
    const { fetch } = answering(new Response(body));
    const told: unknown[] = [];
    void askOpenApi(target(), limits({ timeoutMs: Infinity }), { fetch, clock }).then((it) => told.push(it));
    for (let seconds = 0; seconds < 9; seconds += 3) {
      await clock.pass(3_000);
      drip();
      await settled();
    }
    await clock.pass(999);
    expect(told).to.deep.equal([]);
    await clock.pass(1);
    expect(told).to.deep.equal([null]);
    expect(clock.pending).to.equal(0);
  });

  it('ends where the caller ends it', async () => {
    const stop = new AbortController();
    const never = () => new Promise<Response>(() => undefined);
    const asked = errorOf(askOpenApi(target(), limits({ signal: stop.signal }), { fetch: never, clock }));
    stop.abort();
    expect((await asked).code).to.equal('aborted');
    expect(clock.pending).to.equal(0);
  });
});

describe('asking a device that is not saved yet', () => {
  const clock = new ManualClock();
  const where = { origin: ORIGIN, login: null };
  const asked = async (
    gateway: string | null,
    permission: LocalNetworkPermission,
    ...answers: (Response | Error)[]
  ) => {
    const { fetch, seen } = answering(...answers);
    const deps = { fetch, clock, permission: async () => permission };
    const told = await askOpenApiByAnyRoute(where, gateway, limits(), deps);
    return [told === null ? null : told.title, ...seen.map(({ url }) => url)];
  };
  const good = (): Response => Response.json(openapi({}));
  const direct = 'http://192.168.1.50:8080/openapi.json';
  const byGateway = '/device/http/192.168.1.50:8080/openapi.json';

  it('goes straight to it where there is no gateway', async () => {
    for (const permission of ['none', 'granted'] as const) {
      expect(await asked(null, permission, good())).to.deep.equal(['Greenhouse', direct]);
    }
  });

  it('goes by the gateway first, and straight where that brings nothing', async () => {
    expect(await asked('', 'prompt', good())).to.deep.equal(['Greenhouse', byGateway]);
    const nothing = Response.json({ detail: 'Nothing answers.' }, { status: 502 });
    expect(await asked('', 'none', nothing, good())).to.deep.equal(['Greenhouse', byGateway, direct]);
    expect(await asked('', 'none', new TypeError(), new TypeError())).to.deep.equal([null, byGateway, direct]);
  });

  it('does not make the browser ask for permission, and respects its no', async () => {
    for (const permission of ['prompt', 'denied'] as const) {
      expect(await asked(null, permission)).to.deep.equal([null]);
      expect(await asked('', permission, new TypeError())).to.deep.equal([null, byGateway]);
    }
  });
});

describe('a path that cannot exist', () => {
  it('is another one each time', () => {
    const routes = Array.from({ length: 50 }, controlRoute);
    for (const each of routes) expect(each).to.match(/^\/no-such-route-[0-9a-f]{12}$/);
    expect(new Set(routes).size).to.equal(50);
  });
});
