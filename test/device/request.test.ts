import { expect } from 'chai';
import type { RequestRecord } from '../../src/model/device/request-record.ts';
import { ANSWER_LIMIT_BYTES } from '../../src/device/answer.ts';
import type { DeviceRequest } from '../../src/device/device-request.ts';
import { probe, send, type FetchLike } from '../../src/device/request.ts';
import { answering, errorOf, limits, ORIGIN, target, TOKEN } from './given.ts';
import { ManualClock, settled } from './manual-clock.ts';

const STATUS: DeviceRequest = { kind: 'status', method: 'GET', route: '/status', credentials: 'both' };

/** A body that gives `parts` and then nothing more, without an end. */
function stalled(parts: readonly Uint8Array[], onCancel: () => void = () => undefined): ReadableStream<Uint8Array> {
  const left = [...parts];
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const part = left.shift();
        if (part !== undefined) controller.enqueue(part);
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}

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

  it('says nothing of the cache where it posts: browsers keep no such answer, and the word would cost preflights', async () => {
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

  it('leaves a login away where the protocol puts the token in its place', async () => {
    const { fetch, seen } = answering(Response.json({}), Response.json({}));
    for (const credentials of ['bearer', 'both'] as const) {
      await send(target({ login, protocol: 'documented' }), { ...STATUS, credentials }, limits(), { fetch, clock });
    }
    expect(seen.map(({ init }) => init.headers.get('Authorization'))).to.deep.equal([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
  });

  it('is not sent with a token or a header name that HTTP cannot carry', async () => {
    for (const changes of [{ token: 'a\nb' }, { token: 'schlüssel→' }, { tokenHeader: 'X OTA' }]) {
      const { fetch, seen } = answering();
      const error = await errorOf(send(target(changes), STATUS, limits(), { fetch, clock }));
      expect(error.code).to.equal('unauthorised');
      expect(error.status).to.equal(null);
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
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
    const { fetch } = answering(new Response(body));
    expect((await errorOf(send(target(), STATUS, limits(), { fetch, clock }))).code).to.equal('unreachable');
  });

  it('takes no answer from where it was redirected to', async () => {
    for (const [sign, byOtherServer] of [
      [{ redirected: true }, true],
      [{ type: 'opaqueredirect' }, true],
      [{ type: 'opaque' }, false],
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
      await send(target(), STATUS, limits(), { fetch, clock }).catch(() => undefined);
      await settled();
      expect(clock.pending).to.equal(0);
    }
  });
});

describe('the answer to a request', () => {
  const clock = new ManualClock();

  it('survives being empty, no JSON, and null', async () => {
    for (const [answer, json] of [
      [new Response(null), undefined],
      [new Response(''), undefined],
      [new Response('{"written_bytes": 40'), undefined],
      [new Response('null'), null],
    ] as const) {
      const { fetch } = answering(answer);
      const read = await send(target(), STATUS, limits(), { fetch, clock });
      expect(read.json).to.equal(json);
      expect(read.truncated).to.equal(false);
    }
  });

  it('is read up to 64 KiB and then cancelled, however long it is', async () => {
    const part = new Uint8Array(10_000).fill('a'.charCodeAt(0));
    let given = 0;
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          given += part.length;
          controller.enqueue(part);
          if (given >= 10 * 1024 * 1024) controller.close();
        },
        cancel: () => void (cancelled = true),
      },
      { highWaterMark: 0 },
    );
    const { fetch } = answering(new Response(body));
    const answer = await send(target(), STATUS, limits(), { fetch, clock });
    await settled();
    expect(answer.text.length).to.equal(ANSWER_LIMIT_BYTES);
    expect(answer.truncated).to.equal(true);
    expect(answer.json).to.equal(undefined);
    expect(cancelled).to.equal(true);
    expect(given).to.be.below(ANSWER_LIMIT_BYTES + 2 * part.length);
  });

  describe('that says how short it is', () => {
    const short = (body: string | ReadableStream): Response =>
      new Response(body, { headers: { 'Content-Length': '13', 'Content-Type': 'application/json' } });

    it('is read as any other', async () => {
      const { fetch } = answering(short('{"written":1}'));
      const read = await send(target(), STATUS, limits(), { fetch, clock });
      expect(read).to.deep.include({ text: '{"written":1}', truncated: false, json: { written: 1 } });
    });

    it('is unreachable where it breaks off, and silent where it does not come', async () => {
      const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
      const { fetch } = answering(short(broken), short(stalled([])));
      expect((await errorOf(send(target(), STATUS, limits(), { fetch, clock }))).code).to.equal('unreachable');
      const waiting = errorOf(send(target(), STATUS, limits(), { fetch, clock }));
      await clock.pass(limits().timeoutMs);
      expect((await waiting).code).to.equal('silent');
      expect(clock.pending).to.equal(0);
    });

    it('is cut at 64 KiB where it was compressed', async () => {
      const { fetch } = answering(short(JSON.stringify('x'.repeat(ANSWER_LIMIT_BYTES))));
      const cut = await send(target(), STATUS, limits(), { fetch, clock });
      expect([cut.truncated, cut.text.length]).to.deep.equal([true, ANSWER_LIMIT_BYTES]);
    });
  });

  it('is whole at exactly 64 KiB', async () => {
    const text = JSON.stringify('x'.repeat(ANSWER_LIMIT_BYTES - 2));
    const { fetch } = answering(new Response(text), new Response(`${text} `));
    const whole = await send(target(), STATUS, limits(), { fetch, clock });
    expect([whole.truncated, whole.text.length, typeof whole.json]).to.deep.equal([
      false,
      ANSWER_LIMIT_BYTES,
      'string',
    ]);
    const cut = await send(target(), STATUS, limits(), { fetch, clock });
    expect([cut.truncated, cut.text.length, typeof cut.json]).to.deep.equal([true, ANSWER_LIMIT_BYTES, 'undefined']);
  });

  it('keeps characters whole that came in two parts', async () => {
    const bytes = new TextEncoder().encode('"🐍"');
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 3));
        controller.enqueue(bytes.subarray(3));
        controller.close();
      },
    });
    const { fetch } = answering(new Response(body));
    expect((await send(target(), STATUS, limits(), { fetch, clock })).json).to.equal('🐍');
  });
});

