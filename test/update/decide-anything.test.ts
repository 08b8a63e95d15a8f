import { expect } from 'chai';
import { TRAITS } from '../../src/model/device/dialect.ts';
import { ERROR_FACTS, type UpdateErrorCode } from '../../src/model/update/error-codes.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import { decide } from '../../src/update/decide.ts';
import type { View } from '../../src/update/decision.ts';
import { NOTHING_KNOWN } from '../../src/update/known.ts';
import type { Opened, Session } from '../../src/update/session.ts';
import type { Ask } from '../../src/update/steps/step.ts';
import { left, NEW } from './scripted/scripted.ts';
import { fc, howMany } from '../random.ts';

const CODES = Object.keys(ERROR_FACTS) as UpdateErrorCode[];
const STEPS: readonly Ask[] = [
  ...(['open', 'check', 'write', 'ask', 'finalize', 'look', 'mark-valid'] as const).map((kind) => ({ kind })),
  { kind: 'begin', force: false },
  { kind: 'begin', force: true },
];

const opened: fc.Arbitrary<Opened> = fc.record({
  id: fc.option(fc.constantFrom('7', '8')),
  slot: fc.option(fc.constant(NEW)),
  sentTo: fc.nat(20_000),
  isShown: fc.boolean(),
});
const session: fc.Arbitrary<Session> = fc.oneof(
  fc.constant<Session>({ kind: 'none' }),
  fc.option(opened).map((earlier): Session => ({ kind: 'begin-in-doubt', earlier })),
  opened.map((one): Session => ({ kind: 'open', ...one })),
  opened.map((one): Session => ({ kind: 'over', ...one })),
  fc
    .tuple(opened, fc.constantFrom('none', 'yes', 'taken'))
    .map(([one, answer]): Session => ({ kind: 'handed-over', answer, ...one })),
);
const tries = fc.record({
  attempt: fc.nat(40),
  sessionWaits: fc.nat(70),
  finalizeFailures: fc.nat(5),
  finalizeError: fc.option(fc.constantFrom(...CODES).map((code) => new UpdateError(code))),
  markFailures: fc.nat(6),
  offlineWaits: fc.nat(70),
  lookedForMs: fc.nat(200_000),
});
const link = fc.record({
  traits: fc.constantFrom(...Object.values(TRAITS).filter((each) => each.sends === 'chunks')),
  tellsStatus: fc.boolean(),
  certain: fc.boolean(),
});
const view: fc.Arbitrary<View> = fc
  .record({
    session,
    tries,
    left: fc.option(fc.constantFrom(left(), left({ phase: 'restarting' }), left({ dialect: 'documented' }))),
    guessRefused: fc.option(fc.constant(new UpdateError('unauthorised'))),
    finalizeSent: fc.boolean(),
    link: fc.option(link),
    takeOver: fc.option(fc.constant('8')),
    acknowledged: fc.nat(20_000),
    inFlight: fc.option(fc.constant({ start: 4096, end: 8192 })),
    sessionRestarts: fc.nat(6),
    isOnline: fc.boolean(),
    jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    isBlamed: fc.boolean(),
  })
  .map(({ session, tries, left, guessRefused, finalizeSent, takeOver, isBlamed, ...seen }) => ({
    ...seen,
    known: { ...NOTHING_KNOWN, session, tries, left, guessRefused, finalizeSent },
    plan: { takeOver },
    blamesSize: () => isBlamed,
  }));
const error = fc
  .record({
    code: fc.constantFrom(...CODES),
    status: fc.option(fc.constantFrom(200, 408, 409, 413, 429, 500, 503), { nil: undefined }),
    retryAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
    byOtherServer: fc.boolean(),
  })
  .map(
    ({ code, status, retryAfterMs, byOtherServer }) =>
      new UpdateError(code, {
        byOtherServer,
        ...(status === undefined ? {} : { status }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      }),
  );

/** Freezes it deeply, so that a write to it throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || value instanceof Error) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

describe('whatever goes wrong in whatever step, with whatever is known', () => {
  it('is answered, the same each time, and without a change to what was known', () => {
    fc.assert(
      fc.property(view, error, fc.nat(60_000), (seen, wrong, tookMs) => {
        frozen(seen);
        for (const step of STEPS) {
          const decided = decide(seen, step, wrong, tookMs);
          expect(decide(seen, step, wrong, tookMs).decision.kind).to.equal(decided.decision.kind);
          if (decided.decision.kind === 'go-on') expect(decided.decision.delayMs).to.be.at.least(0);
        }
      }),
      { numRuns: howMany(3000) },
    );
  });

  it('never goes on for ever: each answer that goes on has counted something, or takes back a guess or a size', () => {
    fc.assert(
      fc.property(view, error, fc.nat(60_000), (seen, wrong, tookMs) => {
        for (const step of STEPS) {
          const { decision, known, effects } = decide(seen, step, wrong, tookMs);
          if (decision.kind !== 'go-on') continue;
          const isCounted = JSON.stringify(known) !== JSON.stringify(seen.known);
          const isTakenBack = effects.some(({ kind }) => kind === 'take-back');
          const isSeenNext = step.kind === 'finalize' && decision.step.kind === 'look';
          expect(isCounted || isTakenBack || isSeenNext, `${step.kind} ${wrong.code}`).to.equal(true);
        }
      }),
      { numRuns: howMany(3000) },
    );
  });

  it('starts a session over only where a chunk cannot be sent twice', () => {
    fc.assert(
      fc.property(view, error, (seen, wrong) => {
        for (const step of STEPS) {
          const { effects } = decide(seen, step, wrong, 0);
          if (!effects.some(({ kind }) => kind === 'start-over')) continue;
          const cannot = seen.link === null || !seen.link.tellsStatus || !seen.link.traits.writesAreIdempotent;
          expect(cannot, `${step.kind} ${wrong.code}`).to.equal(true);
        }
      }),
      { numRuns: howMany(3000) },
    );
  });
});
