import { expect } from 'chai';
import type { RequestRecord } from '../../src/model/device/request-record.ts';
import { probe, send } from '../../src/device/request.ts';
import { DIALECTS, TRAITS } from '../../src/model/device/dialect.ts';
import { answering, errorOf, limits, target, TOKEN } from './given.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { STATUS } from './status-request.ts';

describe('one request', () => {
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));

  it('goes to the address with the token in headers only, and leaves no trace in the browser', async () => {
    const { fetch, seen } = answering(Response.json({}));
    await send(target(), STATUS, limits(), { fetch, clock });
    expect(seen).to.have.length(1);
    const [{ url, init } = { url: '', init: null }] = seen;
    expect(url).to.equal('http://192.168.1.50:8080/ota/status');
    expect(init).to.include({
      method: 'GET',
      mode: 'cors',
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    });
    expect(init).to.not.have.any.keys('body', 'targetAddressSpace', 'keepalive');
    expect(Object.fromEntries(init?.headers ?? [])).to.deep.equal({
      authorization: `Bearer ${TOKEN}`,
      'x-ota-token': TOKEN,
    });
  });

  it('sets no cache mode where it posts: browsers keep no such answer, and the header would cost a preflight', async () => {
    const { fetch, seen } = answering(Response.json({}));
    const request = { kind: 'write', method: 'POST', route: '/write', credentials: 'bearer', body: '{}' } as const;
    await send(target(), request, limits(), { fetch, clock });
    expect(seen[0]?.init).to.include({ method: 'POST', credentials: 'omit' }).and.not.to.have.property('cache');
  });

  const ways = {
    bearer: { authorization: `Bearer ${TOKEN}` },
    'token-header': { 'x-board-key': TOKEN },
    both: { authorization: `Bearer ${TOKEN}`, 'x-board-key': TOKEN },
    none: {},
  } as const;
  for (const [credentials, headers] of Object.entries(ways)) {
    it(`carries the token for "${credentials}"`, async () => {
      const { fetch, seen } = answering(Response.json({}));
      const request = { ...STATUS, credentials: credentials as keyof typeof ways };
      await send(target({ tokenHeader: 'X-Board-Key' }), request, limits(), { fetch, clock });
      expect(Object.fromEntries(seen[0]?.init.headers ?? [])).to.deep.equal(headers);
    });
  }

  it('sends no token header to a device without a token', async () => {
    const { fetch, seen } = answering(Response.json({}));
    await send(target({ token: '' }), STATUS, limits(), { fetch, clock });
    expect([...(seen[0]?.init.headers ?? [])]).to.deep.equal([]);
  });

  const login = { user: 'ädä', password: 'pass:word' };
  const basic = 'Basic w6Rkw6Q6cGFzczp3b3Jk';

  for (const [credentials, headers] of Object.entries({
    'token-header': { authorization: basic, 'x-ota-token': TOKEN },
    both: { authorization: basic, 'x-ota-token': TOKEN },
    login: { authorization: basic },
    bearer: { authorization: `Bearer ${TOKEN}` },
    none: {},
  })) {
    it(`carries a login beside the token for "${credentials}"`, async () => {
      const { fetch, seen } = answering(Response.json({}));
      const request = { ...STATUS, credentials: credentials as keyof typeof ways | 'login' };
      await send(target({ login }), request, limits(), { fetch, clock });
      expect(Object.fromEntries(seen[0]?.init.headers ?? [])).to.deep.equal(headers);
    });
  }

  it('carries a password without a user as a bearer token, and a login also where there is no token', async () => {
    const { fetch, seen } = answering(Response.json({}), Response.json({}));
    const request = { ...STATUS, credentials: 'token-header' } as const;
    const bearer = { user: '', password: 'second' };
    await send(target({ login: bearer }), request, limits(), { fetch, clock });
    await send(target({ login, token: '' }), request, limits(), { fetch, clock });
    expect(seen.map(({ init }) => Object.fromEntries(init.headers))).to.deep.equal([
      { authorization: 'Bearer second', 'x-ota-token': TOKEN },
      { authorization: basic },
    ]);
  });

  it('leaves out a login where the protocol has the token in its place, or waits until the device asks for it', async () => {
    for (const protocol of DIALECTS) {
      if (!['bearer', 'login'].includes(TRAITS[protocol].tokenIn)) continue;
      const { fetch, seen } = answering(Response.json({}), Response.json({}));
      for (const credentials of ['bearer', 'both'] as const) {
        await send(target({ login, protocol }), { ...STATUS, credentials }, limits(), { fetch, clock });
      }
      const bearer = `Bearer ${TOKEN}`;
      expect(
        seen.map(({ init }) => init.headers.get('Authorization')),
        protocol,
      ).to.deep.equal([bearer, bearer]);
    }
  });

  it('carries no login in the place of a bearer token that there is none of', async () => {
    const { fetch, seen } = answering(Response.json({}));
    await send(target({ login, token: '' }), { ...STATUS, credentials: 'bearer' }, limits(), { fetch, clock });
    expect([...(seen[0]?.init.headers ?? [])]).to.deep.equal([]);
  });

  it('brings back neither token nor password in the device’s words', async () => {
    for (const given of [{}, { login }]) {
      const { fetch } = answering(new Response(`not ${TOKEN}, not ${login.password}`, { status: 401 }));
      const { said } = await errorOf(send(target(given), STATUS, limits(), { fetch, clock }));
      expect(said).to.equal('login' in given ? 'not •••, not •••' : `not •••, not ${login.password}`);
    }
  });

  it('is not sent with a token or a header name that HTTP cannot carry', async () => {
    for (const changes of [{ token: 'a\nb' }, { token: 'schlüssel→' }, { tokenHeader: 'X OTA' }]) {
      const { fetch, seen } = answering();
      const error = await errorOf(send(target(changes), STATUS, limits(), { fetch, clock }));
      expect(error.code).to.equal('unauthorised');
      expect(error.status).to.equal(null);
      expect(error.cause, 'what the runtime says of it').to.be.instanceOf(Error);
      expect(seen).to.deep.equal([]);
    }
  });

  it('names to the gateway the header that carries the token, and nothing that cannot be one', async () => {
    for (const [tokenHeader, named] of [
      ['OTA-Password', 'OTA-Password'],
      ['X_OTA_TOKEN', 'X_OTA_TOKEN'],
      ['', '1'],
      ['X OTA', '1'],
      ['Schlüssel→', '1'],
    ] as const) {
      const { fetch, seen } = answering(Response.json({}));
      await send(target({ tokenHeader, token: '', viaGateway: '' }), STATUS, limits(), { fetch, clock });
      expect(seen[0]?.init.headers.get('X-Moult')).to.equal(named);
    }
  });

  it('tells the gateway, and no device, that our own page asks: also without a token', async () => {
    const { fetch, seen } = answering(Response.json({}), Response.json({}));
    await send(target({ token: '', viaGateway: '' }), STATUS, limits(), { fetch, clock });
    await send(target({ token: '' }), STATUS, limits(), { fetch, clock });
    expect(seen.map(({ init }) => [...init.headers.keys()])).to.deep.equal([['x-moult'], []]);
  });

  it('goes through the gateway under the device’s full address', async () => {
    const cases = [
      [{}, '/device/http/192.168.1.50:8080/ota/status'],
      [{ origin: 'http://esp32.local' }, '/device/http/esp32.local:80/ota/status'],
      [{ origin: 'https://[fe80::1]' }, '/device/https/[fe80::1]:443/ota/status'],
      [{ prefix: '/fw/up' }, '/device/http/192.168.1.50:8080/fw/up/status'],
    ] as const;
    for (const [changes, path] of cases) {
      for (const viaGateway of ['', 'https://laptop.local:4443']) {
        const { fetch, seen } = answering(Response.json({}));
        await send(target({ ...changes, viaGateway }), STATUS, limits(), { fetch, clock, secureContext: true });
        expect(seen[0]?.url).to.equal(viaGateway + path);
        expect(seen[0]?.init).to.not.have.property('targetAddressSpace');
      }
    }
  });

  it('names the address space for plain LAN names on a secure page, and for nothing else', async () => {
    const hosts: readonly (readonly [host: string, named: boolean])[] = [
      ['esp32', true],
      ['esp32.lan', true],
      ['esp32.fritz.box', true],
      ['esp32.home.arpa', true],
      ['esp32.local', false],
      ['192.168.1.50', false],
      ['[fe80::1]', false],
      ['localhost', false],
      ['a.localhost', false],
      ['127.0.0.1', false],
      ['[::1]', false],
      ['ota.example.com', false],
      ['8.8.8.8', false],
    ];
    for (const [host, named] of hosts) {
      for (const secureContext of [true, false]) {
        const { fetch, seen } = answering(Response.json({}));
        const world = { fetch, clock, secureContext };
        await send(target({ origin: `http://${host}:8080` }), STATUS, limits(), world);
        const space = seen[0]?.init.targetAddressSpace ?? null;
        expect(space, host).to.equal(named && secureContext ? 'local' : null);
      }
    }
  });

  it('calls fetch as a plain function, as browsers insist', async () => {
    const fetch = function (this: unknown) {
      return Promise.resolve(Response.json({ unbound: this === undefined || this === globalThis }));
    };
    const answer = await send(target(), STATUS, limits(), { fetch, clock });
    expect(answer.json).to.deep.equal({ unbound: true });
  });

  it('is unreachable when fetch rejects, with the reason kept', async () => {
    const cause = new TypeError('Failed to fetch');
    const { fetch } = answering(cause);
    const error = await errorOf(send(target(), STATUS, limits(), { fetch, clock }));
    expect(error.code).to.equal('unreachable');
    expect(error.cause).to.equal(cause);
  });

  it('is unreachable when the connection breaks in the middle of the answer', async () => {
    const cause = new TypeError('network error');
    const body = new ReadableStream({ start: (controller) => controller.error(cause) });
    const { fetch } = answering(new Response(body));
    const error = await errorOf(send(target(), STATUS, limits(), { fetch, clock }));
    expect(error).to.include({ code: 'unreachable', cause });
  });

  it('takes no answer from the target of a redirect', async () => {
    for (const [sign, byOtherServer] of [
      [{ redirected: true }, true],
      [{ type: 'opaqueredirect' }, true],
      [{ type: 'opaque' }, false],
      [{ status: 300 }, true],
      [{ status: 307 }, true],
    ] as const) {
      const answer = Response.json({ supported: true });
      for (const [name, value] of Object.entries(sign)) Object.defineProperty(answer, name, { value });
      const { fetch } = answering(answer);
      const error = await errorOf(send(target(), STATUS, limits(), { fetch, clock }));
      expect(error).to.include({ code: 'garbled', byOtherServer });
    }
  });

  it('leaves no timer and no listener behind', async () => {
    for (const answer of [Response.json({}), new Response('no', { status: 500 }), new TypeError('Failed to fetch')]) {
      const { fetch } = answering(answer);
      const { signal } = new AbortController();
      const listeners = new Set<string>();
      Object.defineProperties(signal, {
        addEventListener: { value: (type: string) => void listeners.add(type) },
        removeEventListener: { value: (type: string) => void listeners.delete(type) },
      });
      await send(target(), STATUS, limits({ signal }), { fetch, clock }).catch(() => undefined);
      await settled();
      expect(clock.pending).to.equal(0);
      expect([...listeners]).to.deep.equal([]);
    }
  });

  it('tells how the device asks for a login and what it calls itself, where it says so', async () => {
    const says = { 'WWW-Authenticate': 'Basic realm="r"', Server: 'ESP' };
    const { fetch } = answering(new Response('yes', { headers: says }), new Response('yes'));
    const told = await send(target(), STATUS, limits(), { fetch, clock });
    expect(told).to.include({ challenge: says['WWW-Authenticate'], server: says.Server });
    expect(await send(target(), STATUS, limits(), { fetch, clock })).to.not.have.any.keys('challenge', 'server');
  });
});

