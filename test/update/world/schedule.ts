/** What can go wrong in a schedule, as data that fast-check makes and shrinks. */
import type { Fault } from '../../../src/simulator/faults.ts';
import type { WorldOptions } from './world.ts';
import { fc } from '../../random.ts';

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
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('corrupt'), where: fc.constant('wire') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('corrupt'), where: fc.constant('flash'), when }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('other-session'), when }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('garbage'), answer: fc.constantFrom('html', 'empty', 'broken-json') }),
  },
);

const ROUTES = ['status', 'begin', 'chunk', 'write', 'finalize', 'mark-valid', 'abort', 'unknown', 'openapi'] as const;

/** The same answer to every request, as a web server gives it. */
export const HOLLOW = [
  '',
  'OK',
  '{}',
  '{"ok": true}',
  '{"status": "ok"}',
  '<!doctype html><title>Hello</title>',
] as const;

export type Event =
  /** From there on these routes give the same answer to everything, and do nothing. */
  | { readonly kind: 'hollow'; readonly at: number; readonly routes: readonly string[]; readonly body: string }
  | { readonly kind: 'fault'; readonly at: number; readonly fault: Fault }
  /** From there on every request to that route goes wrong. */
  | { readonly kind: 'always'; readonly at: number; readonly route: string; readonly fault: Fault }
  | { readonly kind: 'offline'; readonly at: number; readonly ms: number }
  | { readonly kind: 'pause'; readonly at: number; readonly ms: number }
  | { readonly kind: 'reload'; readonly at: number }
  | { readonly kind: 'cancel'; readonly at: number };

/** Counted in requests that reach the device. A good run has about a dozen; retries and a second run have more. */
const at = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 60 }) },
);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ kind: fc.constant('fault'), at, fault }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('always'), at, route: fc.constantFrom(...ROUTES), fault }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('offline'), at, ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pause'), at, ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reload'), at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), at }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('hollow'),
      at,
      routes: fc.subarray([...ROUTES], { minLength: 1 }),
      body: fc.constantFrom(...HOLLOW),
    }),
  },
);

export interface Schedule {
  readonly events: readonly Event[];
  /** How often Update is pressed after an outcome. */
  readonly again: number;
  /** Whether these presses send another build, as people do. */
  readonly sendsNext: false | 'as-large' | 'larger';
  readonly rollback: boolean;
  /** The random numbers of the backoff. */
  readonly luck: number;
  /** Whether the browser sends a POST again by itself. */
  readonly resends: boolean;
  readonly device: WorldOptions;
}

export function schedules(device: fc.Arbitrary<WorldOptions>): fc.Arbitrary<Schedule> {
  return fc.record({
    events: fc.array(event, { maxLength: 6 }),
    again: fc.constantFrom(0, 0, 1, 2),
    sendsNext: fc.constantFrom(false as const, 'as-large' as const, 'larger' as const),
    rollback: fc.boolean(),
    luck: fc.constantFrom(0, 0.5, 0.999),
    resends: fc.boolean(),
    device,
  });
}

const faults = ({ events }: Schedule): readonly Fault[] =>
  events.flatMap((one) => (one.kind === 'fault' || one.kind === 'always' ? [one.fault] : []));

/** Whether the schedule holds a fault of that kind, once or for ever. */
export function holdsFault(schedule: Schedule, kind: Fault['kind']): boolean {
  return faults(schedule).some((one) => one.kind === kind);
}

/** After these it is not known whether the request took effect; any other says that it did not. */
const DOUBTS: readonly number[] = [408, 500, 502, 503, 504];

export function isHollow({ events }: Schedule): boolean {
  return events.some(({ kind }) => kind === 'hollow');
}

/** Whether a yes to "mark this image valid" may be false: nothing that a device tells shows whether it did. */
export function marksNothing({ events }: Schedule): boolean {
  return events.some((one) => one.kind === 'hollow' && one.routes.includes('mark-valid'));
}

export function saysNoAndDoesIt(schedule: Schedule): boolean {
  return faults(schedule).some((one) => one.kind === 'status' && one.when === 'after' && !DOUBTS.includes(one.status));
}
