/** Whatever goes wrong, and whichever buttons are pressed: what is said of an OpenBeken device is true. */
import { expect } from 'chai';
import type { OpenbekenRoute } from '../../../../src/simulator/openbeken/simulated-openbeken.ts';
import { NEW, OLD, OpenbekenWorld } from './openbeken-world.ts';
import { happeningsOf, judge, type Met, PRESSES, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { fc } from '../../../random.ts';

const MOST_REQUESTS = 2_000;

const LOGIN = { user: 'admin', password: 'secret' };

const schedule = fc.record({
  builds: fc.constantFrom({ old: OLD, file: NEW }, { old: OLD, file: NEW }, { old: OLD, file: OLD }),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  restartsWhenAsked: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  losesAnswer: fc.integer({ min: 0, max: 6 }).map((number) => number === 0),
  refusesBeside: fc.boolean(),
  tellsSent: fc.boolean(),
  restart: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  password: fc.boolean(),
  events: happeningsOf<OpenbekenRoute>(['info', 'ota', 'reboot']),
  ...PRESSES,
});

type Plan = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/** Found at random: an image that was to wait starts as the next one goes out, which tells the same of itself. */
const WAITS: Plan = {
  ...{ builds: { old: OLD, file: NEW }, boots: true, comesBack: true, restartsWhenAsked: true, losesAnswer: false },
  ...{ refusesBeside: true, tellsSent: false, restart: false, password: false, again: 2, sendsNext: 'alike' },
  events: [
    { at: 5, does: { kind: 'fault', fault: { kind: 'garbage' } } },
    { at: 10, does: { kind: 'power' } },
    { at: 15, does: { kind: 'power' } },
  ],
};

before(() => OpenbekenWorld.ready());

async function play(plan: Plan): Promise<void> {
  const { builds, events, again, sendsNext, password, boots, restart, ...given } = plan;
  const world = new OpenbekenWorld({
    ...given,
    ...builds,
    ...{ boots: () => boots },
    ...(password ? { password: LOGIN.password, saved: LOGIN } : {}),
  });
  const { device } = world;
  device.fault = scriptOf(events, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 30_000, runs: () => world.runs },
    prepare: () => ({ restart }),
    judgeEnd: (end, before) => {
      judge(world, end, [before], met);
      // The image that is said to start next is there, unless it has started by now.
      if (end.outcome === 'staged' && world.runs === before)
        expect(device.slot.bootable?.length, 'starts next').to.equal(world.image.length);
    },
    judgePress: () => expect(device.requests.length, 'requests').to.be.below(MOST_REQUESTS),
  });
}

const met: Met = new Map();

describe('any schedule of faults around an OpenBeken device', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['updated', 'accepted', 'staged', 'failed', 'cancelled'] as const;
    await playSchedules(schedule, { play, met, outcomes, examples: [WAITS] });
  });
});
