/** What may happen around an image that goes whole over HTTP, at random: the same for every kind of device. */
import { expect } from 'chai';
import type { UpdatePlan } from '../../../src/model/update/plan.ts';
import type { Outcome, UpdateState } from '../../../src/model/update/update-state.ts';
import type { WholeFault, WholeWhen } from '../../../src/simulator/whole/faults.ts';
import type { UpdateControls } from '../../../src/update/controls.ts';
import { IMAGE_BYTES, type NextBuild, type SimulatedWhole, type WholeWorld } from './whole-world.ts';
import { fc, howMany } from '../../random.ts';

const when: fc.Arbitrary<WholeWhen> = fc.oneof(
  fc.constantFrom('before' as const, 'after' as const),
  fc.integer({ min: 1, max: IMAGE_BYTES }).map((bytes) => ({ bytes })),
);

const USUAL: readonly fc.Arbitrary<WholeFault>[] = [
  fc.record({ kind: fc.constantFrom('drop' as const, 'hang' as const, 'restart' as const), when }),
  fc.integer({ min: 0, max: IMAGE_BYTES }).map((at) => ({ kind: 'corrupt' as const, at })),
  fc.constantFrom(401, 404, 500, 503).map((status) => ({ kind: 'status' as const, status })),
  fc.constant({ kind: 'garbage' as const }),
];

export interface Happens<Route extends string, Fault> {
  /** The number of the request, among all, from 1. */
  readonly at: number;
  readonly does:
    | { readonly kind: 'fault'; readonly fault: Fault }
    | { readonly kind: 'from-now-on'; readonly route: Route; readonly fault: Fault }
    | { readonly kind: 'offline'; readonly ms: number }
    | { readonly kind: 'pause' | 'reload' | 'cancel' | 'power' };
}

/**
 * What usually goes wrong over HTTP, within the first `within` requests.
 *
 * @param more faults that only such a device knows
 */
export function happeningsOf<Route extends string>(
  routes: readonly Route[],
  { within = 25, more = [] }: { readonly within?: number; readonly more?: readonly fc.Arbitrary<WholeFault>[] } = {},
): fc.Arbitrary<readonly Happens<Route, WholeFault>[]> {
  return happeningsWith(routes, fc.oneof(...USUAL, ...more), within);
}

/** At most five events. */
export function happeningsWith<Route extends string, Fault>(
  routes: readonly Route[],
  fault: fc.Arbitrary<Fault>,
  within: number,
): fc.Arbitrary<readonly Happens<Route, Fault>[]> {
  const lasting = fc.record({ kind: fc.constant('from-now-on' as const), route: fc.constantFrom(...routes), fault });
  const one: fc.Arbitrary<Happens<Route, Fault>> = fc.record({
    at: fc.integer({ min: 1, max: within }),
    does: fc.oneof(
      { weight: 5, arbitrary: fault.map((each) => ({ kind: 'fault' as const, fault: each })) },
      { weight: 1, arbitrary: lasting },
      { weight: 1, arbitrary: fc.integer({ min: 1000, max: 90_000 }).map((ms) => ({ kind: 'offline' as const, ms })) },
      {
        weight: 3,
        arbitrary: fc.constantFrom('pause', 'reload', 'cancel', 'power').map((kind) => ({ kind }) as const),
      },
    ),
  });
  return fc.array(one, { maxLength: 5 });
}

interface World {
  readonly device: { restart(): void };
  readonly network: { up: boolean };
  readonly clock: { sleep(ms: number): Promise<void> };
  readonly controls: UpdateControls;
  reload(): void;
}

/** Plays the events in this world, as the device's script of faults. */
export function scriptOf<Route extends string, Fault>(
  happenings: readonly Happens<Route, Fault>[],
  world: World,
): (info: { readonly index: number; readonly route: Route }) => Fault | null {
  let lasting: Extract<Happens<Route, Fault>['does'], { kind: 'from-now-on' }> | null = null;
  return ({ index, route }) => {
    let now: Fault | null = null;
    for (const { does } of happenings.filter(({ at }) => at === index)) {
      if (does.kind === 'fault') now = does.fault;
      else if (does.kind === 'from-now-on') lasting = does;
      else if (does.kind === 'offline') {
        world.network.up = false;
        void world.clock.sleep(does.ms).then(() => (world.network.up = true));
      } else if (does.kind === 'pause') {
        world.controls.pause();
        const { controls } = world;
        void world.clock.sleep(5_000).then(() => controls.resume());
      } else if (does.kind === 'power') world.device.restart();
      else if (does.kind === 'reload') world.reload();
      else world.controls.cancel();
    }
    return now ?? (lasting?.route === route ? lasting.fault : null);
  };
}

