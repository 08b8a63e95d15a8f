/** What somebody on the LAN can have the host do, tried from machines of their own. */
import { expect } from 'chai';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TRIES_A_MINUTE } from '../../src/host/serve/pairing-routes.ts';
import { CONTAINERS, MACHINES, Networks, whyNoNetworks, type Machine } from './networks.ts';
import type { Told } from './inmate.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/host/moult.js', import.meta.url));
const [PORT, DEVICE_PORT, SERVICE_PORT, LINES_PORT] = [4280, 8080, 9002, 11_212];
const TOKEN = 'secret-0123456789abcdef';
/** Lines that a line protocol would run, in the body of a request. */
const COMMANDS = '\r\nset pwned 0 0 1\r\nx\r\nflush_all\r\n';

describe('Somebody on the LAN', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'moult-attack-'));
  let networks: Networks;
  let said = '';
  const atEnd: (() => unknown)[] = [];

  before(async function () {
    const why = whyNoNetworks();
    if (why !== null) {
      process.stdout.write(`  The attacks from other machines are skipped: ${why}.\n`);
      this.skip();
    }
    networks = new Networks();
    atEnd.push(() => networks.end());
    const command = ['netns', 'exec', networks.namespace('host'), process.execPath, PROGRAM, 'serve'];
    const host: ChildProcess = spawn(
      'ip',
      [...command, '--port', String(PORT), '--https-port', String(PORT + 1), '--data', folder],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    atEnd.push(() => host.kill('SIGTERM'));
    await new Promise<void>((resolve) => {
      host.stdout?.on('data', (part: Buffer) => {
        said += part.toString();
        if (said.includes('Ctrl+C')) resolve();
      });
    });
    await networks.at('device').do({ do: 'device', port: DEVICE_PORT, token: TOKEN });
    await networks.at('device').do({ do: 'serve', kind: 'lines', port: LINES_PORT });
    await networks.at('container').do({ do: 'serve', kind: 'http', port: SERVICE_PORT });
    await networks.at('host').do({ do: 'serve', kind: 'http', port: SERVICE_PORT });
  });
  after(async () => {
    for (const step of atEnd.reverse()) await step();
    rmSync(folder, { recursive: true });
  });

  /** The code that stands in the terminal now. */
  const code = (): string => [...said.matchAll(/#pair=([0-9A-Z]+)/g)].at(-1)?.[1] ?? '';

  interface Asking {
    readonly by?: Machine;
    /** Where the host is asked. */
    readonly at?: string;
    readonly key?: string;
    readonly method?: string;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  function ask(path: string, { by = 'phone', at = MACHINES.host, key, headers, ...more }: Asking = {}): Promise<Told> {
    const own = `${at}:${PORT}`;
    return networks.at(by).do({
      do: 'ask',
      address: at,
      port: PORT,
      path,
      ...more,
      headers: {
        host: own,
        origin: `http://${own}`,
        'x-moult': 'x-ota-token',
        'x-ota-token': TOKEN,
        ...(key === undefined ? {} : { 'moult-key': key }),
        ...headers,
      },
    });
  }

  const device = (to: string, port: number, route = '/ota/status'): string => `/device/http/${to}:${port}${route}`;

  const keys = new Map<Machine, string>();
  async function keyOf(by: Machine, at?: string): Promise<string> {
    const known = keys.get(by);
    if (known !== undefined) return known;
    const { text } = await ask('/pair', {
      by,
      ...(at === undefined ? {} : { at }),
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: code() }),
    });
    const { key } = JSON.parse(text ?? '') as { key: string };
    keys.set(by, key);
    return key;
  }

  async function heardNothing(machine: Machine): Promise<void> {
    expect((await networks.at(machine).do({ do: 'heard' })).text, machine).to.equal('');
  }

  it('opens the page, and has the gateway do nothing before it is paired', async () => {
    expect((await ask('/index.html')).status).to.equal(200);
    const refused = await ask(device(MACHINES.device, DEVICE_PORT));
    expect(refused).to.include({ status: 403 });
    expect(refused.headers).to.include({ 'moult-gateway': 'not-paired' });
    expect((await ask('/discover', { method: 'POST' })).status).to.equal(403);
    for (const path of [device('172.17.0.2', SERVICE_PORT), device(MACHINES.host, SERVICE_PORT)]) await ask(path);
    await heardNothing('container');
    await heardNothing('host');
  });

  it('reaches the device once it is paired, with the code of the terminal', async () => {
    const answer = await ask(device(MACHINES.device, DEVICE_PORT), { key: await keyOf('phone') });
    expect(answer.status).to.equal(200);
    expect(answer.text).to.contain('"supported"');
  });

  it('reaches no other network of this machine', async () => {
    const key = await keyOf('phone');
    for (const [method, body] of [['GET'], ['POST', COMMANDS]] as const) {
      const more = body === undefined ? {} : { body, headers: { 'content-type': 'application/octet-stream' } };
      const route = method === 'GET' ? '/ota/status' : '/ota/write';
      const answer = await ask(device(MACHINES.container, SERVICE_PORT, route), { key, method, ...more });
      expect(answer.headers, method).to.include({ 'moult-gateway': 'not-on-link' });
    }
    await heardNothing('container');
  });

  it('reaches nothing of this machine itself, however that is written', async () => {
    const key = await keyOf('phone');
    const ways = [MACHINES.host, CONTAINERS, '127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '[::]', '127.1'];
    ways.push('[::ffff:127.0.0.1]', `[::ffff:${MACHINES.host}]`, '2130706433', '0x7f000001', '017700000001');
    for (const to of ways) {
      const answer = await ask(device(to, SERVICE_PORT), { key });
      expect(answer.status, to).to.be.oneOf([400, 403, 404, 502]);
    }
    await heardNothing('host');
  });

  it('reaches no other network by calling this machine by its address there, which it answers on the LAN, too', async () => {
    const key = await keyOf('phone');
    const answer = await ask(device(MACHINES.container, SERVICE_PORT), { at: CONTAINERS, key });
    expect(answer.headers).to.include({ 'moult-gateway': 'not-on-link' });
    await heardNothing('container');
  });

  it('reaches from the containers’ network that network alone', async () => {
    const key = await keyOf('container', CONTAINERS);
    const more = { by: 'container', at: CONTAINERS, key } as const;
    expect((await ask(device(MACHINES.device, DEVICE_PORT), more)).headers).to.include({
      'moult-gateway': 'not-on-link',
    });
  });

  it('has no line of a body run by what speaks another protocol', async () => {
    const answer = await ask(device(MACHINES.device, LINES_PORT, '/ota/write'), {
      key: await keyOf('phone'),
      method: 'POST',
      body: COMMANDS,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(answer.status).to.be.at.least(400);
    expect((await networks.at('device').do({ do: 'heard' })).text).not.to.contain('set pwned');
  });

  it('has nothing sent to a port of another protocol', async () => {
    for (const port of [22, 25, 6000, 6667]) {
      const { headers } = await ask(device(MACHINES.device, port), { key: await keyOf('phone') });
      expect(headers, `${port}`).to.include({ 'moult-gateway': 'bad-port' });
    }
  });

  it('is answered under this machine’s own names only, and under one at a time', async () => {
    for (const name of ['evil.example', 'localhost', `${MACHINES.host}.evil.example`]) {
      expect((await ask('/index.html', { headers: { host: `${name}:${PORT}` } })).status, name).to.equal(421);
    }
    const two = `GET /index.html HTTP/1.1\r\nHost: ${MACHINES.host}:${PORT}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    const { text } = await networks.at('phone').do({ do: 'say', address: MACHINES.host, port: PORT, text: two });
    expect(text).to.match(/^HTTP\/1\.1 4\d\d /);
  });

  it('does not close the host for another phone, with as many connections as it likes', async () => {
    for (const port of [PORT, PORT + 1]) {
      const { count } = await networks.at('phone').do({ do: 'occupy', address: MACHINES.host, port, connections: 300 });
      expect((await ask('/index.html', { by: 'otherPhone' })).status, `${count} are open at ${port}`).to.equal(200);
      await networks.at('phone').do({ do: 'let-go' });
    }
  });

  it('guesses no code: thirty tries, and then it waits', async () => {
    const statuses: (number | undefined)[] = [];
    for (let tries = 0; tries < TRIES_A_MINUTE + 2; tries += 1) {
      const { status } = await ask('/pair', {
        by: 'otherPhone',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"code":"0000000000"}',
      });
      statuses.push(status);
    }
    expect(statuses).to.include(429);
    expect(statuses.filter((status) => status === 200)).to.deep.equal([]);
  });

  it('is shut out from the moment that it is revoked, and its key stands in no file', async () => {
    const key = await keyOf('phone');
    const kept = JSON.parse(readFileSync(join(folder, 'clients.json'), 'utf8')) as { id: string }[];
    expect(JSON.stringify(kept)).not.to.contain(key);
    for (const { id } of kept) {
      execFileSync(process.execPath, [PROGRAM, 'clients', '--revoke', id, '--data', folder], { stdio: 'ignore' });
    }
    expect((await ask(device(MACHINES.device, DEVICE_PORT), { key })).headers).to.include({
      'moult-gateway': 'not-paired',
    });
  });
});
