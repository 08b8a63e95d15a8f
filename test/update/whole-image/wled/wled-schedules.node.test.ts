/** Whatever goes wrong, and whichever buttons are pressed: what is said of an image that goes whole is true. */
import { expect } from 'chai';
import type { WledRoute } from '../../../../src/simulator/wled/routes.ts';
import { WledWorld } from './wled-world.ts';
import { happeningsOf, judge, type Met, PRESSES, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { fc } from '../../../random.ts';

const MOST_REQUESTS = 2_000;

const schedule = fc.record({
  version: fc.constantFrom('16.0.0', '0.15.1', '0.15.2', '0.16.0-alpha'),
  /** The file's; the same as the device's, or another. */
  isSame: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  tellsSent: fc.boolean(),
  pin: fc.boolean(),
  events: happeningsOf<WledRoute>(['info', 'update', 'update-page', 'state', 'reset']),
  ...PRESSES,
  restartFirst: fc.boolean(),
});

type Plan = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/**
 * Found at random: a lamp that had only just started takes an image behind another server's page, and its next start
 * shows nothing.
 */
const JUST_STARTED: Plan = {
  ...{ version: '0.16.0-alpha', isSame: true, boots: true, comesBack: true, tellsSent: true, pin: true },
  events: [
    { at: 2, does: { kind: 'from-now-on', route: 'update', fault: { kind: 'garbage' } } },
    { at: 6, does: { kind: 'cancel' } },
    { at: 2, does: { kind: 'fault', fault: { kind: 'corrupt', at: 49_857 } } },
  ],
  ...{ again: 2, sendsNext: false, restartFirst: true },
};

before(() => WledWorld.ready());

async function play(plan: Plan): Promise<void> {
  const { version, isSame, events, again, sendsNext, restartFirst, pin, boots, ...lamp } = plan;
  const old = { version, release: 'ESP32' };
  const file = isSame ? old : { version: '16.0.1', release: 'ESP32' };
  const world = new WledWorld({
    ...lamp,
    boots: () => boots,
    old,
    file,
    ...(pin ? { pin: '1234', token: '1234' } : {}),
  });
  const { device } = world;
  device.fault = scriptOf(events, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 30_000, runs: () => world.runs },
    prepare: (press) => (press > 0 && restartFirst ? { restartFirst } : {}),
    judgeEnd: (end, before) => judge(world, end, [before], met),
    judgePress: () => expect(device.requests.length, 'requests').to.be.below(MOST_REQUESTS),
  });
  expect(device.appended, 'uploads behind a half').to.equal(0);
}

const met: Met = new Map();

describe('any schedule of faults around an image that goes whole', () => {
  it('ends, and claims nothing that is not true', async () => {
    await playSchedules(schedule, {
      ...{ play, met, examples: [JUST_STARTED] },
      outcomes: ['updated', 'accepted', 'rolled-back', 'failed', 'cancelled'],
    });
  });
});
