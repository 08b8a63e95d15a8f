/** Whatever goes wrong, and whoever presses what: what is said of an update by ESPHome's own protocol is so. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import type { EsphomeFault, EsphomeRoute, EsphomeWhen } from '../../../src/simulator/esphome/faults.ts';
import { EsphomeWorld, NEW, OLD } from './esphome-world.ts';
import { IMAGE_BYTES, ready } from './whole-world.ts';

const RUNS = Math.min(400, Number(process.env['SCHEDULES'] ?? 400));
const MOST_CONNECTIONS = 3_000;

const when: fc.Arbitrary<EsphomeWhen> = fc.oneof(
  fc.constantFrom('before' as const, 'written' as const, 'after' as const),
  fc.integer({ min: 1, max: IMAGE_BYTES }).map((bytes) => ({ bytes })),
);
const fault: fc.Arbitrary<EsphomeFault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop' as const, 'hang' as const, 'restart' as const), when }),
  fc.integer({ min: 0, max: IMAGE_BYTES - 1 }).map((at) => ({ kind: 'corrupt' as const, at })),
  fc.record({
    kind: fc.constant('error' as const),
    code: fc.constantFrom(0x81, 0x82, 0x83, 0x84, 0x89, 0x8b, 0xff),
    when: fc.constantFrom('sign-in' as const, 'prepare' as const, 'end' as const, { bytes: 9_000 }),
  }),
  fc.constant({ kind: 'garbage' as const }),
);
const route: fc.Arbitrary<EsphomeRoute> = fc.constantFrom('ota', 'api');

interface Event {
  readonly at: number;
  readonly does:
    | { readonly kind: 'fault'; readonly fault: EsphomeFault }
    | { readonly kind: 'from-now-on'; readonly route: EsphomeRoute; readonly fault: EsphomeFault }
    | { readonly kind: 'offline'; readonly ms: number }
    | { readonly kind: 'pause' | 'reload' | 'cancel' | 'power' };
}

const event: fc.Arbitrary<Event> = fc.record({
  at: fc.integer({ min: 1, max: 20 }),
  does: fc.oneof(
    { weight: 5, arbitrary: fault.map((each) => ({ kind: 'fault' as const, fault: each })) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('from-now-on' as const), route, fault }) },
    { weight: 1, arbitrary: fc.integer({ min: 1000, max: 90_000 }).map((ms) => ({ kind: 'offline' as const, ms })) },
    { weight: 3, arbitrary: fc.constantFrom('pause', 'reload', 'cancel', 'power').map((kind) => ({ kind }) as const) },
  ),
});

const schedule = fc.record({
  /** The file's version, and its build: the same as the device's, or another. */
  file: fc.constantFrom(NEW, NEW, NEW, { ...OLD, builtAt: NEW.builtAt }, OLD),
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  crashesAfterMs: fc.constantFrom(null, null, null, 5_000, 30_000, 58_000),
  api: fc.constantFrom('plain' as const, 'plain' as const, 'encrypted' as const, 'none' as const),
  announces: fc.boolean(),
  hashes: fc.boolean(),
  otaVersion: fc.constantFrom(1 as const, 2 as const),
  password: fc.boolean(),
  events: fc.array(event, { maxLength: 5 }),
  /** Presses after the first one. */
  again: fc.integer({ min: 0, max: 2 }),
});

before(() => ready('esphome'));

async function play(plan: typeof schedule extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { file, boots, events, again, password, hashes, ...device } = plan;
  const world = new EsphomeWorld({
    ...{ ...device, file, boots: () => boots },
    configHash: hashes ? (image) => `${image.length}` : null,
    ...(password ? { password: 'geheim', token: 'geheim' } : {}),
  });
  let lasting: Extract<Event['does'], { kind: 'from-now-on' }> | null = null;
  world.device.fault = ({ index, route: asked }) => {
    const due = events.filter(({ at }) => at === index);
    let now: EsphomeFault | null = null;
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
      } else if (does.kind === 'power') world.device.restart();
      else if (does.kind === 'reload') world.reload();
      else world.controls.cancel();
    }
    return now ?? (lasting?.route === asked ? lasting.fault : null);
  };
  await world.clock.pass(120_000);
  for (let press = 0; press <= again; press += 1) {
    const before = world.runs;
    const end = await world.clock.settle(world.start());
    if (end !== null) judge(world, end, before);
    const { ota, api } = world.device.connections;
    expect(ota + api, 'connections').to.be.below(MOST_CONNECTIONS);
    await world.clock.pass(1_000);
  }
  await world.clock.pass(10_000);
  expect(world.runs, 'nothing but whole images run').to.not.equal('other');
}

/** How often each outcome was met. */
const met = new Map<string, number>();

function judge(world: EsphomeWorld, end: Outcome, before: EsphomeWorld['runs']): void {
  met.set(end.outcome, (met.get(end.outcome) ?? 0) + 1);
  const { runs } = world;
  if (end.outcome === 'updated') expect(runs, 'updated').to.equal('file');
  if (end.outcome === 'rolled-back') expect(runs, 'rolled back').to.equal('old');
  if (end.outcome === 'rejected') expect(runs, 'rejected').to.equal(before);
  if ('oldFirmware' in end && end.oldFirmware === 'runs')
    expect(runs, `${end.outcome} says the one from before`).to.equal(before);
  const all = world.states.filter((state) => state.phase !== 'ended');
  const early = all.filter(({ phase, progress }) => phase === 'writing' && progress.acknowledged >= progress.total);
  expect(early, 'all of it before the answer').to.have.length(0);
}

describe('any schedule of faults around an update by ESPHome’s own protocol', () => {
  it('ends, and claims nothing that is not so', async () => {
    await fc.assert(fc.asyncProperty(schedule, play), { numRuns: RUNS, endOnFailure: true });
    const outcomes = ['updated', 'accepted', 'rolled-back', 'failed', 'cancelled'];
    for (const outcome of outcomes) expect(met.get(outcome), outcome).to.be.greaterThan(RUNS / 100);
  });
});
