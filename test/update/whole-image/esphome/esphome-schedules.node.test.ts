/** Whatever goes wrong, and whoever presses what: what is said of an update by ESPHome's own protocol is so. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { EsphomeFault, EsphomeRoute } from '../../../../src/simulator/esphome/faults.ts';
import { events, judgeEsphome } from './esphome-events.ts';
import { EsphomeWorld, NEW, OLD } from './esphome-world.ts';
import { type Happens, scriptOf } from '../whole-schedule.ts';
import { ready } from '../whole-world.ts';

const RUNS = Math.min(400, Number(process.env['SCHEDULES'] ?? 400));
const MOST_CONNECTIONS = 3_000;

const schedule = fc.record({
  /** The file's version, and its build: the same as the device's, or another. */
  file: fc.constantFrom(NEW, NEW, NEW, { ...OLD, builtAt: NEW.builtAt }, OLD),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  crashesAfterMs: fc.constantFrom(null, null, null, 5_000, 30_000, 58_000),
  api: fc.constantFrom('plain' as const, 'plain' as const, 'encrypted' as const, 'none' as const),
  announces: fc.boolean(),
  hashes: fc.boolean(),
  fileSaysBuild: fc.boolean(),
  otaVersion: fc.constantFrom(1 as const, 2 as const),
  password: fc.boolean(),
  events,
  /** Presses after the first one. */
  again: fc.integer({ min: 0, max: 2 }),
});

before(() => ready('esphome'));

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { file, boots, events: happenings, again, password, hashes, ...device } = plan;
  const world = new EsphomeWorld({
    ...{ ...device, file, boots: () => boots },
    configHash: hashes ? (image) => `${image.length}` : null,
    ...(password ? { password: 'geheim', token: 'geheim' } : {}),
  });
  world.device.fault = scriptOf(happenings, world);
  await world.clock.pass(120_000);
  for (let press = 0; press <= again; press += 1) {
    const before = world.runs;
    const end = await world.clock.settle(world.start());
    if (end !== null) judgeEsphome(world, end, before, met);
    const { ota, api } = world.device.connections;
    expect(ota + api, 'connections').to.be.below(MOST_CONNECTIONS);
    await world.clock.pass(1_000);
  }
  await world.clock.pass(10_000);
  expect(world.runs, 'nothing but whole images run').to.not.equal('other');
}

/** How often each outcome was met. */
const met = new Map<string, number>();

describe('any schedule of faults around an update by ESPHome’s own protocol', () => {
  it('ends, and claims nothing that is not so', async () => {
    await fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS, endOnFailure: true });
    const outcomes = ['updated', 'accepted', 'rolled-back', 'failed', 'cancelled'];
    for (const outcome of outcomes) expect(met.get(outcome), outcome).to.be.greaterThan(RUNS / 100);
  });

  it('does not say what runs where it refused an upload, and the answer to the one before was lost', async () => {
    // Random schedules found this one: nothing but the OTA port answers, so that a restart does not show.
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
