/** What a home automation sees of a host over a broker: one suite for all brokers that it is run with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { nodeClock } from '../../../src/host/node-ports.ts';
import type { JobService } from '../../../src/host/jobs/job-service.ts';
import { HostMqtt } from '../../../src/host/mqtt/host-mqtt.ts';
import type { MqttSettings } from '../../../src/host/mqtt/mqtt-settings.ts';
import type { CreateJob } from '../../../src/model/jobs/job-requests.ts';
import { onNth } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { BRAKED, Brake } from '../../journey/brake.ts';
import {
  hasEnded,
  hashOf,
  jobFor,
  JobPage,
  outcomeOf,
  startDevice,
  TOKEN,
  type ServedSimulated,
} from '../jobs/job-host.ts';
import { testHost, type TestHost } from '../test-host.ts';
import { certificateFor } from './certificate.ts';
import type { StartBroker, TestBroker } from './test-broker.ts';
import { Watcher } from './watcher.ts';
import { useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 262_144, version: '2.1.0' });
const PASSWORD = 'broker-password-of-a-test';
const LOGIN = { user: 'moult', password: PASSWORD };

/** Backoffs are cut to 20 ms. */
const quick = {
  ...nodeClock,
  sleep: (ms: number, signal: AbortSignal) => nodeClock.sleep(Math.min(ms, 20), signal),
};

interface Started {
  readonly host: TestHost;
  readonly page: JobPage;
  readonly mqtt: HostMqtt;
  /** What was said in the terminal. */
  readonly said: readonly string[];
  stop(): Promise<void>;
}

/** Another client of the broker, not mqtt.js. */
export interface ForeignClient {
  /** All that the broker keeps, by topic. */
  readonly kept: (broker: TestBroker) => Promise<ReadonlyMap<string, string>>;
  readonly publish: (broker: TestBroker, topic: string, payload: string) => Promise<void>;
}

