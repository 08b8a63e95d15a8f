/** What `decide` is given, and what is expected of it. */
import { expect } from 'chai';
import type { Decision } from '../../../src/update/decision.ts';
import { decide } from '../../../src/update/decide.ts';
import { FIRST_WINDOW_MS } from '../../../src/update/backoff.ts';
import type { Run } from '../../../src/update/run.ts';
import type { Ask } from '../../../src/update/steps/step.ts';
import type { UpdateErrorCode } from '../../../src/model/update/error-codes.ts';
import { UpdateError } from '../../../src/model/update/update-error.ts';
import { Bench, LUCK, ScriptedLink, seen } from './scripted.ts';

export const shipped = () => new ScriptedLink();
export const counting = () => new ScriptedLink('documented', true);
export const mute = () => new ScriptedLink('documented', false);

export const MARK: Ask = { kind: 'mark-valid' };
export const BEGIN: Ask = { kind: 'begin', force: false };
export const dropped = new UpdateError('unreachable');
export const silent = new UpdateError('silent');
export const later = new UpdateError('busy', { status: 503, retryAfterMs: 20_000 });
export const FIRST_DELAY = Math.round(LUCK * FIRST_WINDOW_MS);

/** A run on a device of that kind, whose session is open. */
export function begun(link = shipped(), changes: Parameters<Bench['run']>[0] = {}): Run {
  return new Bench(link).begunRun(4096, changes);
}

/** A run in the middle of a chunk. */
export function writing(link = shipped()): Run {
  const run = begun(link);
  // The chunk before it had the same size.
  run.pace.countGood(4096, 1);
  run.meter.send({ start: 4096, end: 8192 });
  return run;
}

export function offline(run: Run): Run {
  Object.assign(run, { ports: { ...run.ports, connectivity: { ...run.ports.connectivity, online: () => false } } });
  return run;
}

/** Decides, and does what was decided. */
export function after(run: Run, step: Ask, error: UpdateError, tookMs = 0): Decision {
  const decided = decide(run.view(LUCK), step, error, tookMs);
  run.follow(decided);
  return decided.decision;
}

export const goesOn = (step: Ask, delayMs: number, show: string | null) => ({
  kind: 'go-on',
  step,
  delayMs,
  show,
});

/** Expects a begin from nothing, with the reason noted. */
export function startsOver(
  run: Run,
  step: Ask,
  error: UpdateError,
  delayMs = FIRST_DELAY,
  show: 'retrying' | 'offline' | 'web-page' = 'retrying',
): void {
  expect(after(run, step, error)).to.deep.equal(goesOn(BEGIN, delayMs, show));
  expect(seen(run).startedOver).to.equal(error.code);
  expect(run.meter.acknowledged).to.equal(0);
}

/** Expects `failed` with that code; returns the error. */
export function failure(decision: Decision, code: UpdateErrorCode): UpdateError {
  if (decision.kind !== 'failed') throw new Error(`not failed: ${JSON.stringify(decision)}`);
  expect(decision.error.code).to.equal(code);
  return decision.error;
}
