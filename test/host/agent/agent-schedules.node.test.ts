/**
 * Whatever happens to server, device, network and agent, in whatever order: an action has one end, and it is success only
 * where the device runs the image. A failing schedule is printed with its seed and path.
 */
import { expect } from 'chai';
import { isActive, type Action } from '../../../src/simulator/hawkbit/actions.ts';
import type { HawkbitFault, HawkbitRoute } from '../../../src/simulator/hawkbit/faults.ts';
import { AgentWorld, ID } from './agent-world.ts';
import { fc, howMany } from '../../random.ts';

const RUNS = howMany(200);
const MINUTE = 60_000;
/** An agent does some fifty things to the world ("touches") in an undisturbed update. */
const LAST_TOUCH = 120;
/** A day of looking at a device each minute, and what is said of it. */
const TOUCHES_AT_MOST = 60_000;

type Happening =
  /** The agent is killed, and started again so many minutes later. */
  | { readonly kind: 'kill'; readonly minutes: number }
  | { readonly kind: 'server-away'; readonly minutes: number }
  | { readonly kind: 'device-restarts' }
  | { readonly kind: 'device-away'; readonly minutes: number }
  | { readonly kind: 'cancel'; readonly force: boolean }
  | { readonly kind: 'assign'; readonly image: 0 | 1 }
  /** A person pauses the agent, and resumes it so many minutes later. */
  | { readonly kind: 'pause'; readonly minutes: number }
  /** The clock of the agent's machine is set, back or forth. */
  | { readonly kind: 'clock-set'; readonly minutes: number }
  | { readonly kind: 'fault'; readonly route: HawkbitRoute; readonly fault: HawkbitFault };

interface Schedule {
  readonly dialect: 'shipped' | 'documented';
  /** Whether the second image starts. */
  readonly secondBoots: boolean;
  /** Assignments are not forced, and wait for a person, who comes once all has happened. */
  readonly waits: boolean;
  readonly happenings: readonly { readonly at: number; readonly what: Happening }[];
}

const minutes = fc.integer({ min: 1, max: 90 });
const faults: fc.Arbitrary<HawkbitFault> = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), when: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(429, 500, 503, 403) }),
  fc.constant({ kind: 'garbage' } as const),
);
const routes = fc.constantFrom<HawkbitRoute>('poll', 'deployment', 'feedback', 'cancel', 'cancel-feedback', 'artifact');
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('kill' as const), minutes }),
  fc.record({ kind: fc.constant('server-away' as const), minutes }),
  fc.constant({ kind: 'device-restarts' } as const),
  fc.record({ kind: fc.constant('device-away' as const), minutes }),
  fc.record({ kind: fc.constant('pause' as const), minutes }),
  fc.record({ kind: fc.constant('cancel' as const), force: fc.boolean() }),
  fc.record({ kind: fc.constant('assign' as const), image: fc.constantFrom(0 as const, 1 as const) }),
  fc.record({ kind: fc.constant('clock-set' as const), minutes: fc.integer({ min: -90, max: 90 }) }),
  fc.record({ kind: fc.constant('fault' as const), route: routes, fault: faults }),
);
const schedules: fc.Arbitrary<Schedule> = fc.record({
  dialect: fc.constantFrom('shipped' as const, 'documented' as const),
  secondBoots: fc.boolean(),
  waits: fc.boolean(),
  happenings: fc.array(fc.record({ at: fc.integer({ min: 1, max: LAST_TOUCH }), what: happenings }), { maxLength: 5 }),
});

async function play({ dialect, secondBoots, waits, happenings: planned }: Schedule): Promise<void> {
  const second = (image: Uint8Array): boolean => image.length === 10_001;
  const world = new AgentWorld({
    device: { dialect, boots: (image) => secondBoots || !second(image) },
    // A device that never proves anything counts by choice only.
    policy: { givesUpMs: 120 * MINUTE, acceptedCountsAs: 'failure', soft: waits ? 'wait' : 'run' },
  });
  const { server, clock, device } = world;
  const type = waits ? 'soft' : 'forced';
  const wasEnded = new Set<Action>();
  // What is thrown in the middle of a request would look like a network to the agent.
  const wrongs = new Set<string>();
  let once: { readonly route: HawkbitRoute; readonly fault: HawkbitFault } | null = null;
  server.fault = ({ route }) => {
    if (once?.route !== route) return null;
    const { fault } = once;
    once = null;
    return fault;
  };
  const happens = (what: Happening): void => {
    switch (what.kind) {
      case 'kill':
        world.kill();
        void clock.sleep(what.minutes * MINUTE).then(() => world.start());
        return;
      case 'server-away':
        server.restart(what.minutes * MINUTE);
        return;
      case 'device-restarts':
        device.restart();
        return;
      case 'device-away':
        device.restart(what.minutes * MINUTE);
        return;
      case 'pause':
        world.isPaused = true;
        void clock.sleep(what.minutes * MINUTE).then(() => {
          world.isPaused = false;
          world.wake();
        });
        return;
      case 'cancel':
        server.cancel(server.actions.length, what.force);
        return;
      case 'assign':
        world.assign(what.image, { type });
        return;
      case 'clock-set':
        world.aheadMs = what.minutes * MINUTE;
        return;
      case 'fault':
        once = what;
        return;
    }
  };
  const due = planned.toSorted((one, other) => one.at - other.at);
  world.onTouch = (count) => {
    if (count > TOUCHES_AT_MOST) wrongs.add('the agent does not come to an end');
    for (const action of server.actions) {
      if (action.ends > 1) wrongs.add('an action was ended twice');
      if (isActive(action) || wasEnded.has(action)) continue;
      wasEnded.add(action);
      if (action.status === 'finished' && !world.runs(action))
        wrongs.add('success, and the device runs something else');
      if (action.status === 'finished' && server.targets.get(ID)?.installed?.set !== action.set)
        wrongs.add('success, and the server says that something else is installed');
    }
    while (due[0] !== undefined && due[0].at <= count) {
      const next = due.shift();
      if (next !== undefined) happens(next.what);
    }
    const { action } = world.note ?? {};
    if (due.length === 0 && action?.phase === 'ready' && !action.isApproved) void world.approve(action.id);
  };
  world.assign(0, { type });
  world.start();
  const isOver = (): boolean =>
    due.length === 0 && server.actions.every((action) => !isActive(action)) && (world.note?.outbox.length ?? 0) === 0;
  await world.until(() => isOver() || wrongs.size > 0);
  expect([...wrongs]).to.deep.equal([]);
  expect(world.surprises).to.deep.equal([]);
  await world.stop();
}

describe('random schedules of an agent', () => {
  it('end each action once, and with success only where the device runs the image', async () => {
    await fc.assert(fc.asyncProperty(schedules, play), { numRuns: RUNS });
  });
});

describe('an agent that is killed', () => {
  // At each thing that it does in an undisturbed update.
  for (const dialect of ['shipped', 'documented'] as const) {
    it(`at any moment of an update ends it once, and with what is true (${dialect})`, async () => {
      for (let at = 1; at <= LAST_TOUCH; at++) {
        await play({
          dialect,
          secondBoots: true,
          waits: at % 2 === 0,
          happenings: [{ at, what: { kind: 'kill', minutes: 1 } }],
        });
      }
    });
  }
});