describe('a probe', () => {
  const clock = new ManualClock();
  clock.advance(50);

  it('carries no token and cannot be read', async () => {
    const { fetch, seen } = answering(new Response('secret'));
    expect(await probe(target(), limits(), { fetch, clock })).to.equal(true);
    expect(seen[0]?.init).to.include({
      ...{ method: 'GET', mode: 'no-cors', credentials: 'omit', cache: 'no-store', redirect: 'follow' },
    });
    expect([...(seen[0]?.init.headers ?? [])]).to.deep.equal([]);
  });

  it('says no where nothing answers, and tells an abort and silence apart from that', async () => {
    const { fetch } = answering(new TypeError('Failed to fetch'));
    expect(await probe(target(), limits(), { fetch, clock })).to.equal(false);
    const gone = probe(target(), limits({ signal: AbortSignal.abort() }), { fetch, clock });
    expect((await errorOf(gone)).code).to.equal('aborted');
    const waiting = errorOf(
      probe(target(), limits({ timeoutMs: 50 }), { fetch: () => new Promise<never>(() => undefined), clock }),
    );
    await clock.pass(50);
    expect((await waiting).code).to.equal('silent');
  });

  it('is in the help report', async () => {
    const records: RequestRecord[] = [];
    const { fetch } = answering(new TypeError('Failed to fetch'));
    const startedAt = clock.now();
    expect(startedAt, 'so that a duration is no time of day').to.be.greaterThan(0);
    await probe(target(), limits(), { fetch, clock, observe: (record) => void records.push(record) });
    const asked = { kind: 'probe', method: 'GET', path: '/ota/status', bytes: 0 } as const;
    expect(records).to.deep.equal([{ ...asked, startedAt, durationMs: 0, status: null, code: 'unreachable' }]);
  });
});

describe('a defect of ours', () => {
  it('stays one, and has no code in the help report', async () => {
    const defect = new RangeError('a defect of ours');
    const broken = () =>
      Object.defineProperty(new Response('{}'), 'body', {
        get: () => {
          throw defect;
        },
      });
    const records: RequestRecord[] = [];
    const world = {
      fetch: () => Promise.resolve(broken()),
      clock: new ManualClock(),
      observe: (record: RequestRecord) => void records.push(record),
    };
    for (const ask of [() => send(target(), STATUS, limits(), world), () => probe(target(), limits(), world)]) {
      expect(await ask().catch((error: unknown) => error)).to.equal(defect);
      expect(records.pop()).to.include({ code: null });
    }
  });
});
