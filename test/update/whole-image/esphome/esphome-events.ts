/** What the random schedules of both ways to an ESPHome device share: what happens, and what must hold at every end. */
import type { Outcome } from '../../../../src/model/update/update-state.ts';
import type { EsphomeFault, EsphomeRoute, EsphomeWhen } from '../../../../src/simulator/esphome/faults.ts';
import type { EsphomeWorld } from './esphome-world.ts';
import type { EsphomeWebWorld } from './esphome-web-world.ts';
import { happeningsWith, judge, type Met, PRESSES } from '../whole-schedule.ts';
import { IMAGE_BYTES } from '../whole-world.ts';
import { fc } from '../../../random.ts';

/** When something goes wrong on a connection of ESPHome's protocol. */
const whenOnWire: fc.Arbitrary<EsphomeWhen> = fc.oneof(
  fc.constantFrom('before' as const, 'written' as const, 'after' as const),
  fc.integer({ min: 1, max: IMAGE_BYTES }).map((bytes) => ({ bytes })),
);
/** A connection that breaks off or hangs, a device that restarts, a flipped bit. */
export const brokenOnWire: fc.Arbitrary<EsphomeFault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop' as const, 'hang' as const, 'restart' as const), when: whenOnWire }),
  fc.integer({ min: 0, max: IMAGE_BYTES - 1 }).map((at) => ({ kind: 'corrupt' as const, at })),
);
const fault: fc.Arbitrary<EsphomeFault> = fc.oneof(
  { weight: 2, arbitrary: brokenOnWire },
  fc.record({
    kind: fc.constant('error' as const),
    code: fc.constantFrom(0x81, 0x82, 0x83, 0x84, 0x89, 0x8b, 0xff),
    when: fc.constantFrom('sign-in' as const, 'prepare' as const, 'end' as const, { bytes: 9_000 }),
  }),
  fc.constant({ kind: 'garbage' as const }),
);

/** What the device does after an update, what it and the file tell of themselves, what happens, and how often Update is pressed. */
export const AROUND = {
  boots: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
  comesBack: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
  crashesAfterMs: fc.constantFrom(null, null, null, 5_000, 30_000, 58_000),
  api: fc.constantFrom('plain' as const, 'plain' as const, 'encrypted' as const, 'none' as const),
  announces: fc.boolean(),
  fileSaysBuild: fc.boolean(),
  events: happeningsWith<EsphomeRoute, EsphomeFault>(['ota', 'api'], fault, 20),
  ...PRESSES,
} as const;

/** @param met how often each outcome was met */
export function judgeEsphome(
  world: EsphomeWorld | EsphomeWebWorld,
  end: Outcome,
  before: EsphomeWorld['runs'],
  met: Met,
): void {
  // An image of an earlier press is rolled back where it is reset in its first minute.
  const fromBefore = before === 'old' ? ['old'] : [before, 'earlier', 'old'];
  judge(world, end, fromBefore, met);
}
