/** What once went wrong with devices as they are published, by the built command line. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Authority } from '../../../src/host/data/authority.ts';
import { AUTH_LIMITER } from '../../../src/simulator/viperhttp/app-auth.ts';
import { ONE_SLOT, ONE_SLOT_BYTES } from '../../../src/simulator/bootloader.ts';
import { serveDevice, type ServeOptions } from '../../../src/simulator/node/node-server.ts';
import type { DeviceOptions } from '../../../src/simulator/options.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { RawConnection } from '../../simulator/raw-connection.ts';
import * as published from './as-published.ts';
import { JOURNEY_MS } from '../journey.ts';
import { useClosing } from '../../host/closing.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/host/moult.js', import.meta.url));
const TOKEN = 'c'.repeat(64);

interface Served {
  readonly device: SimulatedDevice;
  readonly origin: string;
}

interface Run {
  readonly out: string;
  readonly err: string;
  readonly status: number | null;
}

describe('A device as it is published, by the command line', function () {
  this.timeout(JOURNEY_MS);
  let folder = '';
  /** What a test gives the command besides. */
  let environment: Readonly<Record<string, string>> = {};
  const closing = useClosing();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'moult-published-'));
    environment = {};
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function device(options: Partial<DeviceOptions> = {}, by: Omit<ServeOptions, 'port'> = {}): Promise<Served> {
    const simulated = new SimulatedDevice({ token: TOKEN, awayMs: 200, ...options });
    const served = await serveDevice(simulated, { port: 0, ...by });
    closing.push(() => served.close());
    return { device: simulated, origin: served.origin };
  }

  /** A process of its own each time: what it remembers is in its folder. */
  async function moult(...args: readonly string[]): Promise<Run> {
    const env = {
      ...process.env,
      MOULT_TOKEN: TOKEN,
      XDG_DATA_HOME: folder,
      LOCALAPPDATA: folder,
      HOME: folder,
      ...environment,
    };
    const child = spawn(process.execPath, [PROGRAM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { out, err, status };
  }

  async function push(bytes: Uint8Array, { origin }: Served, ...more: readonly string[]): Promise<Run> {
    const file = join(folder, 'firmware.bin');
    await writeFile(file, bytes);
    return moult('push', file, '--device', origin, ...more);
  }

  for (const [what, options] of [
    ['with updates off', { ota: false }],
    ['with another prefix that it tells of to nobody', { prefix: '/firmware', docs: null }],
    ['with updates off, that tells nothing of itself', { ota: false, docs: null }],
    [
      'with another prefix that it tells of to nobody, as documented',
      { dialect: 'documented', prefix: '/firmware', docs: null },
    ],
  ] as const) {
    for (const protocol of ['automatic', 'shipped', 'documented']) {
      it(`${what} and the protocol set to ${protocol} takes no updates, and none is claimed`, async () => {
        const served = await device(options);
        const { out, status } = await push(published.FIRST, served, '--protocol', protocol);
        expect(status).to.equal(1);
        expect(out)
          .to.match(/^Failed/)
          .and.not.to.match(published.SAYS_WELL);
        for (const words of [/ota=True/, /path/, /protocol/]) expect(out).to.match(words);
        published.expectUntouched(served.device);
      });
    }
  }

  it('with another prefix is updated there where no path was typed, and only there where one was', async () => {
    const served = await device({ prefix: '/firmware' });
    const typed = await push(published.FIRST, { ...served, origin: `${served.origin}/ota` });
    expect(typed.out).to.match(/^Failed/);
    published.expectUntouched(served.device);
    const { out, err, status } = await push(published.FIRST, served);
    expect(status, out).to.equal(0);
    expect(err).to.contain('takes updates at /firmware');
    expect(served.device.runningImage).to.deep.equal(published.FIRST);
  });

  for (const dialect of ['shipped', 'documented'] as const) {
    it(`refuses two chunks at most while it is new, as ${dialect}, and none once it is known`, async () => {
      const served = await device({ dialect });
      expect((await push(published.FIRST, served)).status).to.equal(0);
      published.expectChunksThatFit(served.device, published.REFUSED_BY_A_NEW_DEVICE);
      expect(served.device.runningImage).to.deep.equal(published.FIRST);
      const from = served.device.requests.length;
      expect((await push(published.SECOND, served)).status).to.equal(0);
      published.expectChunksThatFit(served.device, 0, from);
      expect(served.device.runningImage).to.deep.equal(published.SECOND);
    });
  }

  it('counts no refused chunk as trouble in a rollout', async () => {
    const fleet = await Promise.all(Array.from({ length: 5 }, () => device()));
    const [file, list] = [join(folder, 'firmware.bin'), join(folder, 'devices.json')];
    await writeFile(file, published.FIRST);
    await writeFile(list, JSON.stringify(fleet.map(({ origin }) => ({ address: origin }))));
    const { out, status } = await moult('push', file, '--devices', list, '--json');
    expect(status, out).to.equal(0);
    for (const { device: one } of fleet) {
      expect(one.runningImage).to.deep.equal(published.FIRST);
      published.expectChunksThatFit(one, published.REFUSED_BY_A_NEW_DEVICE);
    }
  });

  it('with one update slot takes its only update, and says so before; the next is refused before it begins', async () => {
    const served = await device({ slots: ONE_SLOT, slotBytes: ONE_SLOT_BYTES });
    const first = await push(published.FIRST, served);
    expect(first.status).to.equal(0);
    expect(first.err).to.contain('only update over the air');
    expect(served.device.running).to.equal('ota_0');
    expect(served.device.runningImage).to.deep.equal(published.FIRST);
    const { restarts, writeLog } = served.device;
    const written = writeLog.length;
    const second = await push(published.SECOND, served);
    expect(second.status).to.equal(1);
    expect(second.out).to.contain('runs from its only update slot').and.contain('by cable');
    expect(served.device.restarts).to.equal(restarts);
    expect(served.device.writeLog.length).to.equal(written);
    expect(served.device.session).to.equal(null);
    expect(served.device.runningImage).to.deep.equal(published.FIRST);
  });

  it('that bans unknown credentials is shown none, however often its dialect is detected', async () => {
    const served = await device({ appAuth: { enforced: false, users: {}, bearers: [], limiter: AUTH_LIMITER } });
    const heard = published.authorizationsOf(served.device);
    // The ban begins with as many; each run detects the dialect anew.
    for (let run = 0; run <= AUTH_LIMITER.failures; run += 1) {
      const { out, status } = await push(buildApp({ version: `1.${run}.0` }), served);
      expect(status, out).to.equal(0);
    }
    expect(heard).to.deep.equal([]);
    expect(served.device.requests.filter(({ status }) => status === 429)).to.deep.equal([]);
  });

  it('whose program doesn’t run its loop is not said to be off', async () => {
    const served = await device({ loopRuns: false });
    const { out, status } = await push(published.FIRST, served);
    expect(status).to.equal(1);
    expect(out).not.to.match(published.SAYS_WELL).and.not.to.match(published.SAYS_OFF);
    published.expectUntouched(served.device);
  });

  it('without CORS is updated as any other: the command line is no page', async () => {
    const served = await device({ cors: null });
    expect((await push(published.FIRST, served)).status).to.equal(0);
    expect(served.device.runningImage).to.deep.equal(published.FIRST);
  });

  it('with http2=True is updated over https: the command line does not offer HTTP/2', async () => {
    const { authority } = await Authority.make([], Date.now());
    const tls = await authority.leaf([], ['127.0.0.1'], Date.now());
    const served = await device({}, { tls, http2: true });
    const untrusted = await push(published.FIRST, served);
    expect(untrusted.status).to.equal(1);
    expect(untrusted.err).to.contain('NODE_EXTRA_CA_CERTS');
    // Whom Node trusts is not what this is about.
    environment = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { out, status } = await push(published.FIRST, served);
    expect(out).to.match(/^Updated/);
    expect(status).to.equal(0);
    expect(served.device.runningImage).to.deep.equal(published.FIRST);
  });

  it('simulated by the host outlives a TRACE, and so does the host', async () => {
    const args = ['serve', '--simulate', '1', '--no-lan', '--port', '0', '--device-port', '0', '--data', folder];
    const program = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(program, 'exit');
    closing.push(async () => {
      program.kill('SIGTERM');
      await ended;
    });
    let said = '';
    for await (const part of program.stdout as AsyncIterable<Buffer>) {
      said += part.toString();
      if (said.includes('Ctrl+C')) break;
    }
    const page = /Moult is open at {2}(\S+)/.exec(said)?.[1] ?? '';
    const port = Number(/http:\/\/127\.0\.0\.1:(\d+)\n {4}token/.exec(said)?.[1]);
    const raw = await RawConnection.open(port);
    raw.send('TRACE /ota/status HTTP/1.1\r\nHost: device\r\n\r\n');
    expect((await raw.answer())?.status).to.equal(405);
    raw.close();
    expect((await fetch(`http://127.0.0.1:${port}/openapi.json`)).status).to.equal(200);
    expect(await (await fetch(page)).text()).to.contain('<title>');
    expect(program.exitCode).to.equal(null);
  });
});
