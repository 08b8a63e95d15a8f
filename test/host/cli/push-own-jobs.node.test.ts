/** A push without a host, in a host's own data folder: the same journal, the same locks, and `moult jobs` shows it. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jobsCommand } from '../../../src/host/cli/jobs-command.ts';
import { pushCommand } from '../../../src/host/cli/push/push-command.ts';
import type { Costs } from '../../../src/simulator/clock.ts';
import type { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { hasEnded, hashOf, jobFor, JobPage, refusalIn, startDevice, TOKEN } from '../jobs/job-host.ts';
import { testHost, type TestHost } from '../test-host.ts';
import { useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 131_072, version: '2.1.0' });
const MOULT = fileURLToPath(new URL('../../../src/host/moult.ts', import.meta.url));
/** Slow enough that something can be done meanwhile. */
const SLOW: Costs = { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 };

describe('moult push by itself, and a host of the same folder', () => {
  const closing = useClosing();
  const said: string[] = [];
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-own-'));
    file = join(folder, 'bench.bin');
    writeFileSync(file, FIRMWARE);
    process.env['MOULT_TEST_TOKEN'] = TOKEN;
    said.length = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    delete process.env['MOULT_TEST_TOKEN'];
  });

  async function device(costs: Costs = SLOW): Promise<{ origin: string; board: SimulatedDevice }> {
    const started = await startDevice({ costs, rollback: true });
    closing.push(() => started.close());
    return { origin: started.origin, board: started.device };
  }

  async function host(): Promise<TestHost & { readonly page: JobPage }> {
    const started = await testHost();
    closing.push(() => started.stop());
    return { ...started, page: new JobPage(started.port) };
  }

  const argsFor = (origin: string, data: string): string[] => [
    file,
    '--device',
    origin,
    '--token-env',
    'MOULT_TEST_TOKEN',
    '--data',
    data,
    '--json',
  ];

  const push = (origin: string, data: string): Promise<number> =>
    pushCommand(argsFor(origin, data), (text) => said.push(text));

  async function jobs(data: string): Promise<string> {
    const lines: string[] = [];
    const tell = (text: string): number => lines.push(text);
    await jobsCommand(['--data', data], tell, tell);
    return lines.join('\n');
  }

  /** Resolves at the `nth` request to `route`, with it still to be answered. */
  function heard(board: SimulatedDevice, route: string, nth: number): Promise<void> {
    return new Promise((resolve) => {
      board.fault = (info) => {
        if (info.route === route && info.nth === nth) resolve();
        return null;
      };
    });
  }

  const begins = (board: SimulatedDevice): number => board.requests.filter(({ path }) => path === '/ota/begin').length;

  it('keeps away from a device that the host is updating, and says for whom', async () => {
    const { dataDir, page } = await host();
    const { origin, board } = await device();
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, ({ update }) => update?.phase === 'writing');
    const told: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => told.push(String(text)) > 0;
    expect(await push(origin, dataDir).finally(() => (process.stderr.write = write))).to.equal(1);
    expect(told.join('')).to.include('This device is already being updated, for this machine.');
    expect(JSON.parse(said.join(''))).to.include({ outcome: 'failed', code: 'other-session', acknowledged: 0 });
    await page.until(asked, hasEnded);
    expect([begins(board), hashOf(board.runningImage)]).to.deep.equal([1, hashOf(FIRMWARE)]);
  });

  it('keeps the host away, and a second push, until it has ended', async () => {
    const { dataDir, page } = await host();
    const { origin, board } = await device();
    await page.put(FIRMWARE);
    const writes = heard(board, 'chunk', 3);
    const first = push(origin, dataDir);
    await writes;
    const refused = await page.post('/jobs', jobFor(origin, FIRMWARE));
    expect(refusalIn(refused)).to.deep.include({ kind: 'device-busy', by: '“moult push” on this machine' });
    expect(await jobs(dataDir)).to.match(/: bench\.bin\. The update is running\. /);
    expect(await push(origin, dataDir)).to.equal(1);
    expect(await first).to.equal(0);
    expect([begins(board), board.restarts]).to.deep.equal([1, 1]);
    expect(await jobs(dataDir)).to.match(/: bench\.bin\. Updated\. /);
    expect((await page.post('/jobs', jobFor(origin, FIRMWARE))).status).to.equal(201);
  });

  it('skips a device of a list while the host updates it', async () => {
    const { dataDir, page } = await host();
    const [{ origin }, other] = [
      await device(),
      await device({ eraseMsPerBlock: 0, programMsPerBlock: 0, roundTripMs: 0 }),
    ];
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, ({ update }) => update?.phase === 'writing');
    const list = join(folder, 'devices.json');
    const places = [origin, other.origin].map((address) => ({ address, tokenEnv: 'MOULT_TEST_TOKEN' }));
    writeFileSync(list, JSON.stringify(places));
    const args = [file, '--devices', list, '--data', dataDir, '--json', '--first-wave', '0'];
    expect(await pushCommand(args, (text) => said.push(text))).to.equal(1);
    const { devices } = JSON.parse(said.join('')) as { devices: readonly { result: string; because: string | null }[] };
    expect(devices.map(({ result, because }) => [result, because])).to.deep.equal([
      ['skipped', 'busy'],
      ['updated', null],
    ]);
    await page.until(asked, hasEnded);
  });

  /** A push in a process of its own, killed when the device hears its fourth chunk. */
  async function killedPush(origin: string, board: SimulatedDevice, data: string): Promise<void> {
    const args = ['--import=tsx', MOULT, 'push', ...argsFor(origin, data)];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    closing.push(() => child.kill('SIGKILL'));
    await heard(board, 'chunk', 4);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  for (const next of ['another push', 'the host'] as const) {
    it(`that is killed in the middle is gone on with by ${next}, in the session that it left`, async () => {
      const { dataDir, page } = await host();
      const { origin, board } = await device();
      const before = hashOf(board.slot('ota_0'));
      await killedPush(origin, board, dataDir);
      expect(await jobs(dataDir)).to.include('The command that ran this update has ended. Push again to continue.');
      if (next === 'another push') expect(await push(origin, dataDir)).to.equal(0);
      else {
        const asked = jobFor(origin, FIRMWARE);
        await page.create(FIRMWARE, asked);
        await page.until(asked, hasEnded);
      }
      expect(begins(board), 'sessions begun').to.equal(1);
      expect(hashOf(board.runningImage)).to.equal(hashOf(FIRMWARE));
      expect(hashOf(board.slot('ota_0'))).to.equal(before);
      expect(board.bytesProgrammedTwice).to.equal(0);
    });
  }

  it('begins anew where the device has lost what a killed one had written: the command was given once more', async () => {
    const data = join(folder, 'data');
    const { origin, board } = await device();
    await killedPush(origin, board, data);
    board.restart();
    expect(await push(origin, data)).to.equal(0);
    expect([begins(board), hashOf(board.runningImage)]).to.deep.equal([2, hashOf(FIRMWARE)]);
  });

  it('has one record per device, for this account alone, without the token', async () => {
    const data = join(folder, 'data');
    const { origin } = await device({ eraseMsPerBlock: 0, programMsPerBlock: 0, roundTripMs: 0 });
    for (let round = 0; round < 2; round++) expect(await push(origin, data)).to.equal(0);
    const [record = '', ...more] = readdirSync(join(data, 'jobs', 'pushes'));
    expect(more).to.deep.equal([]);
    expect(statSync(join(data, 'jobs', 'pushes', record)).mode & 0o777).to.equal(0o600);
    const list: string[] = [];
    await jobsCommand(
      ['--data', data, '--json'],
      (text) => list.push(text),
      (text) => expect.fail(text),
    );
    expect(list.join('')).to.include('"outcome": "updated"').and.not.to.include(TOKEN);
    expect(readdirSync(join(data, 'jobs', 'devices')), 'locks left').to.deep.equal([]);
  });

  it('runs all the same where nothing can be written down, and says so', async () => {
    const { origin } = await device({ eraseMsPerBlock: 0, programMsPerBlock: 0, roundTripMs: 0 });
    const told: string[] = [];
    const tell = (text: string): number => told.push(text);
    // A file in the place of a folder.
    expect(await pushCommand(argsFor(origin, file), tell, tell)).to.equal(0);
    expect(told.join('')).to.match(/^This update is not recorded, because .*bench\.bin cannot be used: /);
  });
});
