/** The rollout server's agent of a host, as a person sees it in the page: connected since when, what is assigned and reported, and what waits for a word. */
import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Agent } from '../../../src/host/agent/agent.ts';
import { AGENT_POLICY } from '../../../src/model/agent/agent-settings.ts';
import { isActive } from '../../../src/simulator/hawkbit/actions.ts';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import { serveHawkbit, type ServedHawkbit } from '../../../src/simulator/node/hawkbit-server.ts';
import { serveDevice } from '../../../src/simulator/node/node-server.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import type { AppPage } from '../app-page.ts';
import { Journey, JOURNEY_MS } from '../journey.ts';

const IMAGE = buildApp({ sizeBytes: 64 * 1024, project: 'kitchen-sensor', version: '1.4.2' });
const SET = {
  ...{ name: 'kitchen-sensor', version: '1.4.2' },
  modules: [
    {
      ...{ name: 'kitchen-sensor', version: '1.4.2', part: 'os' },
      artifacts: [{ filename: 'kitchen-1.4.2.bin', bytes: IMAGE }],
    },
  ],
};
const TOKEN = 'ab'.repeat(32);
const OFFERED = 'Rollout server: 1.4.2 can be installed on Kitchen sensor.';

describe('The agent of a host, in the page', function () {
  this.timeout(JOURNEY_MS);
  const hawkbit = new SimulatedHawkbit({ pollSeconds: 1 });
  const device = new SimulatedDevice({ token: TOKEN, awayMs: 200 });
  const closing: (() => Promise<unknown>)[] = [];
  let server: ServedHawkbit;
  let journey: Journey;
  let app: AppPage;
  let page: Page;

  before(async () => {
    server = await serveHawkbit(hawkbit);
    const served = await serveDevice(device, { port: 0 });
    closing.push(() => served.close());
    const dataDir = await mkdtemp(join(tmpdir(), 'moult-journey-'));
    closing.push(() => rm(dataDir, { recursive: true }));
    const target = {
      origin: served.origin,
      prefix: '/ota',
      protocol: 'automatic',
      dialect: null,
      token: TOKEN,
    } as const;
    const kitchen = {
      ...{ id: 'kitchen', name: 'Kitchen sensor', controllerId: 'moult-kitchen', targetToken: null, chipId: 0 },
      target: { ...target, tokenHeader: 'X-OTA-Token' },
    };
    const agent = await Agent.open(
      {
        ...{ server: server.origin, tenant: 'DEFAULT', gatewayToken: 'gateway-secret', atOnce: 1, devices: [kitchen] },
        policy: { ...AGENT_POLICY, soft: 'wait' },
      },
      {
        ...{ dataDir, agentVersion: '0.0.0', say: () => undefined },
        surprise: (error) => {
          throw error;
        },
      },
    );
    if (agent === null) throw new Error('no agent');
    closing.push(() => agent.stop());
    void agent.run();
    journey = await Journey.begin({ host: { agent } });
    closing.push(() => journey.end());
    app = await journey.open();
    ({ page } = app);
  });
  after(async () => {
    await journey.endTest();
    for (const close of closing.reverse()) await close();
  });

  const panel = () => page.locator('agent-panel');
  const says = (words: string | RegExp): Promise<void> => panel().getByText(words).waitFor();

  it('is connected since when, and its devices have nothing assigned; the page speaks of it under “More” alone', async () => {
    await page.getByRole('link', { name: 'More' }).first().click();
    await says(
      new RegExp(`^The agent of this host is connected to ${server.origin}, tenant DEFAULT, since .+ today\\.$`),
    );
    await says('Nothing assigned');
    await page.getByRole('link', { name: 'Devices' }).first().click();
    expect(await page.getByText(OFFERED).count()).to.equal(0);
  });

  it('is paused, and begins nothing until it is resumed', async () => {
    await page.getByRole('link', { name: 'More' }).first().click();
    await app.button('Pause the agent').click();
    await says(/^Paused since .+ today\./);
    const forced = hawkbit.assign('moult-kitchen', SET);
    await says('Reported');
    await says(/Waiting: a person on site has paused the agent\./);
    expect(device.requests.filter(({ method }) => method !== 'GET')).to.deep.equal([]);
    await app.button('Resume').click();
    await says(/Reported .+ today: Updated/);
    await says('Nothing assigned');
    expect(isActive(forced)).to.equal(false);
    expect(device.runningImage).to.deep.equal(IMAGE);
  });

  it('has what waits for a person said on the first place, in one line that moves nothing, and installs it on a word', async () => {
    const next = buildApp({ sizeBytes: 64 * 1024, project: 'kitchen-sensor', version: '1.4.3' });
    const [module] = SET.modules;
    if (module === undefined) throw new Error('no module');
    const set = { ...SET, modules: [{ ...module, artifacts: [{ filename: 'kitchen-1.4.3.bin', bytes: next }] }] };
    const soft = hawkbit.assign('moult-kitchen', set, { type: 'soft' });
    await says('Can be installed: kitchen-1.4.3.bin');
    // Another phone, that opens the page for something else.
    const other = await journey.open();
    await other.page.setViewportSize({ width: 390, height: 780 });
    const heading = other.page.getByRole('heading', { name: 'No device yet' });
    const before = await heading.boundingBox();
    const line = other.page.getByRole('status').filter({ hasText: OFFERED.replace('1.4.2', '1.4.3') });
    await line.waitFor();
    expect(await heading.boundingBox()).to.deep.equal(before);
    await line.getByRole('link', { name: 'Show' }).click();
    await other.page.getByRole('heading', { name: 'Rollout server' }).waitFor();
    expect(await line.count(), 'where it stands itself').to.equal(0);
    expect(device.runningImage).to.deep.equal(IMAGE);
    await other.button('Install kitchen-1.4.3.bin on Kitchen sensor').click();
    await other.page
      .locator('agent-panel')
      .getByText(/Reported .+ today: Updated/)
      .waitFor();
    expect(isActive(soft)).to.equal(false);
    expect(device.runningImage).to.deep.equal(next);
    await other.page.getByRole('link', { name: 'Devices' }).first().click();
    expect(await line.count(), 'once nothing waits').to.equal(0);
    other.expectAllWell();
  });

  it('is said not to be connected once its server is gone, and since when', async () => {
    await server.close();
    await says(/^The agent of this host is not connected, since .+ today\./);
    app.expectAllWell();
  });
});
