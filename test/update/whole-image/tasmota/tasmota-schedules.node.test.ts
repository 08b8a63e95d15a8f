/** Whatever goes wrong, and whichever buttons are pressed: what is said of a Tasmota device is true. */
import { expect } from 'chai';
import type { TasmotaRoute } from '../../../../src/simulator/tasmota/routes.ts';
import { OLD, NEW, TasmotaWorld } from './tasmota-world.ts';
import { happeningsOf, judge, type Met, PRESSES, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { fc } from '../../../random.ts';

const MOST_REQUESTS = 2_000;

const schedule = fc.record({
  layout: fc.constantFrom('two' as const, 'safeboot' as const),
  language: fc.constantFrom('en' as const, 'de' as const),
  /** The file's build; the same as the device's, or another. */
  isSame: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  startsSafeboot: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  losesRestart: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  tellsSent: fc.boolean(),
  password: fc.boolean(),
  events: happeningsOf<TasmotaRoute>(['command', 'upgrade-page', 'upload', 'partition', 'upload-done']),
  ...PRESSES,
});

type Plan = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/** Found at random: the restart after the yes is lost, and comes in the middle of the next try. */
const LOST_RESTART: Plan = {
  ...{ layout: 'two', language: 'en', isSame: false, boots: true, comesBack: true, startsSafeboot: true },
  ...{ losesRestart: true, tellsSent: true, password: true, again: 1, sendsNext: false },
  events: [{ at: 25, does: { kind: 'from-now-on', route: 'upgrade-page', fault: { kind: 'restart', when: 'after' } } }],
};

before(() => TasmotaWorld.ready());

async function play(plan: Plan): Promise<void> {
  const { isSame, events, again, sendsNext, password, boots, ...given } = plan;
  const world = new TasmotaWorld({
    ...given,
    ...{ boots: () => boots, file: isSame ? OLD : NEW },
    ...(password ? { password: 'secret', saved: { user: 'admin', password: 'secret' } } : { password: null }),
  });
  const { device } = world;
  device.fault = scriptOf(events, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 30_000, runs: () => world.runsWhich },
    judgeEnd: (end, before) => judge({ runs: world.runsWhich, states: world.states }, end, [before], met),
    judgePress: () => expect(device.requests.length, 'requests').to.be.below(MOST_REQUESTS),
  });
}

const met: Met = new Map();

describe('any schedule of faults around a Tasmota device', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['updated', 'accepted', 'failed', 'cancelled'] as const;
    await playSchedules(schedule, { play, met, outcomes, examples: [LOST_RESTART] });
  });
});
