/** Whatever goes wrong, and whichever buttons are pressed: what is said of a device with PrettyOTA is true. */
import { expect } from 'chai';
import type { PrettyRoute } from '../../../../src/simulator/pretty-ota/simulated-pretty.ts';
import { NAMELESS, NEW, OLD, PrettyWorld } from './pretty-world.ts';
import { happeningsOf, judge, type Met, PRESSES, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { fc } from '../../../random.ts';

const MOST_REQUESTS = 2_000;

const LOGIN = { user: 'admin', password: 'secret' };

const schedule = fc.record({
  /** What both say of themselves: the same, a time of build each, or what the app likes. */
  builds: fc.constantFrom(
    { old: OLD, file: NEW },
    { old: OLD, file: NEW },
    { old: OLD, file: OLD },
    { old: NAMELESS, file: NAMELESS },
    { old: { ...NAMELESS, own: { version: '1' } }, file: { ...NAMELESS, own: { version: '2' } } },
    { old: OLD, file: { ...NEW, own: { date: 'night', time: 'ly' } } },
  ),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  restartsItself: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  losesAnswer: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  answersEarly: fc.boolean(),
  tellsSent: fc.boolean(),
  login: fc.boolean(),
  events: happeningsOf<PrettyRoute>(['info', 'login', 'start', 'upload']),
  ...PRESSES,
});

type Plan = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

/**
 * Found at random: the network was away after a yes, the device was not, and its power is cut in the middle of the next
 * try.
 */
const HELD: Plan = {
  ...{
    builds: { old: NAMELESS, file: NAMELESS },
    boots: true,
    comesBack: false,
    restartsItself: false,
    losesAnswer: false,
  },
  ...{ answersEarly: true, tellsSent: false, login: true, again: 2, sendsNext: false },
  events: [
    { at: 22, does: { kind: 'fault', fault: { kind: 'hang', when: 'before' } } },
    { at: 25, does: { kind: 'power' } },
    { at: 2, does: { kind: 'offline', ms: 1015 } },
    { at: 16, does: { kind: 'fault', fault: { kind: 'garbage' } } },
    { at: 24, does: { kind: 'fault', fault: { kind: 'garbage' } } },
  ],
};

before(() => PrettyWorld.ready());

async function play(plan: Plan): Promise<void> {
  const { builds, events, again, sendsNext, login, boots, ...given } = plan;
  const world = new PrettyWorld({
    ...given,
    ...builds,
    ...{ boots: () => boots },
    ...(login ? { asks: LOGIN, saved: LOGIN } : {}),
  });
  const { device } = world;
  device.fault = scriptOf(events, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 30_000, runs: () => world.runs },
    judgeEnd: (end, before) => judge(world, end, [before], met),
    judgePress: () => expect(device.requests.length, 'requests').to.be.below(MOST_REQUESTS),
  });
}

const met: Met = new Map();

describe('any schedule of faults around a device with PrettyOTA', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['updated', 'accepted', 'failed', 'cancelled'] as const;
    await playSchedules(schedule, { play, met, outcomes, examples: [HELD] });
  });
});
