import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobsCommand } from '../../../src/host/cli/jobs-command.ts';
import { HostError } from '../../../src/host/cli/push/host-client.ts';
import { pushToHost } from '../../../src/host/cli/push/push-to-host.ts';
import { pushCommand } from '../../../src/host/cli/push/push-command.ts';
import type { Pushed } from '../../../src/host/cli/push/push.ts';
import { UpdateControls } from '../../../src/update/controls.ts';
import { writeBackup } from '../../../src/storage/backup.ts';
import { aDevice } from '../../storage/samples.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { hasEnded, hashOf, jobFor, JobPage, startDevice, TOKEN, type ServedSimulated } from '../jobs/job-host.ts';
import { testHost, type TestHost } from '../test-host.ts';
import { useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 131_072, version: '2.1.0' });

describe('moult push --host, and moult jobs', () => {
  const closing = useClosing();

  async function host(): Promise<TestHost> {
    const started = await testHost();
    closing.push(() => started.stop());
    return started;
  }

  async function device(options: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated> {
    const started = await startDevice(options);
    closing.push(() => started.close());
    return started;
  }

  function send(url: string, origin: string, controls = new UpdateControls(), seen: string[] = []): Promise<Pushed> {
    return pushToHost({
      ...{ bytes: FIRMWARE, name: 'Bench', fileName: 'bench.bin', host: url, restart: true, controls },
      target: {
        origin,
        prefix: '/ota',
        protocol: 'automatic',
        dialect: null,
        tokenHeader: 'X-OTA-Token',
        token: TOKEN,
      },
      onState: ({ phase }) => {
        seen.push(phase);
        if (phase === 'writing' && controls.paused) controls.cancel();
      },
    });
  }

  it('has the host run the update, and says the same of it', async () => {
    const { url } = (await host()).host;
    const { origin, device: board } = await device();
    const seen: string[] = [];
    const pushed = await send(url, origin, new UpdateControls(), seen);
    expect([pushed.words.title, pushed.version]).to.deep.equal(['Updated', '2.1.0']);
    expect(hashOf(board.runningImage)).to.equal(pushed.sha256);
    expect(seen.at(-1)).to.equal('ended');
  });

  it('cancels on the host what is cancelled here', async () => {
    const { url } = (await host()).host;
    const { origin } = await device({ costs: { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 } });
    const controls = new UpdateControls();
    // `send` cancels at the first chunk where this is set.
    controls.pause();
    expect((await send(url, origin, controls)).outcome.outcome).to.equal('cancelled');
  });

  it('says in the host’s words why it does not', async () => {
    const { url } = (await host()).host;
    const far = await send(url, 'http://8.8.8.8:8080').catch((error: unknown) => error);
    expect(far)
      .to.be.instanceOf(HostError)
      .with.property('message', 'The host reaches devices on private networks only.');
    const nobody = await send('http://127.0.0.1:1', 'http://127.0.0.1:8080').catch((error: unknown) => error);
    expect(nobody).to.be.instanceOf(HostError);
  });

  for (const name of ['bench.bin', 'bench\u202enib.exe']) {
    it(`is an option of the command, for a file called ${JSON.stringify(name)}`, async () => {
      const { url } = (await host()).host;
      const { origin } = await device({ token: null });
      const folder = mkdtempSync(join(tmpdir(), 'moult-push-'));
      closing.push(() => rmSync(folder, { recursive: true }));
      const file = join(folder, name);
      writeFileSync(file, FIRMWARE);
      const said: string[] = [];
      const args = [file, '--device', origin, '--host', url, '--json'];
      expect(await pushCommand(args, (text) => said.push(text))).to.equal(0);
      expect(JSON.parse(said.join(''))).to.include({ outcome: 'updated', sha256: hashOf(FIRMWARE) });
    });
  }

  it('hands a list of devices over, and says the same of each', async () => {
    const started = await host();
    const boards = [await device(), await device(), await device()];
    const [, off] = boards;
    await off?.close();
    const folder = mkdtempSync(join(tmpdir(), 'moult-push-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const [file, list] = [join(folder, 'bench.bin'), join(folder, 'list.json')];
    writeFileSync(file, FIRMWARE);
    const listed = boards.map(({ origin }, at) => ({ address: origin, name: `Bench ${at}`, token: TOKEN }));
    writeFileSync(list, JSON.stringify(listed), { mode: 0o600 });
    const said: string[] = [];
    const args = [file, '--devices', list, '--host', started.host.url];
    // One of them is off.
    expect(await pushCommand([...args, '--json'], (text) => said.push(text))).to.equal(1);
    const report = JSON.parse(said.splice(0).join('')) as { devices: { result: string; because: string | null }[] };
    const results = report.devices.map(({ result, because }) => because ?? result);
    expect(results).to.deep.equal(['updated', 'off', 'updated']);
    const say = (text: string): unknown => said.push(text);
    // The end is on the disk a moment after it is told.
    while (!said.join('').includes('has ended')) {
      said.length = 0;
      await jobsCommand(['--data', started.dataDir], say, say);
    }
    expect(said.join('')).to.match(/^Rollout of bench\.bin\. The rollout has ended\. 2 succeeded, 1 skipped\.$/m);
    const foreign = await pushCommand([...args.slice(0, -1), 'http://127.0.0.1:1'], (text) => said.push(text));
    expect(foreign, 'where no host is').to.equal(1);
  });

  it('hands over how long each device of a backup is looked for after its restart', async () => {
    const started = await host();
    const { origin } = await device({ token: null, awayMs: Infinity });
    const folder = mkdtempSync(join(tmpdir(), 'moult-push-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const [file, list] = [join(folder, 'bench.bin'), join(folder, 'backup.json')];
    writeFileSync(file, FIRMWARE);
    const saved = aDevice({ name: 'Hall', typed: origin, origin, patienceMs: 1_000 });
    const backup = await writeBackup([saved], null, { subtle: crypto.subtle, now: 1 });
    writeFileSync(list, backup.kind === 'written' ? backup.text : '');
    const said: string[] = [];
    const args = [file, '--devices', list, '--host', started.host.url, '--json'];
    expect(await pushCommand(args, (text) => said.push(text))).to.equal(1);
    const report = JSON.parse(said.join('')) as { devices: { result: string; detail: string }[] };
    expect(report.devices[0]).to.include({ result: 'not-seen-again' });
    expect(report.devices[0]?.detail).to.contain('has not answered for 1 s');
  });

  it('lists what the host has, and changes nothing', async () => {
    const started = await host();
    const { origin } = await device({ costs: { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 } });
    const said: string[] = [];
    const list = (...more: string[]): Promise<number> =>
      jobsCommand(
        ['--data', started.dataDir, ...more],
        (text) => said.push(text),
        (text) => said.push(text),
      );
    expect(await list()).to.equal(0);
    expect(said.splice(0)).to.deep.equal(['This machine’s host has no updates.']);
    const page = new JobPage(started.port);
    const asked = jobFor(origin, FIRMWARE);
    await page.create(FIRMWARE, asked);
    await page.until(asked, ({ update }) => update?.phase === 'writing');
    await page.order(asked, { kind: 'pause' });
    await page.until(asked, ({ update }) => update?.phase === 'waiting');
    for (;;) {
      said.length = 0;
      await list();
      if (said.join('').includes('paused')) break;
    }
    expect(said.join('')).to.match(/: bench\.bin\. The update is paused\. [A-Z].*, \d+ %\.$/);
    await page.order(asked, { kind: 'resume' });
    const job = await page.until(asked, hasEnded);
    // The end is on the disk a moment after it is told.
    for (;;) {
      said.length = 0;
      await list();
      if (said.join('').includes('Updated')) break;
    }
    expect(said.join('')).to.match(/^Bench \(http:\/\/127\.0\.0\.1:\d+\): bench\.bin\. Updated\. /);
    said.length = 0;
    await list('--json');
    expect(JSON.parse(said.join(''))).to.deep.equal({ jobs: [job], rollouts: [] });
    expect(said.join('')).not.to.include(asked.key).and.not.to.include(TOKEN);
  });
});
