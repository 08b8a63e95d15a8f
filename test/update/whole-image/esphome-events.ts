/** What random schedules of both ways to an ESPHome device share: what happens, and what must hold however it ends. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import type { EsphomeFault, EsphomeRoute, EsphomeWhen } from '../../../src/simulator/esphome/faults.ts';
import type { EsphomeWorld } from './esphome-world.ts';
import type { EsphomeWebWorld } from './esphome-web-world.ts';
import { IMAGE_BYTES } from './whole-world.ts';

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

export interface Event {
  readonly at: number;
  readonly does:
    | { readonly kind: 'fault'; readonly fault: EsphomeFault }
    | { readonly kind: 'from-now-on'; readonly route: EsphomeRoute; readonly fault: EsphomeFault }
    | { readonly kind: 'offline'; readonly ms: number }
    | { readonly kind: 'pause' | 'reload' | 'cancel' | 'power' };
}

export const event: fc.Arbitrary<Event> = fc.record({
  at: fc.integer({ min: 1, max: 20 }),
  does: fc.oneof(
    { weight: 5, arbitrary: fault.map((each) => ({ kind: 'fault' as const, fault: each })) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('from-now-on' as const), route, fault }) },
    { weight: 1, arbitrary: fc.integer({ min: 1000, max: 90_000 }).map((ms) => ({ kind: 'offline' as const, ms })) },
    { weight: 3, arbitrary: fc.constantFrom('pause', 'reload', 'cancel', 'power').map((kind) => ({ kind }) as const) },
  ),
});

/** Has it happen, each at a connection of its number. */
export function happening(world: EsphomeWorld | EsphomeWebWorld, events: readonly Event[]): void {
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
}

/** @param met how often each outcome was met */
export function judge(
  world: EsphomeWorld | EsphomeWebWorld,
  end: Outcome,
  before: EsphomeWorld['runs'],
  met: Map<string, number>,
): void {
  met.set(end.outcome, (met.get(end.outcome) ?? 0) + 1);
  const { runs } = world;
  if (end.outcome === 'updated') expect(runs, 'updated').to.equal('file');
  if (end.outcome === 'rolled-back') expect(runs, 'rolled back').to.equal('old');
  // What an earlier press has sent goes back by itself where it is reset in its first minute.
  const fromBefore = before === 'file' ? ['file', 'old'] : [before];
  if (end.outcome === 'rejected') expect(runs, 'rejected').to.be.oneOf(fromBefore);
  if ('oldFirmware' in end && end.oldFirmware === 'runs')
    expect(runs, `${end.outcome} says the one from before`).to.be.oneOf(fromBefore);
  const all = world.states.filter((state) => state.phase !== 'ended');
  const early = all.filter(({ phase, progress }) => phase === 'writing' && progress.acknowledged >= progress.total);
  expect(early, 'all of it before the answer').to.have.length(0);
}
