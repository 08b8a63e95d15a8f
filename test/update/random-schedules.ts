/**
 * Random fault schedules: whatever goes wrong, in whatever order, these hold. A failing schedule is printed with its
 * seed and path; `fc.assert(…, { seed, path })` plays it again.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Fault } from '../../src/simulator/faults.ts';
import type { Outcome } from '../../src/update/update-state.ts';
import { World, type WorldOptions } from './world.ts';

/** In each dialect. With fewer, a seed that found a fault here before went unseen in about one run of three. */
export const SCHEDULES = Number(process.env['SCHEDULES'] ?? 10_000);
/** Three blocks, begun with small chunks: half a dozen chunks that grow, short enough for ten thousand runs. */
const IMAGE_BYTES = 10_000;
const FIRST_CHUNK = 1024;
const SLOT_BYTES = 16 * 1024;
/** On a free core it takes a minute and a half; on one that is shared with others several times that. */
export const TIME_LIMIT_MS = 540_000;

const when = fc.constantFrom('before', 'after');
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('drop'), when }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hang'), when }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('status'),
      when,
      status: fc.constantFrom(408, 409, 413, 429, 500, 502, 503, 504),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('status'), when, status: fc.constantFrom(400, 401, 403, 404) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart'), when }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delay'), when, ms: fc.integer({ min: 1, max: 20_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('corrupt'), where: fc.constantFrom('flash', 'wire') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('other-session'), when }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('garbage'), answer: fc.constantFrom('html', 'empty', 'broken-json') }),
  },
);

type Event =
  | { readonly kind: 'fault'; readonly at: number; readonly fault: Fault }
  | { readonly kind: 'offline'; readonly at: number; readonly ms: number }
  | { readonly kind: 'pause'; readonly at: number; readonly ms: number }
  | { readonly kind: 'reload'; readonly at: number }
  | { readonly kind: 'cancel'; readonly at: number };

/** Counted in requests that reach the device; a good run has about a dozen. */
const at = fc.integer({ min: 1, max: 20 });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('fault'), at, fault }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('offline'), at, ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause'), at, ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload'), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel'), at }) },
);

interface Schedule {
  readonly events: readonly Event[];
  readonly rollback: boolean;
  readonly luck: number;
  readonly device: WorldOptions;
}

function schedules(device: fc.Arbitrary<WorldOptions>): fc.Arbitrary<Schedule> {
  return fc.record({
    events: fc.array(event, { maxLength: 6 }),
    rollback: fc.boolean(),
    /** The backoff's dice. */
    luck: fc.constantFrom(0, 0.5, 0.999),
    device,
  });
}

/** Plays a schedule to the end of its last page. */
async function play(schedule: Schedule): Promise<{ world: World; outcome: Outcome }> {
  const world = new World({
    imageBytes: IMAGE_BYTES,
    slotBytes: SLOT_BYTES,
    rollback: schedule.rollback,
    random: () => schedule.luck,
    ...schedule.device,
  });
  const later = (ms: number, then: () => void): void => void world.clock.sleep(ms).then(then);
  world.device.fault = ({ index }) => {
    let found: Fault | null = null;
    for (const one of schedule.events) {
      if (one.at !== index) continue;
      switch (one.kind) {
        case 'fault':
          found ??= one.fault;
          break;
        case 'offline':
          world.network.set(false);
          later(one.ms, () => world.network.set(true));
          break;
        case 'pause': {
          const { controls } = world;
          controls.pause();
          later(one.ms, () => controls.resume());
          break;
        }
        case 'reload':
          world.reload();
          break;
        case 'cancel':
          world.controls.cancel();
          break;
      }
    }
    return found;
  };
  // A page that was closed is opened again, and Update is pressed again, as often as it was closed.
  for (;;) {
    const outcome = await world.clock.settle(world.start({ chunkBytes: FIRST_CHUNK }));
    if (outcome) return { world, outcome };
  }
}

const damagesFlash = ({ events }: Schedule): boolean =>
  events.some((one) => one.kind === 'fault' && one.fault.kind === 'corrupt');

/** What holds at the end, whatever went wrong. That progress never falls within a session is held in every state. */
function hold({ world, outcome }: { world: World; outcome: Outcome }, schedule: Schedule): void {
  const { device } = world;
  expect(device.requestsInFlightMax, 'requests in flight').to.be.at.most(1);
  if (world.dialect === 'shipped') expect(device.bytesProgrammedTwice, 'bytes written twice').to.equal(0);
  switch (outcome.outcome) {
    case 'updated':
      expect(world.runsImage, 'the running slot holds the file').to.equal(true);
      expect(device.markedValid).to.equal(true);
      break;
    case 'accepted':
      // What flash does to bytes after they were hashed a documented device cannot know.
      if (!damagesFlash(schedule)) expect(world.holdsImage, 'what was accepted is the file').to.equal(true);
      break;
    case 'rolled-back':
      expect(device.running).to.equal('ota_0');
      break;
    case 'failed':
      if (outcome.oldFirmware === 'runs') expect(device.running, 'the old firmware runs').to.equal('ota_0');
      break;
    case 'cancelled':
      // Somebody else may have begun since it said so.
      if (outcome.deviceIdle === true) expect(device.session?.expectedSha256).not.to.equal(world.sha256);
      break;
    default:
  }
}

/** Plays ten thousand schedules on devices of a kind and holds each of them to the same promises. */
export async function holdsForAll(device: fc.Arbitrary<WorldOptions>): Promise<void> {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(schedules(device), async (schedule) => {
    const end = await play(schedule);
    hold(end, schedule);
    seen.set(end.outcome.outcome, (seen.get(end.outcome.outcome) ?? 0) + 1);
  });
  // Every stopped timer makes an error, and its stack is a tenth of the whole time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await fc.assert(property, { numRuns: SCHEDULES });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  // A property that only ever saw one end would hold of an engine that never tries.
  expect([...seen.keys()].length, JSON.stringify([...seen])).to.be.at.least(4);
}
