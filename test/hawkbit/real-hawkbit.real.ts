/**
 * `npm run test:hawkbit`: the whole way against the real hawkBit. In each case what the server's own data say is what the
 * devices run.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildApp } from '../firmware/image-builder.ts';
import { startDevice, TOKEN, type ServedSimulated } from '../host/jobs/job-host.ts';
import { sameBytes } from '../update/scripted/same-bytes.ts';
import { GATEWAY_TOKEN, RealHawkbit, type RealAction } from './real-hawkbit.ts';

const SLOT_BYTES = 1024 * 1024;
const IMAGE_BYTES = 256 * 1024;
/** The rollouts' own clock ticks every few seconds. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 250;

async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | null | false> | T | null | false,
): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (found !== null && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

let images = 0;
function newImage(): Uint8Array<ArrayBuffer> {
  images += 1;
  return buildApp({ sizeBytes: IMAGE_BYTES, version: `2.0.${images}` });
}

describe('the real hawkBit, and moult agent', () => {
  let hawkbit: RealHawkbit;
  let started: RealHawkbit | null = null;
  before(async () => {
    hawkbit = started = await RealHawkbit.start();
  });
  after(() => started?.stop());

  let folder: string;
  let devices: ServedSimulated[];
  let agent: ChildProcess | null;
  let tests = 0;
  const idOf = (at: number): string => `moult-${tests}-${at}`;
  beforeEach(() => {
    tests += 1;
    folder = mkdtempSync(join(tmpdir(), 'moult-real-'));
    devices = [];
    agent = null;
  });
  afterEach(async () => {
    await end('SIGTERM');
    await Promise.all(devices.map((device) => device.close()));
    rmSync(folder, { recursive: true });
  });

  async function fleet(
    count: number,
    options: (at: number) => Parameters<typeof startDevice>[0] = () => ({}),
  ): Promise<void> {
    for (let at = 0; at < count; at++)
      devices.push(await startDevice({ slotBytes: SLOT_BYTES, requestBytes: 16_384, ...options(at) }));
    const list = devices.map(({ origin }, at) => ({
      address: origin,
      name: `Device ${at}`,
      controllerId: idOf(at),
      token: TOKEN,
      chip: 'ESP32',
    }));
    writeFileSync(join(folder, 'devices.json'), JSON.stringify(list), { mode: 0o600 });
    await Promise.all(
      devices.map(async (_, at) => hawkbit.ask('POST', '/targets', [{ controllerId: idOf(at), name: `Device ${at}` }])),
    );
  }

  function start(token = GATEWAY_TOKEN): void {
    writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
    const args = [
      'agent',
      '--server',
      hawkbit.origin,
      '--devices',
      join(folder, 'devices.json'),
      '--token-file',
      join(folder, 'token'),
      '--data',
      join(folder, 'data'),
    ];
    agent = spawn(process.execPath, ['--import=tsx', 'src/host/moult.ts', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    agent.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  let said = '';

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = agent;
    agent = null;
    if (running?.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await gone;
  }

  const runs = (at: number, image: Uint8Array): boolean =>
    sameBytes(devices[at]?.device.runningImage ?? new Uint8Array(), image);
  const ended = (at: number): Promise<RealAction> =>
    until(
      () => `the end of the action of ${idOf(at)}; the agent said: ${said.slice(-800)}`,
      async () => {
        const [action] = await hawkbit.actionsOf(idOf(at));
        return action?.active === false ? action : null;
      },
    );

  it('update what is assigned, and the server says what runs', async () => {
    await fleet(1);
    start();
    const image = newImage();
    await hawkbit.assign(await hawkbit.setWith(image), idOf(0));
    const action = await ended(0);
    expect(action.status).to.equal('finished');
    expect(runs(0, image)).to.equal(true);
    const attributes = await until('attributes', async () => {
      const told = (await hawkbit.ask('GET', `/targets/${idOf(0)}/attributes`)) as Record<string, string> | null;
      return told?.['firmware.slot'] === 'ota_1' ? told : null;
    });
    expect(attributes).to.include({ 'device.name': 'Device 0', 'device.chip': 'ESP32' });
  });

  it('say of an image that does not start that it failed', async () => {
    await fleet(1, () => ({ boots: (image) => image.length < IMAGE_BYTES / 2 }));
    start();
    const image = newImage();
    await hawkbit.assign(await hawkbit.setWith(image), idOf(0));
    const action = await ended(0);
    expect(action.status).to.equal('error');
    expect(runs(0, image)).to.equal(false);
    const [last] = await hawkbit.entriesOf(idOf(0), action.id);
    expect(last?.code).to.equal(10);
  });

  it('cancel before it begins, and in the middle', async () => {
    await fleet(2, (at) => (at === 1 ? { costs: { eraseMsPerBlock: 20, programMsPerBlock: 20, roundTripMs: 0 } } : {}));
    const image = newImage();
    const set = await hawkbit.setWith(image);
    await hawkbit.assign(set, idOf(0));
    const [first] = await hawkbit.actionsOf(idOf(0));
    await hawkbit.ask('DELETE', `/targets/${idOf(0)}/actions/${first?.id}`);
    start();
    expect((await ended(0)).status).to.equal('canceled');
    expect(runs(0, image)).to.equal(false);
    await hawkbit.assign(set, idOf(1));
    await until('the first chunks', () => (devices[1]?.device.session?.written ?? 0) > 0);
    const [second] = await hawkbit.actionsOf(idOf(1));
    await hawkbit.ask('DELETE', `/targets/${idOf(1)}/actions/${second?.id}`);
    const action = await ended(1);
    expect(action.status === 'finished').to.equal(runs(1, image));
    if (action.status === 'canceled') expect(devices[1]?.device.session).to.equal(null);
  });

  for (const [phase, isIn] of [
    ['before it begins', () => true],
    ['in the middle', ({ device }: ServedSimulated) => (device.session?.written ?? 0) > IMAGE_BYTES / 4],
    [
      'after the last byte',
      ({ device }: ServedSimulated) => (device.session?.written ?? 0) >= IMAGE_BYTES || device.away,
    ],
  ] as const) {
    it(`end an update once whose agent was killed ${phase}`, async () => {
      await fleet(1, () => ({ awayMs: 1_500, costs: { eraseMsPerBlock: 10, programMsPerBlock: 10, roundTripMs: 0 } }));
      const image = newImage();
      await hawkbit.assign(await hawkbit.setWith(image), idOf(0));
      start();
      await until('the phase', () => devices[0] !== undefined && isIn(devices[0]));
      await end('SIGKILL');
      start();
      const action = await ended(0);
      expect(action.status).to.equal('finished');
      expect(runs(0, image)).to.equal(true);
      const ends = (await hawkbit.entriesOf(idOf(0), action.id)).filter(({ type }) => /finished|error/i.test(type));
      expect(ends).to.have.length(1);
    });
  }

  it('go on through a restart of the server', async () => {
    await fleet(1, () => ({ costs: { eraseMsPerBlock: 20, programMsPerBlock: 20, roundTripMs: 0 } }));
    const image = newImage();
    await hawkbit.assign(await hawkbit.setWith(image), idOf(0));
    start();
    await until('the first chunks', () => (devices[0]?.device.session?.written ?? 0) > 0);
    await hawkbit.restart();
    const action = await ended(0);
    expect(action.status).to.equal('finished');
    expect(runs(0, image)).to.equal(true);
  });

  it('leave devices alone where the token is wrong', async () => {
    await fleet(1);
    await hawkbit.assign(await hawkbit.setWith(newImage()), idOf(0));
    said = '';
    start('another-token');
    await until('a word about the token', () => said.includes('does not accept the token'));
    expect(devices[0]?.device.requests.every(({ method }) => method === 'GET')).to.equal(true);
    const [action] = await hawkbit.actionsOf(idOf(0));
    expect(action?.active).to.equal(true);
  });

  it('update 50 of 200 targets', async () => {
    const [all, some] = [200, 50];
    await fleet(all);
    start();
    await until('each to have polled', async () => {
      const { content } = (await hawkbit.ask('GET', `/targets?limit=500&q=controllerId==moult-${tests}-*`)) as {
        content: { lastControllerRequestAt?: number }[];
      };
      return content.filter(({ lastControllerRequestAt = 0 }) => lastControllerRequestAt > 0).length === all;
    });
    const image = newImage();
    const set = await hawkbit.setWith(image);
    const chosen = [...devices.keys()].slice(0, some);
    for (const at of chosen) await hawkbit.assign(set, idOf(at));
    for (const at of chosen) expect((await ended(at)).status, idOf(at)).to.equal('finished');
    devices.forEach((_, at) => expect(runs(at, image), idOf(at)).to.equal(at < some));
  });

  it('pause a rollout at its threshold, and end it once it is retried', async () => {
    let isBroken = true;
    await fleet(4, () => ({ boots: (image) => !isBroken || image.length < IMAGE_BYTES / 2 }));
    start();
    const image = newImage();
    const set = await hawkbit.setWith(image);
    const rollout = (await hawkbit.ask('POST', '/rollouts', {
      ...{ name: `rollout ${tests}`, distributionSetId: set, targetFilterQuery: `controllerId==moult-${tests}-*` },
      ...{ amountGroups: 2, type: 'forced' },
      successCondition: { condition: 'THRESHOLD', expression: '50' },
      successAction: { action: 'NEXTGROUP', expression: '' },
      errorCondition: { condition: 'THRESHOLD', expression: '30' },
      errorAction: { action: 'PAUSE', expression: '' },
    })) as { id: number };
    const statusOf = async (id: number): Promise<string> =>
      ((await hawkbit.ask('GET', `/rollouts/${id}`)) as { status: string }).status;
    await until('"ready"', async () => (await statusOf(rollout.id)) === 'ready');
    await hawkbit.ask('POST', `/rollouts/${rollout.id}/start`);
    await until('the pause', async () => (await statusOf(rollout.id)) === 'paused');
    // The second group was not begun.
    const before = await Promise.all(devices.map(async (_, at) => (await hawkbit.actionsOf(idOf(at)))[0]?.status));
    expect(before.filter((status) => status === 'error').length).to.be.within(1, 2);
    devices.forEach((_, at) => expect(runs(at, image)).to.equal(false));
    isBroken = false;
    await hawkbit.ask('POST', `/rollouts/${rollout.id}/resume`);
    await until('the second group', async () => {
      const all = await Promise.all(devices.map(async (_, at) => (await hawkbit.actionsOf(idOf(at)))[0]?.active));
      return all.every((isActive) => isActive === false);
    });
    await until('the end of the rollout', async () => (await statusOf(rollout.id)) === 'finished');
    const again = (await hawkbit.ask('POST', `/rollouts/${rollout.id}/retry`)) as { id: number };
    await until('"ready"', async () => (await statusOf(again.id)) === 'ready');
    await hawkbit.ask('POST', `/rollouts/${again.id}/start`);
    await until('the end of the retried one', async () => (await statusOf(again.id)) === 'finished');
    for (const at of devices.keys()) {
      const [action] = await hawkbit.actionsOf(idOf(at));
      expect(action?.status, idOf(at)).to.equal('finished');
      expect(runs(at, image), idOf(at)).to.equal(true);
    }
  });
});
