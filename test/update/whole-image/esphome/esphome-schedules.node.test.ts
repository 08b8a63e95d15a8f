/**
 * Whatever goes wrong, and whichever buttons are pressed: what is said of an update by ESPHome's own protocol is true.
 */
import { expect } from 'chai';
import type { EsphomeFault, EsphomeRoute } from '../../../../src/simulator/esphome/faults.ts';
import { AROUND, judgeEsphome } from './esphome-events.ts';
import { EsphomeWorld, NEW, OLD } from './esphome-world.ts';
import { type Happens, type Met, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { ready } from '../whole-world.ts';
import { fc } from '../../../random.ts';

const MOST_CONNECTIONS = 3_000;

const schedule = fc.record({
  /** The file's version and build: the same as the device's, or others. */
  file: fc.constantFrom(NEW, NEW, NEW, { ...OLD, builtAt: NEW.builtAt }, OLD),
  hashes: fc.boolean(),
  otaVersion: fc.constantFrom(1 as const, 2 as const),
  password: fc.boolean(),
  ...AROUND,
});

before(() => ready('esphome'));

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { file, boots, events: happenings, again, sendsNext, password, hashes, ...device } = plan;
  const world = new EsphomeWorld({
    ...{ ...device, file, boots: () => boots },
    configHash: hashes ? (image) => `${image.length}` : null,
    ...(password ? { password: 'geheim', token: 'geheim' } : {}),
  });
  world.device.fault = scriptOf(happenings, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 120_000, runs: () => world.runs },
    judgeEnd: (end, before) => judgeEsphome(world, end, before, met),
    judgePress: () => {
      const { ota, api } = world.device.connections;
      expect(ota + api, 'connections').to.be.below(MOST_CONNECTIONS);
    },
  });
}

const met: Met = new Map();

describe('any schedule of faults around an update by ESPHome’s own protocol', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['updated', 'accepted', 'rolled-back', 'failed', 'cancelled'] as const;
    await playSchedules(schedule, { play, met, outcomes });
  });

  it('does not say what runs where an upload was refused, and the answer to the one before was lost', async () => {
    // Found by a random schedule: only the OTA port answers, so that a restart does not show.
    const refused = { kind: 'error', code: 0x84, when: { bytes: 9_000 } } as const;
    const world = new EsphomeWorld({
      file: NEW,
      api: 'none',
      announces: false,
      fileSaysBuild: false,
      configHash: null,
    });
    const happenings: readonly Happens<EsphomeRoute, EsphomeFault>[] = [
      { at: 3, does: { kind: 'fault', fault: { kind: 'drop', when: 'after' } } },
      { at: 4, does: { kind: 'from-now-on', route: 'ota', fault: refused } },
    ];
    world.device.fault = scriptOf(happenings, world);
    await world.clock.pass(120_000);
    const end = await world.clock.settle(world.start());
    expect(end).to.include({ outcome: 'rejected', oldFirmware: 'unknown' });
    expect(world.runs).to.equal('file');
  });
});
