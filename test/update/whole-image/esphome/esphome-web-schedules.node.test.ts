/** Whatever goes wrong, and whoever presses what: what is said of an update by an ESPHome device's web page is so. */
import { expect } from 'chai';
import fc from 'fast-check';
import { events, judgeEsphome } from './esphome-events.ts';
import { NEW, OLD } from './esphome-world.ts';
import { EsphomeWebWorld } from './esphome-web-world.ts';
import { scriptOf } from '../whole-schedule.ts';
import { ready } from '../whole-world.ts';

const RUNS = Math.min(400, Number(process.env['SCHEDULES'] ?? 400));

const schedule = fc.record({
  /** Cleans up after a half upload; appends to it. */
  version: fc.constantFrom('2026.6.4', '2025.12.1'),
  /** The file's build: another, or the same. */
  isSame: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  crashesAfterMs: fc.constantFrom(null, null, null, 5_000, 30_000, 58_000),
  api: fc.constantFrom('plain' as const, 'plain' as const, 'encrypted' as const, 'none' as const),
  announces: fc.boolean(),
  tellsUptime: fc.boolean(),
  fileSaysBuild: fc.boolean(),
  events,
  /** Presses after the first one. */
  again: fc.integer({ min: 0, max: 2 }),
});

before(() => ready('esphome-web'));

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { version, isSame, boots, events: happenings, again, ...device } = plan;
  const old = { ...OLD, version };
  const world = new EsphomeWebWorld({ ...device, old, file: isSame ? old : NEW, boots: () => boots });
  world.device.fault = scriptOf(happenings, world);
  await world.clock.pass(120_000);
  for (let press = 0; press <= again; press += 1) {
    const before = world.runs;
    const end = await world.clock.settle(world.start());
    if (end !== null) judgeEsphome(world, end, before, met);
    await world.clock.pass(1_000);
  }
  await world.clock.pass(10_000);
  expect(world.device.appended, 'uploads behind a half').to.equal(0);
  expect(world.runs, 'nothing but whole images run').to.not.equal('other');
}

/** How often each outcome was met. */
const met = new Map<string, number>();

describe('any schedule of faults around an update by an ESPHome device’s web page', () => {
  it('ends, and claims nothing that is not so', async () => {
    await fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS, endOnFailure: true });
    for (const outcome of ['updated', 'accepted', 'rolled-back', 'failed'])
      expect(met.get(outcome), outcome).to.be.greaterThan(RUNS / 100);
  });
});
