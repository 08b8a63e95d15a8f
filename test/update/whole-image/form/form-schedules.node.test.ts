/** Whatever goes wrong, and whichever buttons are pressed: what is said of an image that goes by a form is true. */
import { expect } from 'chai';
import type { FormRoute } from '../../../../src/simulator/forms/routes.ts';
import type { FormKind } from '../../../../src/simulator/forms/options.ts';
import type { Outcome } from '../../../../src/model/update/update-state.ts';
import { FormWorld, NEW_BUILD } from './form-world.ts';
import { happeningsOf, judge, type Met, PRESSES, playSchedules, pressUpdate, scriptOf } from '../whole-schedule.ts';
import { fc } from '../../../random.ts';

const MOST_REQUESTS = 3_000;

const KINDS: readonly FormKind[] = ['update-server', 'espeasy', 'sketch', 'async', 'elegant-2', 'elegant-3'];

const schedule = fc.record({
  kind: fc.constantFrom(...KINDS),
  /** Whether a file for ESPEasy says what it is. No other does. */
  predicted: fc.boolean(),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  tellsSent: fc.boolean(),
  alwaysSaysYes: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  restartsItself: fc.integer({ min: 0, max: 4 }).map((number) => number > 0),
  losesAnswer: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  wantsOrigin: fc.boolean(),
  events: happeningsOf<FormRoute>(['page', 'upload', 'start', 'json'], {
    within: 20,
    more: [fc.constant({ kind: 'status' as const, status: 200, text: 'OK' })],
  }),
  /** Presses after the first one, each of them after the person has restarted the device, and said so, or not. */
  ...PRESSES,
  restartFirst: fc.boolean(),
});

before(() => FormWorld.ready());

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { predicted, boots, events, again, sendsNext, restartFirst, ...more } = plan;
  const version = NEW_BUILD.replace('ESP_Easy_', '');
  const tells = { product: 'ESPEasy', version, release: null, installsFrom: null };
  const world = new FormWorld({
    ...more,
    boots: () => boots,
    ...(predicted && more.kind === 'espeasy' ? { inspection: { tells } } : {}),
  });
  const { device } = world;
  device.fault = scriptOf(events, world);
  await pressUpdate({
    ...{ world, again, sendsNext, upMs: 30_000, runs: () => world.runs },
    prepare: async (press) => {
      if (press === 0 || !restartFirst) return {};
      device.restart();
      await world.clock.pass(10_000);
      return { restartFirst };
    },
    judgeEnd: (end, before) => {
      judge(world, end, [before], met);
      judgeForm(world, end);
    },
    judgePress: () => expect(device.requests.length, 'requests').to.be.below(MOST_REQUESTS),
  });
  expect(device.appended, 'uploads behind a half').to.equal(0);
}

const met: Met = new Map();

/** What must hold of such a device as well. */
function judgeForm(world: FormWorld, end: Outcome): void {
  if (end.outcome === 'updated')
    expect(world.device.options.kind, 'only who tells what it runs is said to be updated').to.equal('espeasy');
  if ('why' in end && end.why === 'was-away') {
    const unheard = world.device.requests.filter(
      ({ method, status }) => method === 'GET' && typeof status === 'string',
    );
    expect(world.device.restarts + unheard.length, 'away without a moment in which it gave no answer').to.be.above(0);
  }
}

describe('any schedule of faults around an image that goes by a form', () => {
  it('ends, and claims nothing that is not true', async () => {
    const outcomes = ['updated', 'accepted', 'failed', 'cancelled'] as const;
    await playSchedules(schedule, { play, met, outcomes });
  });
});
