// In Node, because a browser does not let a script set Origin.
import { expect } from 'chai';
import { lockedBy } from '../../../src/simulator/viperhttp/app-auth.ts';
import { asPrepared, type CorsOptions } from '../../../src/simulator/server/cors.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { onEvery } from '../../../src/simulator/faults.ts';
import { Bench, TOKEN, image } from '../bench.ts';

const PAGE = 'https://page.example';
const ELSEWHERE = 'https://elsewhere.example';
const CORS: CorsOptions = {
  origins: [PAGE],
  headers: ['Authorization', 'Content-Type', 'X-OTA-Token'],
  maxAgeSeconds: 600,
};

function preflight(origin: string): Readonly<Record<string, string>> {
  return { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-ota-token' };
}

function corsHeaders(headers: Headers): Readonly<Record<string, string>> {
  const found = [...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary');
  return Object.fromEntries(found);
}

describe('A simulated device asked from another origin', () => {
  it('answers a preflight itself, before any token', async () => {
    const answer = await new Bench({ cors: CORS }).send('OPTIONS', '/begin', undefined, preflight(PAGE));
    expect([answer.status, answer.text]).to.deep.equal([204, '']);
    expect(corsHeaders(answer.headers)).to.deep.equal({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, X-OTA-Token',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });

  it('sends a literal * for any origin and any header', async () => {
    const cors: CorsOptions = { origins: '*', headers: ['*'], maxAgeSeconds: 0 };
    const { headers } = await new Bench({ cors }).send('OPTIONS', '/begin', undefined, preflight(PAGE));
    expect(corsHeaders(headers)).to.deep.equal({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': '*',
    });
  });

  it('forbids the preflight of an origin that is not on its list, in plain text and without CORS headers', async () => {
    const answer = await new Bench({ cors: CORS }).send('OPTIONS', '/begin', undefined, preflight(ELSEWHERE));
    expect([answer.status, answer.text]).to.deep.equal([403, 'CORS Forbidden']);
    expect(corsHeaders(answer.headers)).to.deep.equal({});
  });

  it('knows no preflight where CORS is off', async () => {
    const answer = await new Bench().send('OPTIONS', '/begin', undefined, preflight(PAGE));
    expect([answer.status, answer.text, corsHeaders(answer.headers)]).to.deep.equal([200, '', {}]);
  });

  it('matches origins by their end where an entry begins with *', async () => {
    const cors = { ...CORS, origins: ['*.example'] };
    const status = async (origin: string): Promise<number> =>
      (await new Bench({ cors }).send('OPTIONS', '/begin', undefined, preflight(origin))).status;
    expect([await status(PAGE), await status('https://page.test')]).to.deep.equal([204, 403]);
  });

  it('lets the page read Python’s answers, also refusals', async () => {
    const bench = new Bench({ cors: CORS });
    for (const [token, status] of [
      [TOKEN, 200],
      ['other', 401],
    ] as const) {
      const answer = await bench.send('GET', '/status', undefined, { Origin: PAGE, 'X-OTA-Token': token });
      expect(answer.status).to.equal(status);
      expect(corsHeaders(answer.headers)).to.deep.equal({ 'access-control-allow-origin': PAGE, vary: 'Origin' });
    }
  });

  it('sends Retry-After, which no page of another origin can read: it has no list of exposed headers', async () => {
    const rateLimit = { perSecond: 1, burst: 0, retryAfter: true };
    const headers = { Origin: PAGE, 'X-OTA-Token': TOKEN };
    const answer = await new Bench({ cors: asPrepared([PAGE]), rateLimit }).send('GET', '/status', undefined, headers);
    expect([answer.status, answer.headers.get('Retry-After')]).to.deep.equal([429, '1']);
    expect(corsHeaders(answer.headers)).to.deep.equal({ 'access-control-allow-origin': PAGE, vary: 'Origin' });
  });

  it('does what a page of another origin asks, and lets it read nothing', async () => {
    const bench = new Bench({ cors: CORS });
    const headers = { Origin: ELSEWHERE, 'X-OTA-Token': TOKEN };
    const answer = await bench.send('POST', '/begin', {}, headers);
    expect([answer.status, corsHeaders(answer.headers)]).to.deep.equal([200, {}]);
    expect(bench.device.session?.id).to.equal(1);
  });

  it('cannot be read where the server refuses before it knows the origin', async () => {
    const refused = async (options: Partial<DeviceOptions>, body?: unknown): Promise<unknown> => {
      const bench = new Bench({ cors: CORS, ...options });
      const method = body === undefined ? 'GET' : 'POST';
      const { status, headers } = await bench.send(method, '/status', body, { Origin: PAGE, 'X-OTA-Token': TOKEN });
      return [status, corsHeaders(headers)];
    };
    expect(await refused({}, image(4096))).to.deep.equal([413, {}]);
    expect(await refused({ allowedHosts: ['x'] })).to.deep.equal([400, {}]);
  });

  it('can be read where the server or Python refuses later, or finds no route', async () => {
    const shared = async (options: Partial<DeviceOptions>, path = '/status'): Promise<unknown> => {
      const bench = new Bench({ cors: CORS, ...options });
      const answer = await bench.send('GET', path, undefined, { Origin: PAGE, 'X-OTA-Token': TOKEN });
      expect(answer.headers.get('Access-Control-Allow-Origin')).to.equal(PAGE);
      return [answer.status, answer.text];
    };
    const rateLimit = { perSecond: 1, burst: 0, retryAfter: false };
    expect(await shared({ rateLimit })).to.deep.equal([429, 'Too Many Requests']);
    expect(await shared({ loopRuns: false })).to.deep.equal([504, 'Gateway Timeout']);
    expect(await shared({ appAuth: lockedBy('me', 'secret') })).to.deep.equal([401, 'Not authenticated']);
    expect(await shared({ token: 'other' })).to.deep.equal([401, '{"detail": "invalid ota token"}']);
    expect(await shared({}, '/nothing-here')).to.deep.equal([200, '']);
  });

  it('has the same headers with scripted statuses as with real ones', async () => {
    const bench = new Bench({ cors: CORS });
    for (const [status, origin] of [
      [400, PAGE],
      [403, null],
      [405, null],
      [413, null],
      [429, PAGE],
      [503, PAGE],
    ] as const) {
      bench.device.fault = onEvery('status', { kind: 'status', when: 'before', status });
      const answer = await bench.send('GET', '/status', undefined, { Origin: PAGE, 'X-OTA-Token': TOKEN });
      expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).to.deep.equal([status, origin]);
    }
  });

  it('says 404 with CORS headers or without them, where a documented device has another server', async () => {
    const headers = { Origin: PAGE, Authorization: `Bearer ${TOKEN}` };
    const shared = async (options: { readonly notFoundShared?: boolean }): Promise<unknown> => {
      const bench = new Bench({ dialect: 'documented', unknownRoutes: 'not-found', cors: CORS, ...options });
      const answer = await bench.send('GET', '/status', undefined, headers);
      return [answer.status, answer.headers.get('Access-Control-Allow-Origin')];
    };
    expect(await shared({})).to.deep.equal([404, PAGE]);
    expect(await shared({ notFoundShared: false })).to.deep.equal([404, null]);
  });

  it('names preflights to fault scripts', async () => {
    const bench = new Bench({ cors: CORS });
    bench.device.fault = onEvery('preflight', { kind: 'status', when: 'before', status: 504 });
    expect((await bench.send('OPTIONS', '/begin', undefined, preflight(PAGE))).status).to.equal(504);
    await bench.ask('/begin', {});
  });
});