interface Pressed<Runs extends string> {
  readonly world: WholeWorld<SimulatedWhole>;
  /** Presses after the first one. */
  readonly again: number;
  /** Whether the presses after the first one send another build. */
  readonly sendsNext: false | NextBuild;
  /** How long the device is up before the first press. */
  readonly upMs: number;
  /** What runs, where the device may run more than the three images that a world tells apart. */
  readonly runs: () => Runs;
  /** Runs before each press, counted from 0; returns what is different for that press. */
  readonly prepare?: (press: number) => Partial<UpdatePlan> | Promise<Partial<UpdatePlan>>;
  /** Called with each end. `before` is what ran when Update was pressed. */
  readonly judgeEnd: (end: Outcome, before: Runs) => void;
  /** Called after each press, also of a page that went away. */
  readonly judgePress?: () => void;
}

/** Presses Update, and again; in the end the device has finished what was under way, and runs a whole image. */
export async function pressUpdate<Runs extends string>(pressed: Pressed<Runs>): Promise<void> {
  const { world, again, sendsNext, upMs, runs, prepare, judgeEnd, judgePress } = pressed;
  await world.clock.pass(upMs);
  for (let press = 0; press <= again; press += 1) {
    if (press === 1 && sendsNext !== false) world.next(sendsNext);
    const changes = await prepare?.(press);
    const before = runs();
    const end = await world.clock.settle(world.start(changes));
    if (end !== null) judgeEnd(end, before);
    judgePress?.();
    await world.clock.pass(1_000);
  }
  await world.clock.pass(10_000);
  expect(runs(), 'nothing but whole images run').to.not.equal('other');
}

export const PRESSES = {
  /** Presses after the first one. */
  again: fc.integer({ min: 0, max: 2 }),
  /** Whether these send another build, as people do; `alike`: that tells the same of itself. */
  sendsNext: fc.constantFrom(false as const, 'newer' as const, 'alike' as const),
} as const;

/** Each schedule sends whole images, so there are few; most of what they meet, they meet within the first hundred. */
const RUNS = howMany(100);

/** How often each outcome was met. */
export type Met = Map<Outcome['outcome'], number>;

interface Played<Plan> {
  readonly play: (plan: Plan) => Promise<void>;
  /** What the plays tell of their outcomes. */
  readonly met: Met;
  /**
   * Outcomes that more than one schedule in a hundred must meet: otherwise the schedules would show nothing about them.
   */
  readonly outcomes: readonly Outcome['outcome'][];
  readonly examples?: readonly Plan[];
}

/** Plays random schedules. A failing one is not shrunk: each sends whole images. */
export async function playSchedules<Plan>(schedule: fc.Arbitrary<Plan>, played: Played<Plan>): Promise<void> {
  const { play, met, outcomes, examples = [] } = played;
  await fc.assert(fc.asyncProperty(schedule, play), {
    ...{ numRuns: RUNS, endOnFailure: true },
    examples: examples.map((plan) => [plan]),
  });
  for (const outcome of outcomes) expect(met.get(outcome), outcome).to.be.greaterThan(RUNS / 100);
}

interface Shown {
  readonly runs: string;
  readonly states: readonly UpdateState[];
}

/**
 * What must hold of any device, however it ends.
 *
 * @param fromBefore what it may run where nothing new was taken
 * @param met how often each outcome was met
 */
export function judge({ runs, states }: Shown, end: Outcome, fromBefore: readonly string[], met: Met): void {
  met.set(end.outcome, (met.get(end.outcome) ?? 0) + 1);
  if (end.outcome === 'updated') expect(runs, 'updated').to.equal('file');
  if (end.outcome === 'rolled-back') expect(runs, 'rolled back').to.be.oneOf(fromBefore);
  if (end.outcome === 'rejected') expect(runs, 'rejected').to.not.equal('other');
  if ('oldFirmware' in end && end.oldFirmware === 'runs')
    expect(runs, `${end.outcome} says the one from before`).to.be.oneOf(fromBefore);
  // Until the device has answered, the whole image is not said to be there.
  const early = states.filter(({ phase, progress }) => phase === 'writing' && progress.acknowledged >= progress.total);
  expect(early, 'all of it before the answer').to.have.length(0);
}
