/**
 * An agent with devices that take an image in one piece, over real sockets: a WLED lamp and an ESPHome device. Success is
 * said only where the device tells the very version or build that the file holds.
 */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../../../src/host/agent/agent.ts';
import { AGENT_POLICY, type AcceptedCountsAs } from '../../../src/model/agent/agent-settings.ts';
import type { Dialect } from '../../../src/model/device/dialect.ts';
import type { EsphomeOptions } from '../../../src/simulator/esphome/options.ts';
import { SimulatedEsphome } from '../../../src/simulator/esphome/simulated-esphome.ts';
import { isActive, type Action } from '../../../src/simulator/hawkbit/actions.ts';
import { SimulatedHawkbit } from '../../../src/simulator/hawkbit/simulated-hawkbit.ts';
import { nodeHashes, serveEsphome } from '../../../src/simulator/node/esphome-server.ts';
import { serveHawkbit } from '../../../src/simulator/node/hawkbit-server.ts';
import { serveLamp } from '../../../src/simulator/node/wled-server.ts';
import { onNthOf } from '../../../src/simulator/whole/faults.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import type { WledOptions } from '../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';
import { sameBytes } from '../../update/scripted/same-bytes.ts';
import { SocketClock } from '../jobs/socket-clock.ts';
import { useClosing } from '../closing.ts';

/** A question by ESPHome's own protocols goes to and fro several times, and asks for the time once. */
const QUIET_TURNS = 30;
const ID = 'moult-lamp';

const APP = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 200_000 });
const lampImage = (version: string): Uint8Array<ArrayBuffer> => resealed(withBuild(APP, { version, release: 'ESP32' }));

function esphomeImage(version: string, builtAt: string): Uint8Array<ArrayBuffer> {
  const strings = [`ESPHome version ${version} compiled on %s`, builtAt, '.'.repeat(300)];
  return buildApp({ python: false, project: 'kitchen', version, strings, sizeBytes: 200_000 });
}
const BEFORE = esphomeImage('2026.6.4', '2026-06-20 10:00:00 +0200');
const AFTER = esphomeImage('2026.6.5', '2026-07-01 09:30:00 +0200');

/** A loopback address that no other simulated device has its API at. Only Linux has more than one. */
let next = 0;
const ownAddress = (): string => {
  next += 1;
  return process.platform === 'linux' ? `127.89.${process.pid % 250}.${next}` : '127.0.0.1';
};

interface There {
  readonly origin: string;
  readonly protocol: Dialect;
  readonly token: string;
}

