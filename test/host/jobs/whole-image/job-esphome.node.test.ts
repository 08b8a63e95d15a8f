/** A job for an ESPHome device, over real sockets: by its own protocol, with the minute after its start. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELAY_LIMITS } from '../../../../src/host/gateway/relay.ts';
import { JobService } from '../../../../src/host/jobs/job-service.ts';
import { CertificatePins } from '../../../../src/host/reach/certificate-pins.ts';
import { deviceAgents, systemConnect } from '../../../../src/host/reach/device-agents.ts';
import type { Identified } from '../../../../src/model/jobs/job-requests.ts';
import type { Job } from '../../../../src/model/jobs/job.ts';
import type { Outcome, UpdateState } from '../../../../src/model/update/update-state.ts';
import type { EsphomeOptions } from '../../../../src/simulator/esphome/options.ts';
import { SimulatedEsphome } from '../../../../src/simulator/esphome/simulated-esphome.ts';
import { nodeHashes, serveEsphome } from '../../../../src/simulator/node/esphome-server.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { jobFor, JobPage } from '../job-host.ts';
import { SocketClock } from '../socket-clock.ts';
import { hostOf, useClosing } from '../../closing.ts';

const HERE = { network: 'here', owner: 'here', by: 'this machine' } as const;

/** A question by its own protocols goes to and fro several times, and asks for the time once. */
const QUIET_TURNS = 30;

function imageOf(version: string, builtAt: string): Uint8Array<ArrayBuffer> {
  const strings = [`ESPHome version ${version} compiled on %s`, builtAt, '.'.repeat(300)];
  return buildApp({ python: false, project: 'kitchen', version, strings, sizeBytes: 200_000 });
}

const BEFORE = imageOf('2026.6.4', '2026-06-20 10:00:00 +0200');
const FIRMWARE = imageOf('2026.6.5', '2026-07-01 09:30:00 +0200');

/** A loopback address that no other simulated device has its API at. Only Linux has more than one. */
let next = 0;
const ownAddress = (): string => {
  next += 1;
  return process.platform === 'linux' ? `127.88.${process.pid % 250}.${next}` : '127.0.0.1';
};

describe('a job for an ESPHome device', () => {
  const closing = useClosing();

  async function served(options: Partial<EsphomeOptions> = {}) {
    const device = new SimulatedEsphome(nodeHashes, { firmware: BEFORE, ...options });
    const there = await serveEsphome(device, { port: 0, host: ownAddress() });
    closing.push(() => there.close());
    return { device, origin: there.origin };
  }

  /** Runs one in a folder, by a clock that stands while anything moves. */
  async function run(options: Partial<EsphomeOptions>, token: string | null) {
    const clock = new SocketClock(QUIET_TURNS);
    const { device, origin } = await served({ clock, ...options });
    const folder = mkdtempSync(join(tmpdir(), 'moult-esphome-'));
    const surprises: unknown[] = [];
    const pins = new CertificatePins(null, (error) => surprises.push(error));
    const reach = { resolve: () => Promise.resolve([]), ownAddresses: () => [], limits: RELAY_LIMITS };
    const service = await clock.still(
      JobService.open({
        ...{ dataDir: folder, clock, reach: { ...reach, agents: deviceAgents(systemConnect, pins) } },
        trouble: (sentence) => surprises.push(sentence),
        surprise: (error) => surprises.push(error),
        ended: () => undefined,
      }),
    );
    if (service === null) throw new Error('no jobs');
    closing.push(async () => {
      await service.close();
      rmSync(folder, { recursive: true });
    });
    const asked = jobFor(origin, FIRMWARE, { secrets: { token, login: null } });
    const { device: there, ...rest } = asked;
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(FIRMWARE);
    };
    await clock.still(service.shelf.receive(asked.firmware.sha256, FIRMWARE.length, pieces(), 'here'));
    const states: UpdateState[] = [];
    const ended = new Promise<Job>((resolve) => {
      service.list.watch(() => {
        const job = service.list.find(asked.id, asked.key)?.record.job;
        if (job?.update) states.push(job.update);
        if (job?.standing.kind === 'ended') resolve(job);
      });
    });
    const job = await clock.settle(
      (async () => {
        const made = await clock.still(service.create({ ...rest, device: { ...there, protocol: 'esphome' } }, HERE));
        if ('refusal' in made) throw new Error(made.refusal.kind);
        return ended;
      })(),
    );
    expect(surprises).to.deep.equal([]);
    return { device, outcome: job.update as Outcome, states };
  }

  it('runs to its proven end, and tells it after its first minute', async () => {
    const { device, outcome, states } = await run({ password: 'geheim' }, 'geheim');
    expect(outcome).to.include({ outcome: 'updated', by: 'identity', dialect: 'esphome' });
    expect(device.runningImage).to.deep.equal(FIRMWARE);
    expect(states.some((state) => state.phase === 'restarting' && state.settling === true)).to.equal(true);
    const written = states.filter(({ phase }) => phase === 'writing').map(({ progress }) => progress);
    expect(
      written.every(({ counts }) => counts === undefined),
      'written, by its own word',
    ).to.equal(true);
  });

  it('is told a wrong password before a byte of the image', async () => {
    const { device, outcome } = await run({ password: 'geheim' }, 'other');
    expect(outcome).to.include({ outcome: 'failed', code: 'unauthorised', oldFirmware: 'runs' });
    expect(device.updates.map(({ written }) => written)).to.deep.equal([0]);
  });

  it('says that it went back, where it crashed in its first minute', async () => {
    const { device, outcome } = await run({ crashesAfterMs: 40_000 }, null);
    expect(outcome).to.include({ outcome: 'rolled-back', by: 'identity' });
    expect(device.runningImage).to.deep.equal(BEFORE);
  });

  it('is what its page asks for, and is told what the device is', async () => {
    const { device, origin } = await served();
    const host = await hostOf(closing);
    const page = new JobPage(host.port);
    const { device: there, secrets } = jobFor(origin, FIRMWARE, { secrets: { token: null, login: null } });
    const ask = async (protocol: 'automatic' | 'esphome' | 'wled'): Promise<Identified> => {
      const { status, text } = await page.post('/jobs/identify', { device: { ...there, protocol }, secrets });
      expect(status).to.equal(200);
      return JSON.parse(text) as Identified;
    };
    const { build } = device;
    for (const protocol of ['esphome', 'automatic'] as const) {
      expect(await ask(protocol), protocol).to.have.nested.include({
        ...{ kind: 'found', 'device.dialect': 'esphome', 'device.identity.version': '2026.6.4' },
        ...{ 'device.identity.node': 'kitchen', 'device.identity.build': build?.builtAt },
      });
    }
    expect(await ask('wled'), 'what pages ask by themselves').to.deep.equal({ kind: 'found', device: null });
    expect(
      device.updates.some(({ signedIn }) => signedIn),
      'no update is begun',
    ).to.equal(false);
  });
});
