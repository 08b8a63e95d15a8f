/** What the pages of a host see of its agent, and tell it: over real sockets, to a simulated server and device. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDevice } from '../../../src/host/agent/agent-device.ts';
import { Agent } from '../../../src/host/agent/agent.ts';
import { AGENT_POLICY, type AgentPolicy } from '../../../src/model/agent/agent-settings.ts';
import type { AgentOrder, AgentTarget, AgentView } from '../../../src/model/agent/agent-view.ts';
import { isActive } from '../../../src/simulator/hawkbit/actions.ts';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import { serveHawkbit } from '../../../src/simulator/node/hawkbit-server.ts';
import { sampleFirmware } from '../../../src/simulator/sample-firmware.ts';
import { JobPage, refusalIn, startDevice, TOKEN } from '../jobs/job-host.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';
import { LAN_ADDRESS, testHost, type Answer, type TestHost } from '../test-host.ts';
import { useClosing } from '../closing.ts';

const GATEWAY_TOKEN = 'gateway-secret';
/** So long that the agent does not poll by itself again within a test: what happens was asked for by a person. */
const POLL_SECONDS = 300;
const SLOT_BYTES = 1024 * 1024;
const GONE_DEVICE = 'http://127.0.0.1:1';

describe('the agent of a host', () => {
  const image = sampleFirmware();
  const set = {
    ...{ name: 'sample', version: '1.0.0' },
    modules: [{ name: 'sample', version: '1.0.0', part: 'os', artifacts: [{ filename: 'sample.bin', bytes: image }] }],
  };
  const closing = useClosing();

  async function started(policy: Partial<AgentPolicy> = {}, more: readonly AgentDevice[] = []) {
    const server = new SimulatedHawkbit({ pollSeconds: POLL_SECONDS });
    const served = await serveHawkbit(server);
    closing.push(() => served.close());
    const kitchenDevice = await startDevice({ slotBytes: SLOT_BYTES, requestBytes: 65_536 });
    closing.push(() => kitchenDevice.close());
    const { device, origin } = kitchenDevice;
    const dataDir = mkdtempSync(join(tmpdir(), 'moult-agent-'));
    closing.push(async () => rmSync(dataDir, { recursive: true }));
    const said: string[] = [];
    const settings = {
      ...{ server: served.origin, tenant: 'DEFAULT', gatewayToken: GATEWAY_TOKEN, atOnce: 1 },
      ...{ devices: [deviceAt(origin, 'kitchen'), ...more], policy: { ...AGENT_POLICY, ...policy } },
    };
    const world = {
      ...{ dataDir, agentVersion: '0.0.0', surprise: (error: unknown) => said.push(String(error)) },
      say: (sentence: string) => said.push(sentence),
    };
    const open = async (): Promise<Agent> => {
      const agent = await Agent.open(settings, world);
      if (agent === null) throw new Error('no agent');
      closing.push(() => agent.stop());
      return agent;
    };
    /** Looks every now and then, and resolves once it is so. */
    const until = (isSo: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = setInterval(() => {
          if (!isSo()) return;
          clearInterval(look);
          resolve();
        }, 10);
      });
    return { server, device, open, until, said };
  }

  const deviceAt = (origin: string, controllerId: string): AgentDevice => ({
    ...{ id: controllerId, name: controllerId, controllerId, targetToken: null, chipId: 0 },
    target: {
      ...{ origin, prefix: '/ota', protocol: 'automatic', dialect: null },
      ...{ token: TOKEN, tokenHeader: 'X-OTA-Token' },
    },
  });
  async function hosted(agent: Agent, options: Parameters<typeof testHost>[0] = {}): Promise<TestHost> {
    const host = await testHost({ agent, ...options });
    closing.push(() => host.stop());
    return host;
  }
  const viewIn = ({ text }: Answer): AgentView => JSON.parse(text) as AgentView;
  const order = (page: JobPage, what: AgentOrder): Promise<Answer> => page.post('/agent', what);
  const kitchen = (view: AgentView): AgentTarget | undefined =>
    view.targets.find(({ controllerId }) => controllerId === 'kitchen');

  it('is seen with its server, its devices, and what it told last', async () => {
    const { server, open, until, said } = await started({}, [deviceAt(GONE_DEVICE, 'gone')]);
    const action = server.assign('kitchen', set);
    const agent = await open();
    const page = new JobPage((await hosted(agent)).port);
    expect(viewIn(await page.ask('/agent'))).to.deep.include({ connection: { kind: 'not-heard' }, pausedAt: null });
    void agent.run();
    await until(() => !isActive(action) && said.some((sentence) => sentence.includes('does not answer')));
    const answer = await page.ask('/agent');
    expect(answer.headers['cache-control']).to.equal('no-store');
    expect(answer.text).to.not.include(GATEWAY_TOKEN).and.not.include(TOKEN);
    const view = viewIn(answer);
    expect(view.connection.kind).to.equal('connected');
    expect(view.tenant).to.equal('DEFAULT');
    expect(view.targets.map(({ controllerId, isSeen }) => [controllerId, isSeen])).to.deep.equal([
      ['kitchen', true],
      ['gone', false],
    ]);
    expect(kitchen(view)?.told?.lines[0]).to.match(/^Updated/);
    expect(kitchen(view)).to.include({ assignment: null, unsent: 0 });
  });

  it('is paused and resumed by a page, and stays paused over a restart', async () => {
    const { server, device, open, until } = await started();
    const first = await open();
    const page = new JobPage((await hosted(first)).port);
    const paused = viewIn(await order(page, { kind: 'pause' }));
    expect(paused.pausedAt).to.be.a('number');
    await first.stop();
    const agent = await open();
    const other = new JobPage((await hosted(agent)).port);
    const action = server.assign('kitchen', set);
    void agent.run();
    await until(() => agent.view().targets[0]?.told?.lines[0]?.includes('paused') === true);
    expect(viewIn(await other.ask('/agent'))).to.deep.include({ pausedAt: paused.pausedAt });
    expect(kitchen(agent.view())?.assignment).to.deep.include({ standing: 'waiting' });
    expect(sameBytes(device.runningImage, image)).to.equal(false);
    expect(viewIn(await order(other, { kind: 'resume' })).pausedAt).to.equal(null);
    await until(() => !isActive(action));
    expect(action.status).to.equal('finished');
    expect(sameBytes(device.runningImage, image)).to.equal(true);
  });

  it('offers what is not forced, and installs it when a page says so', async () => {
    const { server, device, open, until } = await started({ soft: 'wait' });
    const action = server.assign('kitchen', set, { type: 'soft' });
    const agent = await open();
    const page = new JobPage((await hosted(agent)).port);
    void agent.run();
    await until(() => agent.view().targets[0]?.told?.lines[0]?.startsWith('Waiting for a person') === true);
    const assignment = kitchen(viewIn(await page.ask('/agent')))?.assignment;
    expect(assignment).to.deep.include({ action: String(action.id), standing: 'offer' });
    expect(assignment?.file).to.include({ name: 'sample.bin', size: image.length });
    const install = { kind: 'install', controllerId: 'kitchen', action: String(action.id) } as const;
    for (const wrong of [
      { ...install, action: '99' },
      { ...install, controllerId: 'bath' },
    ]) {
      const answer = await order(page, wrong);
      expect([answer.status, refusalIn(answer).kind]).to.deep.equal([409, 'no-such-offer']);
    }
    expect(kitchen(viewIn(await order(page, install)))?.assignment?.standing).to.equal('waiting');
    await until(() => !isActive(action));
    expect(action.status).to.equal('finished');
    expect(sameBytes(device.runningImage, image)).to.equal(true);
    expect(refusalIn(await order(page, install)).kind).to.equal('no-such-offer');
  });

  it('says what is wrong with its server, and since when', async () => {
    const { server, open, until, said } = await started();
    server.fault = ({ route }) => (route === 'poll' ? { kind: 'status', status: 403 } : null);
    const before = Date.now();
    const agent = await open();
    void agent.run();
    await until(() => said.some((sentence) => sentence.includes('token')));
    const { connection } = agent.view();
    expect(connection).to.include({ kind: 'trouble', trouble: 'unauthorised', status: 403 });
    expect('since' in connection && connection.since).to.be.within(before, Date.now());
  });

  it('is nothing for other pages, and for a browser that is not paired', async () => {
    const { open } = await started();
    const agent = await open();
    const lan = { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench.local'], now: () => Date.now() };
    const { port, host } = await hosted(agent, { lan });
    const offersTo = async (page: JobPage): Promise<unknown> =>
      (JSON.parse((await page.ask('/moult.json')).text) as { agent: boolean }).agent;
    const phone = new JobPage(port, LAN_ADDRESS);
    const foreign = new JobPage(port, '127.0.0.1', { origin: 'http://evil.example' });
    for (const [page, why] of [
      [phone, 'not-paired'],
      [foreign, 'not-our-page'],
    ] as const) {
      expect(refusalIn(await page.ask('/agent')).kind).to.equal(why);
      expect(refusalIn(await order(page, { kind: 'pause' })).kind).to.equal(why);
    }
    expect(agent.view().pausedAt).to.equal(null);
    expect(await offersTo(phone)).to.equal(false);
    const { text } = await phone.post('/pair', { code: host.pairingCode() });
    const paired = new JobPage(port, LAN_ADDRESS, { 'moult-key': (JSON.parse(text) as { key: string }).key });
    expect(await offersTo(paired)).to.equal(true);
    expect((await order(paired, { kind: 'pause' })).status).to.equal(200);
    expect(agent.view().pausedAt).to.be.a('number');
  });

  it('takes no order that it cannot read', async () => {
    const { open } = await started();
    const page = new JobPage((await hosted(await open())).port);
    for (const wrong of [null, {}, { kind: 'stop' }, { kind: 'install' }, { kind: 'pause', for: 5 }]) {
      expect(refusalIn(await page.post('/agent', wrong)).kind).to.equal('bad-request');
    }
  });

  it('is told that it could not be written down, and is as it was', async () => {
    const { open } = await started();
    const agent = await open();
    const page = new JobPage((await hosted({ view: () => agent.view(), order: full } as unknown as Agent)).port);
    const answer = await order(page, { kind: 'pause' });
    expect([answer.status, refusalIn(answer).kind]).to.deep.equal([503, 'not-written']);
  });

  it('is not there where the host has none', async () => {
    const host = await testHost();
    closing.push(() => host.stop());
    expect((await new JobPage(host.port).ask('/agent')).status).to.equal(404);
  });
});

const full = (): Promise<boolean> => Promise.reject(new Error('ENOSPC'));