describe('the limit on silence', () => {
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));
  const never: FetchLike = () => new Promise<never>(() => undefined);

  it('ends a request that nothing answers, also where fetch does not heed its signal', async () => {
    let signal: AbortSignal | null = null;
    const fetch: FetchLike = (url, init) => {
      signal = init.signal;
      return never(url, init);
    };
    const work = errorOf(send(target(), STATUS, limits({ timeoutMs: 5000 }), { fetch, clock }));
    await clock.pass(4999);
    expect(clock.pending).to.equal(1);
    await clock.pass(1);
    expect((await work).code).to.equal('silent');
    expect((signal as AbortSignal | null)?.aborted).to.equal(true);
  });

  it('starts anew with each sign of the device, so that a slow answer is no silence', async () => {
    let give: (part: Uint8Array | null) => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        give = (part) => (part === null ? controller.close() : controller.enqueue(part));
      },
    });
    const { fetch } = answering(new Response(body));
    const work = send(target(), STATUS, limits({ timeoutMs: 1000 }), { fetch, clock });
    for (const digit of '123') {
      await clock.pass(999);
      give(new TextEncoder().encode(digit));
    }
    await clock.pass(999);
    give(null);
    expect((await work).json).to.equal(123);
  });

  it('ends an answer that stalls in the middle, and cancels its body', async () => {
    let cancelled = false;
    const body = stalled([new TextEncoder().encode('{"a":')], () => (cancelled = true));
    const { fetch } = answering(new Response(body));
    const work = errorOf(send(target(), STATUS, limits({ timeoutMs: 1000 }), { fetch, clock }));
    await clock.pass(1000);
    expect((await work).code).to.equal('silent');
    await settled();
    expect(cancelled).to.equal(true);
  });

  it('is none at all while a person may be answering the browser', async () => {
    const stop = new AbortController();
    const options = limits({ timeoutMs: Infinity, signal: stop.signal });
    const work = errorOf(send(target(), STATUS, options, { fetch: never, clock }));
    await clock.pass(24 * 3600 * 1000);
    expect(clock.pending).to.equal(0);
    stop.abort();
    expect((await work).code).to.equal('aborted');
  });

  it('is told from our own abort, whatever error fetch makes of it', async () => {
    const heeding: FetchLike = (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal.addEventListener('abort', () => reject(new DOMException('Fetch is aborted', 'AbortError')));
      });
    const silent = errorOf(send(target(), STATUS, limits({ timeoutMs: 10 }), { fetch: heeding, clock }));
    await clock.pass(10);
    expect((await silent).code).to.equal('silent');

    const stop = new AbortController();
    const aborted = errorOf(send(target(), STATUS, limits({ signal: stop.signal }), { fetch: heeding, clock }));
    stop.abort();
    expect((await aborted).code).to.equal('aborted');
    expect(clock.pending).to.equal(0);
  });

  it('sends nothing where the signal has gone already', async () => {
    const { fetch, seen } = answering();
    const error = await errorOf(send(target(), STATUS, limits({ signal: AbortSignal.abort() }), { fetch, clock }));
    expect(error.code).to.equal('aborted');
    expect(seen).to.deep.equal([]);
  });
});

