// In Node, because a browser does not let anyone set Origin by hand.
import { expect } from 'chai';
import type { CorsOptions } from '../../src/simulator/cors.ts';
import type { DeviceOptions } from '../../src/simulator/options.ts';
import { onEvery } from '../../src/simulator/faults.ts';
import { Bench, TOKEN, image } from './bench.ts';

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
    expect([answer.status, corsHeaders(answer.headers)]).to.deep.equal([404, {}]);
  });

  it('matches origins by their end where an entry begins with *', async () => {
    const cors = { ...CORS, origins: ['*.example'] };
    const status = async (origin: string): Promise<number> =>
      (await new Bench({ cors }).send('OPTIONS', '/begin', undefined, preflight(origin))).status;
    expect([await status(PAGE), await status('https://page.test')]).to.deep.equal([204, 403]);
  });

  it('lets the page read what Python says, refusals too', async () => {
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

  it('names the headers that a page may read on every answer that it may read, refusals too', async () => {
    const exposing = { cors: { ...CORS, exposed: ['Retry-After', 'Server'] } };
    const named = async (options: Partial<DeviceOptions>, token = TOKEN): Promise<unknown> => {
      const headers = { Origin: PAGE, 'X-OTA-Token': token };
      const answer = await new Bench(options).send('GET', '/status', undefined, headers);
      return [answer.status, answer.headers.get('Access-Control-Expose-Headers')];
    };
    expect(await named(exposing)).to.deep.equal([200, 'Retry-After, Server']);
    expect(await named(exposing, 'other')).to.deep.equal([401, 'Retry-After, Server']);
    const rateLimit = { perSecond: 1, burst: 0, retryAfter: true };
    expect(await named({ ...exposing, rateLimit })).to.deep.equal([429, 'Retry-After, Server']);
    expect(await named({ cors: CORS, rateLimit })).to.deep.equal([429, null]);
    expect(await named({ ...exposing, allowedHosts: ['x'] })).to.deep.equal([400, null]);
  });

  it('does what a page elsewhere asks, and lets it read nothing', async () => {
    const bench = new Bench({ cors: CORS });
    const headers = { Origin: ELSEWHERE, 'X-OTA-Token': TOKEN };
    const answer = await bench.send('POST', '/begin', {}, headers);
    expect([answer.status, corsHeaders(answer.headers)]).to.deep.equal([200, {}]);
    expect(bench.device.session?.id).to.equal(1);
  });

  it('says 413 and Invalid Host without CORS headers, 429 and scripted statuses with them', async () => {
    const headers = { Origin: PAGE, 'X-OTA-Token': TOKEN };
    const large = await new Bench({ cors: CORS }).send('POST', '/chunk', image(65537), headers);
    expect([large.status, corsHeaders(large.headers)]).to.deep.equal([413, {}]);
    const host = await new Bench({ cors: CORS, allowedHosts: ['x'] }).send('GET', '/status', undefined, headers);
    expect([host.status, corsHeaders(host.headers)]).to.deep.equal([400, {}]);
    const rateLimit = { perSecond: 1, burst: 0, retryAfter: false };
    const often = await new Bench({ cors: CORS, rateLimit }).send('GET', '/status', undefined, headers);
    expect([often.status, often.headers.get('Access-Control-Allow-Origin')]).to.deep.equal([429, PAGE]);
    const bench = new Bench({ cors: CORS });
    bench.device.fault = onEvery('status', { kind: 'status', when: 'before', status: 503 });
    const scripted = await bench.send('GET', '/status', undefined, headers);
    expect([scripted.status, scripted.headers.get('Access-Control-Allow-Origin')]).to.deep.equal([503, PAGE]);
  });

  it('says 404 with CORS headers as the published server does, or without them as others do', async () => {
    const headers = { Origin: PAGE, Authorization: `Bearer ${TOKEN}` };
    const shared = async (options: { readonly notFoundShared?: boolean }): Promise<unknown> => {
      const bench = new Bench({ dialect: 'documented', cors: CORS, ...options });
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
