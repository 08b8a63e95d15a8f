/** Rollouts of the host over a drawer: boards, lamps, plugs and sensors, each spoken to in its own way, over real sockets. */
import { expect } from 'chai';
import type { Protocol } from '../../../src/model/device/dialect.ts';
import { SimulatedEsphome } from '../../../src/simulator/esphome/simulated-esphome.ts';
import { nodeHashes, serveEsphome } from '../../../src/simulator/node/esphome-server.ts';
import { servePlug } from '../../../src/simulator/node/tasmota-server.ts';
import { serveLamp } from '../../../src/simulator/node/wled-server.ts';
import { withTasmota } from '../../../src/simulator/tasmota/build.ts';
import type { TasmotaOptions } from '../../../src/simulator/tasmota/options.ts';
import { SimulatedTasmota } from '../../../src/simulator/tasmota/simulated-tasmota.ts';
import { onNthOf } from '../../../src/simulator/whole/faults.ts';
import { withBuild } from '../../../src/simulator/wled/metadata.ts';
import { SimulatedWled } from '../../../src/simulator/wled/simulated-wled.ts';
import { buildApp, resealed } from '../../firmware/image-builder.ts';
import { hashOf, outcomeOf, startDevice, TOKEN } from '../jobs/job-host.ts';
import { beginsOf, findingOf, isOver, linesOf, memberOf, rolloutFor, useRolloutHost } from './rollout-host.ts';

const APP = buildApp({ python: false, strings: ['.'.repeat(600)], sizeBytes: 400_000, date: '', time: '' });
const NEW = { version: '15.2.0', variant: 'tasmota32', builtAt: '2026-07-24T19:38:07' };
const TASMOTA = resealed(withTasmota(APP, NEW));
const WLED = resealed(withBuild(APP, { version: '16.0.1', release: 'ESP32' }));
const PASSWORD = 'pass word';
const PIN = '1234';

describe('a rollout on the host over a drawer', () => {
  const opened = useRolloutHost();

  async function plugOf(options: Partial<TasmotaOptions> = {}) {
    const plug = new SimulatedTasmota({ awayMs: 50, password: PASSWORD, ...options });
    const { origin, close } = await servePlug(plug, { port: 0 });
    opened.closing.push(close);
    return { plug, origin };
  }

  async function drawer(plugs: readonly Awaited<ReturnType<typeof plugOf>>[]) {
    const board = await startDevice();
    const lamp = new SimulatedWled({ awayMs: 50, pin: PIN });
    const lit = await serveLamp(lamp, { port: 0 });
    const sensor = new SimulatedEsphome(nodeHashes, {});
    const sensing = await serveEsphome(sensor, { port: 0 });
    opened.closing.push(() => board.close(), lit.close, sensing.close);
    const of = (origin: string, protocol: Protocol, secrets: object) => ({ origin, protocol, secrets });
    const devices = [
      of(board.origin, 'automatic', { token: TOKEN, login: null }),
      of(lit.origin, 'automatic', { token: PIN, login: null }),
      ...plugs.map(({ origin }) =>
        of(origin, 'automatic', { token: null, login: { user: 'admin', password: PASSWORD } }),
      ),
      of(sensing.origin, 'esphome', { token: null, login: null }),
    ];
    return { board, lamp, sensor, devices };
  }

  /** Sends the file to all of them, each with its own secret. The person has agreed that the board loses MicroPython. */
  async function run(bytes: Uint8Array, { devices }: Awaited<ReturnType<typeof drawer>>) {
    const asked = rolloutFor(devices, bytes);
    const members = asked.devices.map((member, at) => {
      const { protocol = 'automatic', secrets } = devices[at] ?? {};
      return { ...member, device: { ...member.device, protocol }, secrets };
    });
    await opened.page.begin(bytes, { ...asked, devices: members } as typeof asked);
    return { asked, end: await opened.page.untilRollout(asked, isOver) };
  }

  it('sends each what is for it, and goes on where one refuses and one crashes', async () => {
    const [whole, broken, crashing] = [await plugOf(), await plugOf({ isWhole: () => false }), await plugOf()];
    crashing.plug.fault = onNthOf('upload', 1, { kind: 'restart', when: { bytes: 1000 } });
    const all = await drawer([whole, broken, crashing]);
    const { asked, end } = await run(TASMOTA, all);
    expect(linesOf(end)).to.deep.equal(['updated', 'skipped', 'updated', 'rejected', 'rolled-back', 'skipped']);
    expect(findingOf(end, 1)).to.include({ reason: 'other-firmware', product: 'WLED', named: 'Tasmota' });
    expect(findingOf(end, 5)).to.include({ reason: 'other-firmware', product: 'ESPHome', named: 'Tasmota' });
    expect(end.firmware).to.include({ project: 'Tasmota' });

    const runs = (image: Uint8Array): boolean => hashOf(image) === asked.firmware.sha256;
    expect(runs(all.board.device.runningImage)).to.equal(true);
    expect([whole, broken, crashing].map(({ plug }) => runs(plug.runningImage))).to.deep.equal([true, false, false]);
    expect([all.lamp.uploads.length, all.sensor.updates.length, beginsOf(all.board)]).to.deep.equal([0, 0, 1]);

    // Each is a job of its own, with its own proof.
    const jobs = await Promise.all([0, 2, 3, 4].map((at) => opened.page.job(memberOf(asked, at))));
    expect(jobs.map(outcomeOf)).to.deep.equal(['updated', 'updated', 'rejected', 'rolled-back']);
    expect(jobs.map(({ update }) => update?.dialect)).to.deep.equal(['shipped', 'tasmota', 'tasmota', 'tasmota']);
    for (const secret of [PASSWORD, PIN, TOKEN]) expect(opened.host.log.join('')).to.not.include(secret);
  });

  it('sends another file to those that the first was not for', async () => {
    const plug = await plugOf();
    const all = await drawer([plug]);
    const first = await run(TASMOTA, all);
    expect(linesOf(first.end)).to.deep.equal(['updated', 'skipped', 'updated', 'skipped']);
    const second = await run(WLED, { ...all, devices: all.devices.slice(1) });
    expect(linesOf(second.end)).to.deep.equal(['updated', 'skipped', 'skipped']);
    expect(hashOf(all.lamp.runningImage)).to.equal(hashOf(WLED));
    expect(hashOf(plug.plug.runningImage)).to.equal(hashOf(TASMOTA));
  });
});
