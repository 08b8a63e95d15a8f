import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { createHash } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import type { Client } from '../../../src/host/serve/clients.ts';
import { TRIES_A_MINUTE } from '../../../src/host/serve/pairing-routes.ts';
import { fullDisk } from '../data/disk.ts';
import { call, LAN_ADDRESS, testHost, type Answer, type Call, type TestHost } from '../test-host.ts';

/** Where the device of these tests listens: loopback, which stands for the LAN here. */
const DEVICE = '127.0.0.3';

describe('pairing with the host', () => {
  let host: TestHost;
  let device: Server;
  let asked: string[];
  let heard: Record<string, unknown>[];
  let paired: Client[];

  beforeEach(async () => {
    asked = [];
    heard = [];
    paired = [];
    device = createServer((request, response) => {
      asked.push(request.url ?? '');
      heard.push(request.headers);
      response.setHeader('Content-Type', 'application/json').end('{"supported":true}');
    });
    await new Promise<void>((resolve) => device.listen(0, DEVICE, resolve));
    host = await start();
  });
  afterEach(async () => {
    await host.stop();
    await new Promise((resolve) => device.close(resolve));
  });

  const start = (open = false): Promise<TestHost> =>
    testHost({
      lan: { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench.local'], now: () => Date.now(), open },
      discover: async () => [],
      paired: (client) => paired.push(client),
      // By a private address, as a name on the LAN has; the packets stay on loopback.
      resolve: async () => ['10.0.0.7'],
      connect: (_address, port) => connect({ host: DEVICE, port }),
    });

  const own = (address: string): Record<string, string> => ({
    host: `${address}:${host.port}`,
    origin: `http://${address}:${host.port}`,
  });
  const fromPhone = (path: string, more: Partial<Call> = {}): Promise<Answer> =>
    call({
      port: host.port,
      address: LAN_ADDRESS,
      method: 'POST',
      path,
      ...more,
      headers: { ...own(LAN_ADDRESS), 'x-moult': '1', ...more.headers },
    });
  const fromHere = (path: string, more: Partial<Call> = {}): Promise<Answer> =>
    call({
      port: host.port,
      method: 'POST',
      path,
      ...more,
      headers: { host: `localhost:${host.port}`, origin: `http://localhost:${host.port}`, ...more.headers },
    });
  const json = (body: unknown): Partial<Call> => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const deviceAt = (): string => `/device/http/board.local:${(device.address() as AddressInfo).port}/ota/status`;
  const offers = async (key?: string): Promise<Record<string, unknown>> => {
    const headers = { host: own(LAN_ADDRESS)['host'] ?? '', ...(key === undefined ? {} : { 'moult-key': key }) };
    const { text } = await call({ port: host.port, address: LAN_ADDRESS, path: '/moult.json', headers });
    return JSON.parse(text) as Record<string, unknown>;
  };
  const pair = async (code = host.host.pairingCode()): Promise<string> => {
    const { text } = await fromPhone('/pair', json({ code }));
    return (JSON.parse(text) as { key: string }).key;
  };
  const throughTheGateway = (key?: string): Promise<Answer> =>
    fromPhone(deviceAt(), {
      method: 'GET',
      headers: {
        'x-moult': 'x-ota-token',
        'x-ota-token': 'secret',
        ...(key === undefined ? {} : { 'moult-key': key }),
      },
    });

  it('is what a browser of the LAN needs before the gateway carries anything for it', async () => {
    const refused = await throughTheGateway();
    expect(refused).to.include({ status: 403 });
    expect(refused.headers['moult-gateway'] ?? refused.text).to.contain('paired');
    expect(asked, 'the device was not asked').to.deep.equal([]);
    expect(await offers()).to.include({ gateway: false, discover: false, pairing: 'needed' });

    const key = await pair();
    expect((await throughTheGateway(key)).status).to.equal(200);
    expect(await offers(key)).to.include({ gateway: true, discover: true, pairing: 'paired' });
    expect((await throughTheGateway(`${key}x`)).status).to.equal(403);
    expect(asked).to.have.length(1);
  });

  it('is what it needs before devices are looked for', async () => {
    expect((await fromPhone('/discover')).status).to.equal(403);
    expect((await fromPhone('/discover', { headers: { 'moult-key': await pair() } })).status).to.equal(200);
  });

  it('shows the key to no device', async () => {
    const key = await pair();
    await throughTheGateway(key);
    expect(heard[0]).to.include({ 'x-ota-token': 'secret' });
    expect(JSON.stringify(heard)).not.to.contain(key).and.not.to.contain('moult');
  });

  it('is not what this machine’s own browser needs', async () => {
    const { text } = await call({ port: host.port, path: '/moult.json' });
    expect(JSON.parse(text)).to.include({ gateway: true, pairing: 'not-needed' });
    const answer = await fromHere(deviceAt(), { method: 'GET', headers: { 'x-moult': '1' } });
    expect(answer.status).to.equal(200);
  });

  it('is off where the host was told to be open', async () => {
    await host.stop();
    host = await start(true);
    expect(host.host.pairingCode()).to.equal(null);
    expect(await offers()).to.include({ gateway: true, pairing: 'not-needed' });
    expect((await throughTheGateway()).status).to.equal(200);
    expect((await fromPhone('/pair', json({ code: 'ABCDEFGHJK' }))).status, 'no such place').to.equal(404);
  });

  it('uses a code up, tells of it, and has another one for the next browser', async () => {
    const code = host.host.pairingCode();
    expect(host.host.pairingCode(), 'until it is used').to.equal(code);
    await fromPhone('/pair', {
      ...json({ code }),
      headers: { 'content-type': 'application/json', 'user-agent': 'Mozilla/5.0 (Android 14; rv:150.0) Firefox/150.0' },
    });
    expect(paired.map(({ name }) => name)).to.deep.equal(['Firefox on Android']);
    expect((await fromPhone('/pair', json({ code }))).status).to.equal(403);
    expect(host.host.pairingCode()).not.to.equal(code);
  });

  it('hands a paired browser a code for another one, and nobody else', async () => {
    expect((await fromPhone('/pair/code')).status).to.equal(403);
    const answer = await fromPhone('/pair/code', { headers: { 'moult-key': await pair() } });
    expect(answer.status).to.equal(200);
    const said = JSON.parse(answer.text) as { code: string };
    // How long it is good for stands in the page's own words.
    expect(said).to.have.all.keys('code');
    const second = await pair(said.code);
    expect((await throughTheGateway(second)).status).to.equal(200);
  });

  it('takes no code of a browser that was revoked meanwhile', async () => {
    const key = await pair();
    const { text } = await fromPhone('/pair/code', { headers: { 'moult-key': key } });
    const { code } = JSON.parse(text) as { code: string };
    const [client] = paired;
    await fromHere(`/clients/${client?.id}`, { method: 'DELETE' });
    expect((await fromPhone('/pair', json({ code }))).status).to.equal(403);
  });

  it('shows and revokes the paired ones on this machine alone', async () => {
    const key = await pair();
    const mine = { headers: { 'moult-key': key } };
    expect((await fromPhone('/clients', { method: 'GET', ...mine })).status).to.equal(403);
    const { text } = await call({ port: host.port, path: '/clients', headers: { 'sec-fetch-site': 'same-origin' } });
    const [client] = (JSON.parse(text) as { clients: Client[] }).clients;
    expect(client).to.have.all.keys('id', 'name', 'pairedAt');
    expect((await fromPhone(`/clients/${client?.id}`, { method: 'DELETE', ...mine })).status).to.equal(403);
    expect((await throughTheGateway(key)).status, 'still').to.equal(200);
    expect((await fromHere(`/clients/${client?.id}`, { method: 'DELETE' })).status).to.equal(204);
    expect((await throughTheGateway(key)).status).to.equal(403);
  });

  it('is done by this host’s own page only', async () => {
    const code = host.host.pairingCode();
    for (const origin of ['http://evil.example', 'null', `http://${LAN_ADDRESS}:1`]) {
      const answer = await fromPhone('/pair', {
        ...json({ code }),
        headers: { 'content-type': 'application/json', origin },
      });
      expect(answer.status, origin).to.equal(403);
    }
    expect(host.host.pairingCode(), 'the code is not used up').to.equal(code);
  });

  it('counts only what its own page tries', async () => {
    const headers = { 'content-type': 'application/json', origin: 'http://evil.example' };
    for (let tries = 0; tries < 30; tries += 1)
      expect((await fromPhone('/pair', { ...json({ code: 'A' }), headers })).status).to.equal(403);
    expect(await pair()).to.be.a('string');
  });

  it('is told where it cannot be kept, and the code is still good then', async () => {
    const code = host.host.pairingCode();
    const restore = await fullDisk();
    const answer = await fromPhone('/pair', json({ code })).finally(restore);
    expect(answer.status).to.equal(503);
    expect(answer.text).not.to.contain(host.dataDir);
    expect(host.log.join('')).to.contain('clients.json cannot be written: the disk is full').and.not.contain('stack');
    expect(await pair(code)).to.be.a('string');
  });

  it('slows down whoever tries codes, and logs it', async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < TRIES_A_MINUTE + 2; tries += 1) {
      statuses.push((await fromPhone('/pair', json({ code: 'ABCDEFGHJK' }))).status);
    }
    expect(statuses.slice(0, TRIES_A_MINUTE)).to.deep.equal(Array.from({ length: TRIES_A_MINUTE }, () => 403));
    expect(statuses.slice(TRIES_A_MINUTE)).to.deep.equal([429, 429]);
    expect(host.log.filter((line) => line.includes('A wrong pairing code'))).to.have.length(TRIES_A_MINUTE);
    const refusals = host.log.filter((line) => line.includes('Too many pairing codes'));
    expect(refusals, 'once a minute').to.have.length(1);
    // A client that asks a loopback address comes from the first of them.
    expect(refusals[0]).to.contain('"from":"127.0.0.1"');
    expect(host.log.join(''), 'what was tried may be a code with a slip').not.to.contain('ABCDEFGHJK');
  });

  it('takes no other body than a code', async () => {
    for (const body of ['', '[]', '{}', '{"code":7}', '{', JSON.stringify({ code: 'A'.repeat(100) })]) {
      const { status } = await fromPhone('/pair', { headers: { 'content-type': 'application/json' }, body });
      expect(status, body).to.be.oneOf([400, 403]);
    }
    expect((await fromPhone('/pair', json({ code: 'A'.repeat(10_000) }))).status).to.equal(413);
  });

  it('leads from the page about trust to the app with the code, which stands in the fragment', async () => {
    const headers = { host: own(LAN_ADDRESS)['host'] ?? '' };
    const page = await call({ port: host.port, address: LAN_ADDRESS, path: '/', headers });
    const script = /<script>(.*)<\/script>/s.exec(page.text)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page.headers['content-security-policy']).to.contain(`script-src 'self' 'sha256-${hash}'`);
  });
});
