/**
 * Whatever goes wrong, and whichever buttons are pressed: what is said of an update by an ESPHome device's web page is
 * true.
 */
import { expect } from 'chai';
import { AROUND, judgeEsphome } from './esphome-events.ts';
import { NEW, OLD } from './esphome-world.ts';
import { EsphomeWebWorld } from './esphome-web-world.ts';
import { type Met, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { ready } from '../whole-world.ts';
import { fc } from '../../../random.ts';

const schedule = fc.record({
  /** Cleans up after a half upload; appends to it. */
  version: fc.constantFrom('2026.6.4', '2025.12.1'),
  /** The file's build: another, or the same. */
  isSame: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
  tellsUptime: fc.boolean(),
  ...AROUND,
});

before(() => ready('esphome-web'));

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { version, isSame, boots, events: happenings, again, sendsNext, ...device } = plan;
  const old = { ...OLD, version };
  const world = new EsphomeWebWorld({ ...device, old, file: isSame ? old : NEW, boots: () => boots });
  world.device.fault = scriptOf(happenings, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 120_000, runs: () => world.runs },
    judgeEnd: (end, before) => judgeEsphome(world, end, before, met),
  });
  expect(world.device.appended, 'uploads behind a half').to.equal(0);
}

const met: Met = new Map();

describe('any schedule of faults around an update by an ESPHome device’s web page', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['updated', 'accepted', 'rolled-back', 'failed'] as const;
    await playSchedules(schedule, { play, met, outcomes });
  });
});
