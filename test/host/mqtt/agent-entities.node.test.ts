/** A rollout server's agent over a broker: what it offers on site is what a home automation can install. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Agent } from '../../../src/host/agent/agent.ts';
import { agentCommand } from '../../../src/host/agent/agent-command.ts';
import { settingsOf } from '../../../src/host/agent/read-settings.ts';
import { HostMqtt } from '../../../src/host/mqtt/host-mqtt.ts';
import type { JobService } from '../../../src/host/jobs/job-service.ts';
import { isActive } from '../../../src/simulator/hawkbit/actions.ts';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import { serveHawkbit, type ServedHawkbit } from '../../../src/simulator/node/hawkbit-server.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { hasEnded, jobFor, JobPage, startDevice, TOKEN, type ServedSimulated } from '../jobs/job-host.ts';
import { testHost } from '../test-host.ts';
import { startAedes, type TestBroker } from './test-broker.ts';
import { Watcher } from './watcher.ts';
import { useClosing } from '../closing.ts';

const ID = 'moult-kitchen';
const FIRMWARE = buildApp({ sizeBytes: 32_768, version: '2.1.0' });
const SET = {
  ...{ name: 'kitchen', version: '2.1.0' },
  modules: [
    { name: 'kitchen', version: '2.1.0', part: 'os', artifacts: [{ filename: 'kitchen.bin', bytes: FIRMWARE }] },
  ],
};

describe('an agent’s devices over a broker', () => {
  const closing = useClosing();
  let folder: string;
  let server: SimulatedHawkbit;
  let served: ServedHawkbit;
  let board: ServedSimulated;
  let broker: TestBroker;
  let watcher: Watcher;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moult-mqtt-agent-'));
    server = new SimulatedHawkbit({ pollSeconds: 1 });
    served = await serveHawkbit(server);
    board = await startDevice();
    broker = await startAedes();
    watcher = await Watcher.open(broker.url);
  });
  afterEach(async () => {
    expect(JSON.stringify(watcher.heard)).not.to.contain(TOKEN).and.not.to.contain('gateway-secret');
    await watcher.close();
    await Promise.all([broker.close(), served.close(), board.close()]);
    rmSync(folder, { recursive: true });
  });

  function list(token: string | null): string {
    const path = join(folder, 'devices.json');
    const device = { address: board.origin, name: 'Kitchen', controllerId: ID, chip: 'ESP32' };
    writeFileSync(path, JSON.stringify([token === null ? device : { ...device, token }]), { mode: 0o600 });
    return path;
  }

  /** `jobs`: of the host that it is a part of; null: it runs alone. */
  async function agentWith(token: string | null, jobs: JobService | null = null): Promise<readonly string[]> {
    const settings = await settingsOf(
      {
        ...{
          server: served.origin,
          tenant: 'DEFAULT',
          devices: list(token),
          tokenEnv: 'GATEWAY',
          tokenFile: undefined,
        },
        ...{ acceptedCountsAs: 'success', confirm: false, soft: 'wait', softHours: undefined, atOnce: 1 },
      },
      { GATEWAY: 'gateway-secret' },
    );
    const surprise = (error: unknown): void => {
      throw error;
    };
    const agent = await Agent.open(settings, {
      dataDir: folder,
      agentVersion: '0.0.0',
      say: () => undefined,
      surprise,
    });
    if (agent === null) throw new Error('no agent');
    const said: string[] = [];
    const mqtt = await HostMqtt.open(
      { url: broker.url, user: null, password: null, ca: null },
      {
        ...{ folder: jobs === null ? null : folder, version: '0.0.0', agent, everyMs: 5, surprise },
        say: (sentence) => said.push(sentence),
      },
    );
    if (jobs !== null) mqtt.addJobs(jobs);
    void agent.run();
    mqtt.run();
    closing.push(
      () => agent.stop(),
      () => mqtt.stop(),
    );
    return said;
  }

  it('show what waits for a person, and install it as the host’s page would', async () => {
    const action = server.assign(ID, SET, { type: 'soft' });
    await agentWith(TOKEN);
    await watcher.until(() => watcher.json('config')['command_topic'] !== undefined);
    await watcher.until(() => watcher.text('available') === 'online');
    expect(watcher.json('config')['device']).to.deep.include({ name: 'Kitchen', model: 'ESP32' });
    expect(watcher.json('state')).to.deep.include({
      ...{ installed_version: 'unknown', latest_version: '2.1.0', title: 'kitchen.bin', in_progress: false },
    });
    expect(board.device.requests.every(({ method }) => method === 'GET')).to.equal(true);
    expect(isActive(action)).to.equal(true);

    await watcher.install();
    await watcher.until(() => watcher.json('state')['installed_version'] === '2.1.0');
    await watcher.until(() => watcher.json('state')['in_progress'] === false);
    expect(board.device.restarts).to.equal(1);
    expect(watcher.json('state')['latest_version']).to.equal('2.1.0');
    expect(watcher.json('config')).not.to.have.property('command_topic');
  });

  it('have no button without a token, and begin nothing', async () => {
    const action = server.assign(ID, SET, { type: 'soft' });
    const said = await agentWith(null);
    await watcher.until(() => String(watcher.json('state')['release_summary']).includes('no token'));
    expect(watcher.json('config')).not.to.have.property('command_topic');
    const topic = (watcher.topic('state') ?? '').replace(/state$/, 'install');
    await watcher.publish(topic, `install ${action.id}`);
    while (said.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(said[1]).to.contain('Kitchen: What was asked for over MQTT was not started.').and.contain('no token');
    expect(board.device.requests.every(({ method }) => method === 'GET')).to.equal(true);
    expect(isActive(action)).to.equal(true);
  });

  /** `moult agent`, until its device is announced. */
  async function agentAlone(): Promise<void> {
    const token = join(folder, 'token');
    writeFileSync(token, 'gateway-secret', { mode: 0o600 });
    const options = ['--server', served.origin, '--devices', list(TOKEN), '--token-file', token, '--data', folder];
    let complained = '';
    const status = await agentCommand(
      [...options, '--mqtt', broker.url],
      () => undefined,
      (sentence) => (complained += sentence),
      () => watcher.until(() => watcher.text('status') === 'online' && watcher.topic('config') !== null),
    );
    expect([status, complained]).to.deep.equal([0, '']);
  }

  it('are announced by `moult agent`, too, which says that they are gone when it ends', async () => {
    await agentAlone();
    await watcher.until(() => watcher.text('status') === 'offline');
  });

  it('are the same ones beside a host, which announces its others', async () => {
    const other = await startDevice();
    const services: JobService[] = [];
    const host = await testHost({ dataDir: folder, jobs: { opened: (opened) => services.push(opened) } });
    closing.push(
      () => other.close(),
      () => host.stop(),
    );
    const page = new JobPage(host.port);
    for (const { origin } of [board, other]) {
      const job = jobFor(origin, FIRMWARE);
      await page.create(FIRMWARE, job);
      await page.until(job, hasEnded);
    }
    const configs = (): readonly string[] => [...watcher.last.keys()].filter((topic) => topic.endsWith('/config'));

    await agentAlone();
    const alone = configs();
    expect(alone).to.have.length(1);
    await agentWith(TOKEN, services[0] ?? null);
    await watcher.until(() => configs().length > 1);
    await watcher.until(() => [...watcher.last.values()].filter((text) => text === 'online').length >= 3);
    expect(configs())
      .to.have.length(2)
      .and.to.include.members([...alone]);
  });
});
