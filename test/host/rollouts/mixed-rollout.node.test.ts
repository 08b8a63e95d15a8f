/** Rollouts of the host to lamps, which take a file whole, and to devices of both kinds. */
import { expect } from 'chai';
import { noCosts } from '../../../src/simulator/clock.ts';
import { serveLamp } from '../../../src/simulator/node/wled-server.ts';
import { onNthOf } from '../../../src/simulator/whole/faults.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { wledImage, type WledOptions } from '../../../src/simulator/wled/options.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';
import { hashOf, outcomeOf, refusalIn, startDevice, type ServedSimulated } from '../jobs/job-host.ts';
import { findingOf, isOver, linesOf, memberOf, rolloutFor, useRolloutHost } from './rollout-host.ts';

const APP = buildApp({ python: false, strings: ['.'.repeat(300)], sizeBytes: 131_072 });
const WLED = resealed(withBuild(APP, { version: '16.0.1', release: 'ESP32' }));
const MICROPYTHON = buildApp({ sizeBytes: 65_536, version: '2.1.0' });

interface ServedLamp {
  readonly lamp: SimulatedWled;
  readonly origin: string;
}

describe('a rollout on the host with lamps', () => {
  const opened = useRolloutHost();

  async function lampOf(options: Partial<WledOptions> = {}): Promise<ServedLamp> {
    const lamp = new SimulatedWled({ awayMs: 50, costs: noCosts, ...options });
    const served = await serveLamp(lamp, { port: 0 });
    opened.closing.push(() => served.close());
    return { lamp, origin: served.origin };
  }

  async function board(): Promise<ServedSimulated> {
    const started = await startDevice();
    opened.closing.push(() => started.close());
    return started;
  }

  const runs = ({ lamp }: ServedLamp, bytes: Uint8Array): boolean => hashOf(lamp.runningImage) === hashOf(bytes);

  it('updates every lamp to its proven end, the first wave before the rest', async () => {
    const lamps = [await lampOf(), await lampOf({ pin: '1234' }), await lampOf()];
    const options = { firstWave: 1, width: 2, stopAt: { failures: null, share: null } };
    const asked = rolloutFor(lamps, WLED, { options });
    const secrets = { token: '1234', login: null };
    await opened.page.begin(WLED, { ...asked, devices: asked.devices.map((member) => ({ ...member, secrets })) });
    const end = await opened.page.untilRollout(asked, isOver);
    expect(linesOf(end)).to.deep.equal(['updated', 'updated', 'updated']);
    expect(end.firmware).to.include({ version: '16.0.1', project: 'WLED' });
    expect(lamps.map((lamp) => runs(lamp, WLED))).to.deep.equal([true, true, true]);
    // One upload each, and each a job whose end its own identity proves.
    expect(lamps.map(({ lamp }) => lamp.uploads.length)).to.deep.equal([1, 1, 1]);
    const job = await opened.page.job(memberOf(asked, 1));
    expect(outcomeOf(job)).to.equal('updated');
    expect(job.update).to.include({ by: 'identity', dialect: 'wled' });
    expect(opened.host.log.join('')).to.not.include('1234');
  });

  it('skips the lamps that the file is not for, before anything is sent', async () => {
    const lamps = [
      await lampOf(),
      await lampOf({ firmware: wledImage({ version: '16.0.0', release: 'ESP32_Ethernet' }) }),
      await lampOf({ arch: 'ESP32-S3', firmware: wledImage({ version: '16.0.0', release: 'ESP32' }) }),
      await lampOf({ ota: false }),
    ];
    const asked = rolloutFor(lamps, WLED);
    await opened.page.begin(WLED, asked);
    const end = await opened.page.untilRollout(asked, isOver);
    expect(linesOf(end)).to.deep.equal(['updated', 'skipped', 'skipped', 'skipped']);
    expect(findingOf(end, 1)).to.deep.include({ reason: 'other-release', device: 'ESP32_Ethernet', file: 'ESP32' });
    expect(findingOf(end, 2)).to.deep.include({ reason: 'wrong-chip', chipId: 0, deviceChipId: 9 });
    expect(lamps.map(({ lamp }) => lamp.uploads.length)).to.deep.equal([1, 0, 0, 0]);
  });

  it('goes on with the others where one lamp refuses the image at its end', async () => {
    const lamps = [await lampOf({ isWhole: () => false }), await lampOf()];
    const asked = rolloutFor(lamps, WLED);
    await opened.page.begin(WLED, asked);
    expect(linesOf(await opened.page.untilRollout(asked, isOver))).to.deep.equal(['rejected', 'updated']);
    expect(lamps.map((lamp) => runs(lamp, WLED))).to.deep.equal([false, true]);
  });

  it('sends a lamp again what broke off, where it threw the half away', async () => {
    const one = await lampOf();
    one.lamp.fault = onNthOf('update', 1, { kind: 'drop', when: { bytes: 1000 } });
    const asked = rolloutFor([one], WLED);
    await opened.page.begin(WLED, asked);
    expect(linesOf(await opened.page.untilRollout(asked, isOver))).to.deep.equal(['updated']);
    expect([runs(one, WLED), one.lamp.appended]).to.deep.equal([true, 0]);
  });

  describe('and boards', () => {
    it('sends MicroPython to the boards, and leaves the lamps their own firmware', async () => {
      const [first, lamp, second] = [await board(), await lampOf(), await board()];
      const asked = rolloutFor([first, lamp, second], MICROPYTHON);
      await opened.page.begin(MICROPYTHON, asked);
      const end = await opened.page.untilRollout(asked, isOver);
      expect(linesOf(end)).to.deep.equal(['updated', 'skipped', 'updated']);
      expect(findingOf(end, 1)).to.deep.equal({ reason: 'other-firmware', product: 'WLED', file: 'micropython' });
      expect(lamp.lamp.uploads).to.be.empty;
      for (const { device } of [first, second]) expect(hashOf(device.runningImage)).to.equal(hashOf(MICROPYTHON));
    });

    it('asks before a lamp’s file may end what the boards run', async () => {
      const devices = [await lampOf(), await board()];
      const asked = rolloutFor(devices, WLED, { withoutMicroPython: false });
      await opened.page.put(WLED);
      expect(refusalIn(await opened.page.post('/rollouts', asked))).to.deep.equal({ kind: 'no-micropython' });
      expect(devices.map((device) => ('lamp' in device ? device.lamp.uploads.length : 0))).to.deep.equal([0, 0]);
    });
  });
});
