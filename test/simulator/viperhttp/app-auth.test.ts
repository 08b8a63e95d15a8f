import { expect } from 'chai';
import { AUTH_LIMITER, lockedBy, type AppAuthOptions } from '../../../src/simulator/viperhttp/app-auth.ts';
import { Bench, TOKEN } from '../bench.ts';

const OPEN: AppAuthOptions = { enforced: false, users: {}, bearers: [], limiter: AUTH_LIMITER };
const OTA = { 'X-OTA-Token': TOKEN };

function basic(user: string, password: string): Readonly<Record<string, string>> {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

describe('An app that locks all its routes', () => {
  const LOCK = lockedBy('me', 'geheim: ü');

  async function asked(headers: Readonly<Record<string, string>>, path = '/status'): Promise<unknown> {
    const bench = new Bench({ appAuth: LOCK });
    const answer = await bench.send('GET', path, undefined, headers);
    return [answer.status, answer.text.slice(0, 18)];
  }

  it('says in plain text that a credential is needed, and which kinds it takes', async () => {
    const bench = new Bench({ appAuth: LOCK });
    for (const headers of [{}, OTA, basic('me', 'wrong'), basic('you', 'geheim: ü'), { Authorization: 'Basic %' }]) {
      const answer = await bench.send('GET', '/status', undefined, headers);
      expect([answer.status, answer.text]).to.deep.equal([401, 'Not authenticated']);
      expect(answer.headers.get('Content-Type')).to.equal('text/plain; charset=utf-8');
      expect(answer.headers.get('WWW-Authenticate')).to.equal('Basic');
    }
  });

  it('asks for the OTA token behind it all the same', async () => {
    const key = basic('me', 'geheim: ü');
    expect(await asked(key)).to.deep.equal([401, '{"detail": "invali']);
    expect(await asked({ ...key, ...OTA })).to.deep.equal([200, '{"supported": true']);
  });

  it('is opened by one of its bearer tokens, where it knows any', async () => {
    const bench = new Bench({ appAuth: { ...OPEN, enforced: true, bearers: ['key'] } });
    const closed = await bench.send('GET', '/status', undefined, OTA);
    expect([closed.status, closed.headers.get('WWW-Authenticate')]).to.deep.equal([401, 'Bearer']);
    const opened = await bench.send('GET', '/status', undefined, { ...OTA, Authorization: 'Bearer key' });
    expect(opened.status).to.equal(200);
  });

  it('locks also what is no route, and what the device would tell of itself', async () => {
    expect(await asked(OTA, '/nothing-here')).to.deep.equal([401, 'Not authenticated']);
    const { device } = new Bench({ appAuth: LOCK });
    expect((await device.handle(new Request('http://device.test/openapi.json'))).status).to.equal(401);
  });
});

describe('An app that counts failures', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench({ appAuth: OPEN });
  });

  async function status(headers: Readonly<Record<string, string>>): Promise<number> {
    return (await bench.send('GET', '/status', undefined, headers)).status;
  }

  async function times(count: number, headers: Readonly<Record<string, string>>): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (let i = 0; i < count; i += 1) statuses.push(await status(headers));
    return statuses;
  }

  const unknown = { Authorization: 'Bearer whoever' };

  it('bans an unknown credential after five requests, for five minutes, though it asks for none', async () => {
    expect(AUTH_LIMITER).to.deep.equal({ failures: 5, windowMs: 60_000, banMs: 300_000 });
    expect(await times(6, { ...unknown, ...OTA })).to.deep.equal([200, 200, 200, 200, 200, 429]);
    const banned = await bench.send('GET', '/status', undefined, unknown);
    expect([banned.status, banned.text]).to.deep.equal([429, 'Too Many Requests']);
    expect(banned.headers.get('Retry-After')).to.equal(null);
    bench.clock.time += AUTH_LIMITER.banMs - 1;
    expect(await status({ ...unknown, ...OTA })).to.equal(429);
    bench.clock.time += 1;
    expect(await times(5, { ...unknown, ...OTA })).to.deep.equal([200, 200, 200, 200, 200]);
    expect(await status({ ...unknown, ...OTA })).to.equal(429);
  });

  it('counts the failures of one minute', async () => {
    await times(4, unknown);
    bench.clock.time += AUTH_LIMITER.windowMs + 1;
    expect(await times(5, unknown)).to.deep.equal([401, 401, 401, 401, 401]);
    expect(await status(unknown)).to.equal(429);
  });

  it('bans that value and no other, also at what is no route', async () => {
    await times(5, unknown);
    expect((await bench.send('GET', '/nothing-here', undefined, unknown)).status).to.equal(429);
    expect(await status({ Authorization: 'Bearer another', ...OTA })).to.equal(200);
    expect(await times(9, OTA)).to.deep.equal(Array.from({ length: 9 }, () => 200));
  });

  it('counts by the address that a proxy forwards', async () => {
    await times(5, { ...unknown, 'X-Forwarded-For': '10.0.0.1, 10.0.0.2' });
    expect(await status({ ...unknown, 'X-Forwarded-For': '10.0.0.1' })).to.equal(429);
    expect(await status({ ...unknown, 'X-Forwarded-For': '10.0.0.3', ...OTA })).to.equal(200);
  });

  it('never counts a known credential', async () => {
    bench = new Bench({ appAuth: { ...OPEN, bearers: ['key'], users: { me: 'secret' } } });
    for (const headers of [{ Authorization: 'Bearer key' }, basic('me', 'secret')]) {
      expect(new Set(await times(9, { ...headers, ...OTA }))).to.deep.equal(new Set([200]));
    }
  });

  it('counts requests without a credential only where one is asked for', async () => {
    bench = new Bench({ appAuth: { ...lockedBy('me', 'secret'), limiter: AUTH_LIMITER } });
    expect(await times(6, {})).to.deep.equal([401, 401, 401, 401, 401, 429]);
    expect(await status({ ...basic('me', 'secret'), ...OTA })).to.equal(200);
  });

  it('has forgotten everything after a restart', async () => {
    await times(6, unknown);
    bench.device.restart();
    expect(await status(unknown)).to.equal(401);
  });
});
