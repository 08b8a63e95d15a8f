/** Whatever goes wrong, and whoever presses what: what is said of a Tasmota device is so. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { TasmotaFault, TasmotaRoute } from '../../../src/simulator/tasmota/faults.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { OLD, NEW, TasmotaWorld } from './tasmota-world.ts';
import { IMAGE_BYTES } from './whole-world.ts';

/** Each sends whole images; most of what they meet they meet in the first hundred. */
const RUNS = Math.min(300, Number(process.env['SCHEDULES'] ?? 300));
const MOST_REQUESTS = 2_000;

const when: fc.Arbitrary<'before' | 'after' | { readonly bytes: number }> = fc.oneof(
  fc.constantFrom('before' as const, 'after' as const),
  fc.integer({ min: 1, max: IMAGE_BYTES }).map((bytes) => ({ bytes })),
);
const fault: fc.Arbitrary<TasmotaFault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop' as const, 'hang' as const, 'restart' as const), when }),
  fc.integer({ min: 0, max: IMAGE_BYTES }).map((at) => ({ kind: 'corrupt' as const, at })),
  fc.constantFrom(401, 404, 500, 503).map((status) => ({ kind: 'status' as const, status })),
  fc.constant({ kind: 'garbage' as const }),
);
const route: fc.Arbitrary<TasmotaRoute> = fc.constantFrom(
  'command',
  'upgrade-page',
  'upload',
  'partition',
  'upload-done',
);

interface Event {
  readonly at: number;
  readonly does:
    | { readonly kind: 'fault'; readonly fault: TasmotaFault }
    | { readonly kind: 'from-now-on'; readonly route: TasmotaRoute; readonly fault: TasmotaFault }
    | { readonly kind: 'offline'; readonly ms: number }
    | { readonly kind: 'pause' | 'reload' | 'cancel' | 'power' };
}

const event: fc.Arbitrary<Event> = fc.record({
  at: fc.integer({ min: 1, max: 25 }),
  does: fc.oneof(
    { weight: 5, arbitrary: fault.map((each) => ({ kind: 'fault' as const, fault: each })) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('from-now-on' as const), route, fault }) },
    { weight: 1, arbitrary: fc.integer({ min: 1000, max: 90_000 }).map((ms) => ({ kind: 'offline' as const, ms })) },
    { weight: 3, arbitrary: fc.constantFrom('pause', 'reload', 'cancel', 'power').map((kind) => ({ kind }) as const) },
  ),
});

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
  events: fc.array(event, { maxLength: 5 }),
  /** Presses after the first one. */
  again: fc.integer({ min: 0, max: 2 }),
});

before(() => TasmotaWorld.ready());

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { isSame, events, again, password, boots, ...given } = plan;
  const world = new TasmotaWorld({
    ...given,
    ...{ boots: () => boots, file: isSame ? OLD : NEW },
    ...(password ? { password: 'secret', saved: { user: 'admin', password: 'secret' } } : { password: null }),
  });
  const { device } = world;
  let lasting: Extract<Event['does'], { kind: 'from-now-on' }> | null = null;
  device.fault = ({ index, route: asked }) => {
    const due = events.filter(({ at }) => at === index);
    let now: TasmotaFault | null = null;
    for (const { does } of due) {
      if (does.kind === 'fault') now = does.fault;
      else if (does.kind === 'from-now-on') lasting = does;
      else if (does.kind === 'offline') {
        world.network.up = false;
        void world.clock.sleep(does.ms).then(() => (world.network.up = true));
      } else if (does.kind === 'pause') {
        world.controls.pause();
        const { controls } = world;
        void world.clock.sleep(5_000).then(() => controls.resume());
      } else if (does.kind === 'power') device.restart();
      else if (does.kind === 'reload') world.reload();
      else world.controls.cancel();
    }
    return now ?? (lasting?.route === asked ? lasting.fault : null);
  };
  await world.clock.pass(30_000);
  for (let press = 0; press <= again; press += 1) {
    const before = world.runsWhich;
    const end = await world.clock.settle(world.start());
    if (end !== null) judge(world, end, before);
    expect(device.requests.length, 'requests').to.be.below(MOST_REQUESTS);
    await world.clock.pass(1_000);
  }
  // What it was in the middle of is over.
  await world.clock.pass(10_000);
  expect(world.runsWhich, 'nothing but whole images run').to.not.equal('other');
}

/** How often each outcome was met. */
const met = new Map<string, number>();

function judge(world: TasmotaWorld, end: Outcome, before: TasmotaWorld['runsWhich']): void {
  met.set(end.outcome, (met.get(end.outcome) ?? 0) + 1);
  const { runsWhich: runs } = world;
  if (end.outcome === 'updated') expect(runs, 'updated').to.equal('file');
  if (end.outcome === 'rolled-back') expect(runs, 'rolled back').to.equal('old');
  if (end.outcome === 'rejected') expect(runs, 'rejected').to.not.equal('other');
  if ('oldFirmware' in end && end.oldFirmware === 'runs')
    expect(runs, `${end.outcome} says the one from before`).to.equal(before);
  const all = world.states.filter((state) => state.phase !== 'ended');
  const early = all.filter(({ phase, progress }) => phase === 'writing' && progress.acknowledged >= progress.total);
  expect(early, 'all of it before the answer').to.have.length(0);
}

describe('any schedule of faults around a Tasmota device', () => {
  it('ends, and claims nothing that is not so', async () => {
    await fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS, endOnFailure: true });
    const outcomes = ['updated', 'accepted', 'failed', 'cancelled'];
    for (const outcome of outcomes) expect(met.get(outcome), outcome).to.be.greaterThan(RUNS / 100);
  });
});