describe('what the help report learns of a request', () => {
  it('is what happened, without token and host', async () => {
    const clock = new ManualClock();
    const records: RequestRecord[] = [];
    const observe = (record: RequestRecord): void => void records.push(record);
    const { fetch } = answering(
      Response.json({}),
      new Response('no', { status: 409 }),
      new TypeError('Failed to fetch'),
    );
    const chunk: DeviceRequest = {
      kind: 'write',
      method: 'POST',
      route: '/chunk?offset=4096',
      credentials: 'token-header',
      body: new Uint8Array(300),
    };
    const world = { fetch, clock, observe };
    await send(target(), chunk, limits(), world);
    await errorOf(send(target({ viaGateway: '' }), { ...STATUS, body: '"ü"' }, limits(), world));
    await errorOf(send(target(), STATUS, limits(), world));
    const common = { startedAt: 0, durationMs: 0 };
    expect(records).to.deep.equal([
      { ...common, kind: 'write', method: 'POST', path: '/ota/chunk?offset=4096', bytes: 300, status: 200, code: null },
      { ...common, kind: 'status', method: 'GET', path: '/ota/status', bytes: 4, status: 409, code: 'conflict' },
      { ...common, kind: 'status', method: 'GET', path: '/ota/status', bytes: 0, status: null, code: 'unreachable' },
    ]);
    expect(JSON.stringify(records)).to.not.include(TOKEN).and.not.include(new URL(ORIGIN).host);
  });

  it('tells how long it took', async () => {
    const clock = new ManualClock();
    const records: RequestRecord[] = [];
    const fetch: FetchLike = () => new Promise<never>(() => undefined);
    await clock.pass(100);
    const world = { fetch, clock, observe: (record: RequestRecord) => void records.push(record) };
    const work = errorOf(send(target(), STATUS, limits({ timeoutMs: 700 }), world));
    await clock.pass(700);
    await work;
    expect(records.map(({ startedAt, durationMs, code }) => [startedAt, durationMs, code])).to.deep.equal([
      [100, 700, 'silent'],
    ]);
  });
});

describe('a probe', () => {
  const clock = new ManualClock();

  it('carries no token and cannot be read', async () => {
    const { fetch, seen } = answering(new Response('secret'));
    expect(await probe(target(), limits(), { fetch, clock })).to.equal(true);
    expect(seen[0]?.init).to.include({ method: 'GET', mode: 'no-cors', credentials: 'omit', cache: 'no-store' });
    expect([...(seen[0]?.init.headers ?? [])]).to.deep.equal([]);
  });

  it('says no where nothing answers, and tells an abort and silence from it', async () => {
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
    await probe(target(), limits(), { fetch, clock, observe: (record) => void records.push(record) });
    expect(records.map(({ kind, path, code }) => [kind, path, code])).to.deep.equal([
      ['probe', '/ota/status', 'unreachable'],
    ]);
  });
});