export function tellsHomeAssistant(startBroker: StartBroker, foreign: ForeignClient | null = null): void {
  const closing = useClosing();
  const watchers: Watcher[] = [];
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'moult-mqtt-'));
    closing.push(() => rmSync(dataDir, { recursive: true }));
  });
  afterEach(() => {
    for (const { heard } of watchers.splice(0)) {
      const all = JSON.stringify(heard);
      expect(all, 'what was published').not.to.contain(TOKEN).and.not.to.contain(PASSWORD);
    }
  });

  async function broker(options: Parameters<StartBroker>[0] = {}): Promise<TestBroker> {
    const started = await startBroker(options);
    closing.push(() => started.close());
    return started;
  }

  async function watch(url: string, more: Parameters<typeof Watcher.open>[1] = {}): Promise<Watcher> {
    const watcher = await Watcher.open(url, more);
    watchers.push(watcher);
    closing.push(() => watcher.close());
    return watcher;
  }

  async function device(options: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated> {
    const started = await startDevice(options);
    closing.push(() => started.close());
    return started;
  }

  /** A host in the test's own folder, as `moult serve --mqtt` has it. */
  async function serve(settings: Partial<MqttSettings> & Pick<MqttSettings, 'url'>): Promise<Started> {
    const services: JobService[] = [];
    const host = await testHost({ dataDir, jobs: { opened: (opened) => services.push(opened) } });
    const [service] = services;
    if (service === undefined) throw new Error('a host without jobs');
    const said: string[] = [];
    const mqtt = await HostMqtt.open(
      { user: null, password: null, ca: null, ...settings },
      {
        ...{ folder: dataDir, version: '0.0.0', agent: null, clock: quick, everyMs: 5 },
        say: (sentence) => said.push(sentence),
        surprise: (error) => {
          throw error;
        },
      },
    );
    mqtt.addJobs(service);
    mqtt.run();
    const isStopped = { yet: false };
    const stop = async (): Promise<void> => {
      if (isStopped.yet) return;
      isStopped.yet = true;
      await mqtt.stop();
      await host.stop();
    };
    closing.push(stop);
    return { host, page: new JobPage(host.port), mqtt, said, stop };
  }

  /** One that has failed, and that the page would offer to try again. */
  async function failed(
    { page }: Started,
    { origin, device: board }: ServedSimulated,
    more: Partial<CreateJob> = {},
  ): Promise<CreateJob> {
    board.fault = onNth('chunk', 3, { kind: 'restart', when: 'before' });
    const asked = jobFor(origin, FIRMWARE, more);
    await page.create(FIRMWARE, asked);
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('failed');
    return asked;
  }

  it('announces a device as an update entity, and tells the update from its beginning to its proven end', async () => {
    const { url } = await broker();
    const watcher = await watch(url);
    const brake = new Brake();
    const board = await device({ clock: brake, costs: BRAKED });
    const host = await serve({ url });
    const asked = jobFor(board.origin, FIRMWARE);
    const held = brake.hold(() => board.device.requests.length > 20);
    await host.page.create(FIRMWARE, asked);
    await held;
    await watcher.until(() => Number(watcher.json('state')['update_percentage']) > 0);

    expect(watcher.text('status')).to.equal('online');
    expect(watcher.text('available')).to.equal('online');
    const node = /^homeassistant\/update\/moult_([0-9a-f]{8})\/([0-9a-f]{16})\/config$/.exec(
      watcher.topic('config') ?? '',
    );
    const [, name = '', id = ''] = node ?? [];
    expect(watcher.json('config')).to.deep.equal({
      name: 'Firmware',
      unique_id: `moult_${name}_${id}`,
      device_class: 'firmware',
      entity_category: 'config',
      state_topic: `moult/${name}/${id}/state`,
      json_attributes_topic: `moult/${name}/${id}/attributes`,
      availability: [{ topic: `moult/${name}/status` }, { topic: `moult/${name}/${id}/available` }],
      availability_mode: 'all',
      qos: 1,
      device: { identifiers: [`moult_${name}_${id}`], name: 'Bench' },
      origin: { name: 'Moult', sw_version: '0.0.0' },
    });
    expect(watcher.json('state')).to.deep.include({
      ...{ installed_version: 'unknown', latest_version: '2.1.0', title: 'bench.bin', in_progress: true },
    });
    brake.release();
    expect(outcomeOf(await host.page.until(asked, hasEnded))).to.equal('updated');
    await watcher.until(() => watcher.json('state')['in_progress'] === false);
    expect(watcher.json('state')).to.deep.include({
      ...{ installed_version: '2.1.0', latest_version: '2.1.0', update_percentage: null },
      release_summary: 'Updated. Bench runs 2.1.0 now, from slot ota_1.',
    });
    expect(watcher.json('attributes')).to.deep.include({
      installed_sha256: asked.firmware.sha256,
      protocol: 'shipped',
    });
    const shares = watcher.heard
      .filter(({ topic }) => topic.endsWith('/state'))
      .map(({ payload }) => (JSON.parse(payload) as { update_percentage: number | null }).update_percentage)
      .filter((share) => share !== null);
    // In steps, each once, never back, and all of it only with the outcome.
    expect(shares).to.deep.equal([...new Set(shares)].toSorted((one, other) => one - other));
    expect(shares.every((share) => share < 100 && (share % 5 === 0 || share === 99))).to.equal(true);
    expect(host.said[0]).to.contain('The host keeps no device yet');
  });

  it('installs what failed when it is asked to, by the host’s own job, and nothing else', async () => {
    const { url } = await broker();
    const watcher = await watch(url);
    const board = await device();
    const host = await serve({ url });
    const asked = await failed(host, board);
    // They come one after the other.
    const isOffered = (): boolean => watcher.json('config')['command_topic'] !== undefined;
    await watcher.until(() => isOffered() && watcher.json('state')['in_progress'] === false);
    expect(watcher.json('state')).to.deep.include({ latest_version: '2.1.0' });
    const { command_topic: topic } = watcher.json('config');

    // Neither another offer's name nor what the broker has kept begins anything.
    const before = board.device.requests.length;
    await watcher.publish(String(topic), 'install 0');
    await watcher.publish(String(topic), 'INSTALL');
    await watcher.publish('moult/00000000/0000000000000000/install', 'install');
    await waitFor(host.said, 'not what the host offers');
    expect((await host.page.job(asked)).standing.kind).to.equal('ended');
    expect(board.device.requests.slice(before).filter(({ method }) => method !== 'GET')).to.deep.equal([]);

    await watcher.install();
    await watcher.until(() => watcher.json('state')['installed_version'] === '2.1.0');
    expect(outcomeOf(await host.page.job(asked))).to.equal('updated');
    expect(hashOf(board.device.runningImage)).to.equal(asked.firmware.sha256);
    expect(watcher.json('config')).not.to.have.any.keys('command_topic', 'payload_install');
    // They were heard in this order; a request that is wrong twice is said once.
    expect(host.said.slice(1)).to.deep.equal([
      'Bench: What was asked for over MQTT was not started. It is not what the host offers this device now.',
      'Bench: Installing 2.1.0, as asked for over MQTT.',
    ]);
  });

  if (foreign !== null) {
    it('is understood by a client of another kind, which installs', async () => {
      const started = await broker();
      const watcher = await watch(started.url);
      const host = await serve({ url: started.url });
      const asked = await failed(host, await device());
      await watcher.until(() => watcher.json('config')['command_topic'] !== undefined);
      await watcher.until(() => watcher.text('available') === 'online');
      const kept = await foreign.kept(started);
      expect([...kept].toSorted()).to.deep.equal([...watcher.last].toSorted());
      expect(kept.size).to.equal(5);
      const { command_topic: topic, payload_install: payload } = watcher.json('config');
      await foreign.publish(started, String(topic), String(payload));
      await watcher.until(() => watcher.json('state')['installed_version'] === '2.1.0');
      expect(outcomeOf(await host.page.job(asked))).to.equal('updated');
    });
  }

  it('begins nothing for a request that the broker has kept', async () => {
    const { url } = await broker();
    const watcher = await watch(url);
    const board = await device();
    const first = await serve({ url });
    const asked = await failed(first, board, { keepSecrets: true });
    await watcher.until(() => watcher.json('config')['command_topic'] !== undefined);
    const { command_topic: topic, payload_install: payload } = watcher.json('config');
    await first.mqtt.stop();
    await watcher.publish(String(topic), String(payload), true);
    await first.stop();
    const again = await serve({ url });
    await waitFor(again.said, 'repeats an old request');
    expect((await again.page.job(asked)).standing.kind).to.equal('ended');
    expect(watcher.json('config')['payload_install']).to.equal(payload);
  });

  for (const [keeps, name] of [
    [true, 'goes on with what a restart of the host left, where the token is kept'],
    [false, 'has no button, and starts nothing, where the host has no token'],
  ] as const) {
    it(name, async () => {
      const { url } = await broker();
      const watcher = await watch(url);
      const brake = new Brake();
      const board = await device({ clock: brake, costs: BRAKED });
      const first = await serve({ url });
      const asked = jobFor(board.origin, FIRMWARE, { keepSecrets: keeps });
      const held = brake.hold(() => board.device.requests.length > 20);
      await first.page.create(FIRMWARE, asked);
      await held;
      const stopped = first.stop();
      await watcher.until(() => watcher.text('status') === 'offline');
      brake.release();
      await stopped;
      const second = await serve({ url });
      await watcher.until(() => watcher.text('status') === 'online' && watcher.json('state')['in_progress'] === false);
      await watcher.until(() => watcher.text('available') === 'online');
      expect(watcher.json('state')['latest_version']).to.equal('2.1.0');
      if (keeps) {
        await watcher.install();
        await watcher.until(() => watcher.json('state')['installed_version'] === '2.1.0');
        expect(outcomeOf(await second.page.job(asked))).to.equal('updated');
        return;
      }
      expect(watcher.json('config')).not.to.have.any.keys('command_topic', 'payload_install');
      expect(watcher.json('state')['release_summary']).to.contain('no token');
      const topic = (watcher.topic('state') ?? '').replace(/state$/, 'install');
      await watcher.publish(topic, `install ${asked.id}`);
      await waitFor(second.said, 'has no token for this device');
      expect((await second.page.job(asked)).standing.kind).to.equal('waiting-for-token');
    });
  }

  it('removes a device that the host no longer has, also where it went while the broker was not told', async () => {
    const { url } = await broker();
    const watcher = await watch(url);
    const [one, other] = [await device(), await device()];
    const host = await serve({ url });
    const gone = await failed(host, one);
    const goneLater = await failed(host, other);
    const configs = (): number => [...watcher.last.keys()].filter((topic) => topic.endsWith('/config')).length;
    await watcher.until(() => configs() === 2);
    await host.page.order(gone, { kind: 'forget' });
    await watcher.until(() => configs() === 1);
    await host.mqtt.stop();
    await host.page.order(goneLater, { kind: 'forget' });
    await host.stop();
    await serve({ url });
    await watcher.until(() => configs() === 0);
    await watcher.until(() => watcher.last.size === 1);
    expect([...watcher.last.keys()][0]).to.match(/^moult\/[0-9a-f]{8}\/status$/);
  });

  // Only for a broker in a process of its own: aedes hands on what it has kept beside what is published meanwhile, so
  // that a client that comes in between may be left with the older of the two.
  if (foreign !== null)
    it('tells everything anew once a broker that was lost is back', async () => {
      const started = await broker();
      const { url } = started;
      const board = await device();
      const host = await serve({ url });
      const asked = await failed(host, board);
      const before = await watch(url);
      await before.until(() => before.json('config')['command_topic'] !== undefined);
      await started.stop();
      await host.page.until(asked, hasEnded);
      await started.start();
      const watcher = await watch(url);
      await watcher.until(() => watcher.text('status') === 'online' && watcher.text('available') === 'online');
      expect(watcher.json('config')['payload_install']).to.equal(`install ${asked.id}`);
      expect(host.said.filter((line) => line.startsWith('Connected'))).to.have.length(2);
      expect(host.said.some((line) => /has ended the connection|does not answer/.test(line))).to.equal(true);
    });

  it('is said to be gone by the broker where its connection breaks off', async () => {
    const { url, port } = await broker();
    const watcher = await watch(url);
    const sockets: Socket[] = [];
    const relay = createServer((socket) => {
      const on = connect(port, '127.0.0.1');
      sockets.push(socket, on);
      socket.on('error', () => on.destroy()).pipe(on);
      on.on('error', () => socket.destroy()).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    closing.push(() => relay.close());
    await serve({ url: `mqtt://127.0.0.1:${(relay.address() as AddressInfo).port}` });
    await watcher.until(() => watcher.text('status') === 'online');
    relay.close();
    for (const socket of sockets) socket.destroy();
    await watcher.until(() => watcher.text('status') === 'offline');
  });

  it('says that its password is refused, goes on trying, and announces nothing meanwhile', async () => {
    const { url } = await broker({ login: LOGIN });
    const watcher = await watch(url, { username: LOGIN.user, password: PASSWORD });
    const wrong = await serve({ url, user: LOGIN.user, password: 'another' });
    await waitFor(wrong.said, 'does not accept the user or the password');
    expect(wrong.said.join('')).not.to.contain('another');
    expect(watcher.last.size).to.equal(0);
    await wrong.stop();
    await serve({ url, ...LOGIN });
    await watcher.until(() => watcher.text('status') === 'online');
  });

  it('speaks TLS, with a broker that an authority vouches for and with no other one', async () => {
    const tls = await certificateFor('127.0.0.1');
    const { url } = await broker({ tls });
    const watcher = await watch(url, { ca: tls.cert });
    const without = await serve({ url });
    await waitFor(without.said, 'a certificate that nobody vouches for');
    expect(watcher.last.size).to.equal(0);
    await without.stop();
    await serve({ url, ca: tls.cert });
    await watcher.until(() => watcher.text('status') === 'online');
  });
}

/** Waits for words in the terminal, which no event tells of. */
async function waitFor(said: readonly string[], words: string): Promise<void> {
  while (!said.some((line) => line.includes(words))) await new Promise((resolve) => setImmediate(resolve));
}
