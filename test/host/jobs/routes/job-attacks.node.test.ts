import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Clients } from '../../../../src/host/serve/clients.ts';
import type { HostOptions } from '../../../../src/host/serve/serve.ts';
import { realisticCosts } from '../../../../src/simulator/clock.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { call, LAN_ADDRESS, LAN_NETWORKS, type TestHost } from '../../test-host.ts';
import { hasEnded, jobFor, JobPage, outcomeOf, refusalIn, startDevice } from '../job-host.ts';
import { hostOf, useClosing } from '../../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 16_384 });

describe('jobs, asked for by clients that should not', () => {
  const closing = useClosing();

  const hostWith = (options: Partial<HostOptions> = {}): Promise<TestHost> => hostOf(closing, options);

  const lan = (open: boolean): Partial<HostOptions> => ({
    lan: {
      port: 0,
      addresses: () => [LAN_ADDRESS],
      names: [],
      now: () => Date.now(),
      open,
    },
    ownAddresses: () => LAN_NETWORKS,
  });

  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'https://localhost' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'evil.example' },
  ]) {
    it(`does nothing for a page that says ${JSON.stringify(headers)}`, async () => {
      const host = await hostWith();
      const page = new JobPage(host.port, '127.0.0.1', headers);
      const job = jobFor('http://127.0.0.1:8080', FIRMWARE);
      for (const answer of [
        await page.put(FIRMWARE),
        await page.post('/jobs', job),
        await page.post(`/jobs/${job.id}`, { kind: 'cancel' }, job.key),
        await page.post('/jobs/events', { jobs: [{ id: job.id, key: job.key, after: null }] }),
      ]) {
        expect(answer.status).to.be.oneOf([403, 421]);
      }
      expect(readdirSync(join(host.dataDir, 'jobs', 'firmware'))).to.deep.equal([]);
    });
  }

  it('asks a POST for its Origin, which a form or a program without one does not send', async () => {
    const { port } = await hostWith();
    const answer = await call({
      port,
      method: 'POST',
      path: '/jobs',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(refusalIn(answer).kind).to.equal('not-our-page');
  });

  for (const [origin, why] of [
    ['http://8.8.8.8:8080', 'not-private'],
    ['http://169.254.169.254:8080', 'not-private'],
    ['http://nowhere.local:8080', 'no-such-name'],
    ['http://127.0.0.1:22', 'bad-port'],
  ] as const) {
    it(`goes to no device at ${origin}`, async () => {
      const host = await hostWith();
      const page = new JobPage(host.port);
      await page.put(FIRMWARE);
      expect(refusalIn(await page.post('/jobs', jobFor(origin, FIRMWARE)))).to.deep.equal({ kind: 'not-reached', why });
    });
  }

  const device = jobFor('http://127.0.0.1:8080', FIRMWARE).device;
  for (const [what, more] of [
    ['device.origin', { device: { ...device, origin: 'http://127.0.0.1:8080/' } }],
    ['device.origin', { device: { ...device, origin: 'http://user@127.0.0.1:8080' } }],
    ['device.origin', { device: { ...device, origin: 'file:///etc/passwd' } }],
    ['device.prefix', { device: { ...device, prefix: '/ota?x=1' } }],
    ['device.name', { device: { ...device, name: 'a\nb' } }],
    ['device.name', { device: { ...device, name: ' \u200b' } }],
    ['firmware.name', { firmware: { sha256: 'a'.repeat(64), name: 'kitchen\u202enib.exe' } }],
    ['firmware.name', { firmware: { sha256: 'a'.repeat(64), name: '' } }],
    ['device.tokenHeader', { device: { ...device, tokenHeader: 'Host' } }],
    ['device.tokenHeader', { device: { ...device, tokenHeader: 'X-A: b\r\nX-B' } }],
    ['id', { id: '../../clients' }],
    ['key', { key: 'short' }],
    ['firmware.sha256', { firmware: { sha256: '../x', name: 'x' } }],
  ] as const) {
    it(`cannot read a request whose ${what} is ${JSON.stringify(more).slice(0, 100)}`, async () => {
      const host = await hostWith();
      const answer = await new JobPage(host.port).post('/jobs', { ...jobFor(device.origin, FIRMWARE), ...more });
      expect([answer.status, refusalIn(answer)]).to.deep.equal([400, { kind: 'bad-request', what }]);
    });
  }

  it('sends no body to a server that speaks no HTTP', async () => {
    const host = await hostWith();
    const page = new JobPage(host.port);
    const got: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (part) => got.push(part.toString('latin1')));
      socket.on('error', () => undefined);
      socket.end('ERROR\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const asked = jobFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIRMWARE, {
      device: {
        ...device,
        protocol: 'documented',
        origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      },
    });
    await page.create(FIRMWARE, asked);
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('failed');
    expect(got.join('')).not.to.match(/^POST /m);
  });

  it('is for paired browsers where the LAN has to be paired', async () => {
    const host = await hostWith(lan(false));
    const port = Number(new URL(host.host.lan()?.plain[0] ?? '').port);
    const stranger = new JobPage(port, LAN_ADDRESS);
    const refused = await stranger.put(FIRMWARE);
    expect([refused.status, refused.headers['moult-gateway'], refusalIn(refused).kind]).to.deep.equal([
      403,
      'not-paired',
      'not-paired',
    ]);
    const paired = await stranger.post('/pair', { code: host.host.pairingCode() });
    const { key } = JSON.parse(paired.text) as { key: string };
    const page = new JobPage(port, LAN_ADDRESS, { 'moult-key': key, 'user-agent': 'Chrome/143 Android' });
    expect((await page.put(FIRMWARE)).status).to.equal(201);
    // By the gateway's rule for what is on the browser's own network, this machine is not.
    const own = await startDevice();
    closing.push(() => own.close());
    expect(refusalIn(await page.post('/jobs', jobFor(own.origin, FIRMWARE)))).to.deep.equal({
      kind: 'not-reached',
      why: 'not-on-link',
    });
    expect(refusalIn(await page.post('/jobs', jobFor('http://192.168.1.50:8080', FIRMWARE))).kind).to.equal(
      'not-reached',
    );
    for (const path of ['/metrics', '/healthz']) expect((await page.ask(path)).status).to.equal(404);
  });

  it('goes on with what a browser began before it was revoked, and takes no more orders from it', async () => {
    const board = await startDevice({ costs: realisticCosts });
    closing.push(() => board.close());
    const host = await hostWith({
      ...lan(false),
      connect: () => connect({ host: '127.0.0.1', port: Number(new URL(board.origin).port) }),
    });
    const port = Number(new URL(host.host.lan()?.plain[0] ?? '').port);
    const paired = await new JobPage(port, LAN_ADDRESS).post('/pair', { code: host.host.pairingCode() });
    const { key } = JSON.parse(paired.text) as { key: string };
    const page = new JobPage(port, LAN_ADDRESS, { 'moult-key': key });
    const here = new JobPage(host.port);
    const large = buildApp({ sizeBytes: 131_072 });
    const asked = jobFor('http://10.0.0.7:8080', large);
    await page.create(large, asked);
    await here.until(asked, ({ update }) => update?.phase === 'writing');

    const clients = new Clients(host.dataDir);
    const [client] = clients.list();
    expect(await clients.revoke(client?.id ?? '')).to.equal(true);
    for (const answer of [await page.order(asked, { kind: 'cancel' }), await page.ask(`/jobs/${asked.id}`)]) {
      expect([answer.status, refusalIn(answer).kind]).to.deep.equal([403, 'not-paired']);
    }
    expect(outcomeOf(await here.until(asked, hasEnded))).to.equal('updated');
  });
});