describe('an agent with devices that take an image in one piece', () => {
  const closing = useClosing();
  let clock: SocketClock;
  beforeEach(() => (clock = new SocketClock(QUIET_TURNS)));

  async function lampWith(options: Partial<WledOptions>): Promise<There & { readonly lamp: SimulatedWled }> {
    const lamp = new SimulatedWled({ clock, ...options });
    const { origin, close } = await serveLamp(lamp, { port: 0 });
    closing.push(() => close());
    return { lamp, origin, protocol: 'wled', token: options.pin ?? '' };
  }

  async function esphomeWith(options: Partial<EsphomeOptions>): Promise<There & { readonly device: SimulatedEsphome }> {
    const device = new SimulatedEsphome(nodeHashes, { firmware: BEFORE, clock, ...options });
    const { origin, close } = await serveEsphome(device, { port: 0, host: ownAddress() });
    closing.push(() => close());
    return { device, origin, protocol: 'esphome', token: options.password ?? '' };
  }

  /** Assigns the image, and lets the agent work until the action has ended. */
  async function carried(
    { origin, protocol, token }: There,
    image: Uint8Array<ArrayBuffer>,
    acceptedCountsAs: AcceptedCountsAs = 'failure',
  ): Promise<Action> {
    const server = new SimulatedHawkbit({ clock, pollSeconds: 60 });
    const served = await serveHawkbit(server);
    closing.push(() => served.close());
    const dataDir = mkdtempSync(join(tmpdir(), 'moult-agent-'));
    closing.push(async () => rmSync(dataDir, { recursive: true }));
    const artifacts = [{ filename: 'lamp.bin', bytes: image }];
    const modules = [{ name: 'lamp', version: '1', part: 'os', artifacts }];
    const action = server.assign(ID, { name: 'lamp', version: '1', modules });
    const surprises: unknown[] = [];
    const target = { origin, prefix: '/ota', protocol, dialect: null, token, tokenHeader: 'X-OTA-Token' };
    const agent = await clock.still(
      Agent.open(
        {
          ...{ server: served.origin, tenant: 'DEFAULT', gatewayToken: 'gateway-secret', atOnce: 1 },
          devices: [{ id: ID, name: 'Lamp', controllerId: ID, targetToken: null, chipId: null, target }],
          policy: { ...AGENT_POLICY, acceptedCountsAs },
        },
        {
          ...{ dataDir, agentVersion: '0.0.0', clock, say: () => undefined },
          surprise: (error) => surprises.push(error),
        },
      ),
    );
    if (agent === null) throw new Error('no agent');
    void agent.run();
    const over = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (isActive(action)) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    await clock.settle(over);
    await clock.settle(agent.stop());
    expect(surprises).to.deep.equal([]);
    expect(action.ends).to.equal(1);
    return action;
  }
  const last = (action: Action) => action.entries.at(-1);

  describe('of WLED', () => {
    it('says success where the lamp tells the version of the file, with the PIN that it asks for', async () => {
      const there = await lampWith({ pin: '1234' });
      const image = lampImage('16.0.1');
      const action = await carried(there, image);
      expect(action.status).to.equal('finished');
      expect(last(action)?.messages[0]).to.equal('Updated.');
      expect(sameBytes(there.lamp.runningImage, image)).to.equal(true);
      expect(JSON.stringify(action.entries)).not.to.include('1234');
    });

    it('says that it went back where the image does not start', async () => {
      const there = await lampWith({ boots: (image) => image.length < 100_000 });
      const action = await carried(there, lampImage('16.0.1'));
      expect(last(action)).to.include({ status: 'ERROR', code: 10 });
    });

    it('says no success by itself where the lamp told that very version before', async () => {
      const action = await carried(await lampWith({}), lampImage('16.0.0'), 'failure');
      expect(last(action)).to.include({ status: 'ERROR', code: 14 });
    });

    it('says that it was accepted, and no more, where that counts as success by choice', async () => {
      const action = await carried(await lampWith({}), lampImage('16.0.0'), 'success');
      expect(action.status).to.equal('finished');
      expect(last(action)?.messages[0]).to.equal('Accepted by the device.');
    });

    it('says what went wrong where updates are locked, and sends no byte of the image', async () => {
      const there = await lampWith({ otaLock: true });
      const action = await carried(there, lampImage('16.0.1'));
      expect(last(action)).to.include({ status: 'ERROR', code: 130 });
      expect(there.lamp.requests.some(({ method, path }) => method === 'POST' && path === '/update')).to.equal(false);
    });

    it('sends the image again where the connection was lost in the middle', async () => {
      const there = await lampWith({});
      there.lamp.fault = onNthOf('update', 1, { kind: 'drop', when: { bytes: 60_000 } });
      const image = lampImage('16.0.1');
      const action = await carried(there, image);
      expect(action.status === 'finished').to.equal(sameBytes(there.lamp.runningImage, image));
      expect(action.status).to.equal('finished');
    });
  });

  describe('of ESPHome', () => {
    it('says success after its first minute, where it tells the build of the file', async () => {
      const there = await esphomeWith({ password: 'geheim' });
      const action = await carried(there, AFTER);
      expect(action.status).to.equal('finished');
      expect(sameBytes(there.device.runningImage, AFTER)).to.equal(true);
      expect(JSON.stringify(action.entries)).not.to.include('geheim');
    });

    it('says that it went back where the new firmware crashed in its first minute', async () => {
      const there = await esphomeWith({ crashesAfterMs: 40_000 });
      const action = await carried(there, AFTER);
      expect(last(action)).to.include({ status: 'ERROR', code: 10 });
      expect(sameBytes(there.device.runningImage, BEFORE)).to.equal(true);
    });

    it('says no success where its API is closed, so that nothing shows what it runs', async () => {
      const there = await esphomeWith({ api: 'none', announces: false });
      const action = await carried(there, AFTER, 'failure');
      expect(action.status).to.equal('error');
    });

    it('says that the password is wrong, and sends no byte of the image', async () => {
      const there = await esphomeWith({ password: 'geheim' });
      const action = await carried({ ...there, token: 'other' }, AFTER);
      expect(last(action)).to.include({ status: 'ERROR', code: 116 });
      expect(there.device.updates.map(({ written }) => written)).to.deep.equal([0]);
    });
  });
});
