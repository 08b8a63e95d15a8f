/**
 * The steps of an image that goes whole, except for the upload itself. Each answers with the next step, with the end,
 * or with the error.
 */
import { hasRestarted } from '../../model/device/identity.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import * as limits from '../time-limits.ts';
import { conclude, restartSeen } from './conclude.ts';
import { askIdentity, requestOptions } from './ask-identity.ts';
import { identify } from './identify.ts';
import { endingStep, NotYet, type WholeAsk, type WholeResult } from './whole-step.ts';
import type { WholeRun } from './whole-run.ts';

/** Performs one of them. Rejects with an `UpdateError` where a request of the link fails. */
export async function ask(run: WholeRun, step: Exclude<WholeAsk, { kind: 'upload' }>): Promise<WholeResult> {
  switch (step.kind) {
    case 'identify':
      return identify(run);
    case 'restart':
      return restart(run);
    case 'await-restart':
      return awaitRestart(run);
    case 'prepare':
      return prepare(run);
    case 'await-stand-in':
      return awaitStandIn(run);
    case 'look':
      return look(run);
    case 'ask-to-start':
      return askToStart(run);
  }
}

/**
 * The step for a device that keeps running its old firmware after its “yes”. Null: it need not be asked to restart, or
 * has said that it will.
 */
function startOf(run: WholeRun): WholeResult | null {
  const { link, plan } = run.parts;
  if (link.runsOn !== true || !run.saidYes) return null;
  if (!plan.restart) return { kind: 'end', with: { outcome: 'staged' } };
  return run.saysItStarts ? null : { kind: 'ask-to-start' };
}

async function askToStart(run: WholeRun): Promise<WholeResult> {
  await run.parts.link.restart(requestOptions(run, limits.ASK_TIMEOUT_MS));
  run.saysItStarts = true;
  return new NotYet('not-restarted');
}

async function prepare(run: WholeRun): Promise<WholeResult> {
  const { link } = run.parts;
  if (run.attempt > 0) {
    // It may have restarted since it told what it is, which must not look like a restart after the upload.
    const found = await identify(run);
    if (found instanceof UpdateError || found.kind !== 'prepare') return found;
  }
  if (run.leaves === 'half' && link.release !== undefined) {
    await link.release(requestOptions(run, limits.ASK_TIMEOUT_MS));
    run.half = false;
  }
  await link.prepare(requestOptions(run, limits.ASK_TIMEOUT_MS));
  const is = await link.standAside?.(requestOptions(run, limits.ASK_TIMEOUT_MS));
  if (is !== 'restarting') return { kind: 'upload' };
  run.lookedForMs = 0;
  run.asksForStandIn = true;
  return { kind: 'await-stand-in' };
}

async function awaitStandIn(run: WholeRun): Promise<WholeResult> {
  const identity = await askIdentity(run, limits.RESTART_ASK_TIMEOUT_MS);
  if (identity.standsIn !== true) return new NotYet('not-restarted');
  run.hearBefore(identity);
  run.lookedForMs = 0;
  return { kind: 'prepare' };
}

async function restart(run: WholeRun): Promise<WholeResult> {
  run.restartedFirst = true;
  run.lookedForMs = 0;
  try {
    await run.parts.link.restart(requestOptions(run, limits.ASK_TIMEOUT_MS));
  } catch (error) {
    // It may have restarted before it answered. Whether it does is seen later.
    if (!(error instanceof UpdateError) || error.status !== null || run.parts.controls.cancelled.aborted) throw error;
  }
  return { kind: 'await-restart' };
}

async function awaitRestart(run: WholeRun): Promise<WholeResult> {
  const identity = await askIdentity(run, limits.RESTART_ASK_TIMEOUT_MS);
  const { before } = run;
  if (before === null || hasRestarted(before.identity, identity, run.told.elapsedMs()) !== true)
    return new NotYet('not-restarted');
  run.seeRestart();
  run.hearBefore(identity);
  run.lookedForMs = 0;
  return { kind: 'prepare' };
}

async function look(run: WholeRun): Promise<WholeResult> {
  const { tellsNothing, hidesStart } = run;
  const askedAt = run.parts.ports.clock.now();
  const timeoutMs = hidesStart ? limits.AWAY_AFTER_MS : limits.RESTART_ASK_TIMEOUT_MS;
  const now = await askIdentity(run, timeoutMs).catch((error: unknown) => {
    if (error instanceof UpdateError) run.missAnswer(error.code, askedAt);
    throw error;
  });
  run.presence.hearAgain();
  const before = run.before?.identity ?? now;
  run.now = now;
  run.isHeard = true;
  const { predicted, saidYes } = run;
  const { standIn } = run.told;
  const { wasAway, sawNew } = run.presence;
  const evidence = { before, now, elapsedMs: run.told.elapsedMs(), standIn, predicted, saidYes };
  const mayHoldAnother = run.held.mayBeAnother;
  const is = conclude({ ...evidence, wasAway, sawNew, tellsNothing, mayHoldAnother });
  if (is.kind === 'not-restarted' || is.kind === 'untold') return startOf(run) ?? new NotYet(is.kind);
  // An absence alone does not prove that a half upload is gone.
  if (!tellsNothing || restartSeen(evidence) === true) run.seeRestart();
  if (is.kind === 'updated' && !run.settles()) return new NotYet('settling');
  // The device never had the whole image: it has crashed, or lost its power, and runs what it ran before.
  if (is.kind !== 'updated' && !run.isHandedOver && !sawNew) return run.lost ?? new UpdateError('unconfirmed');
  if (is.kind === 'stands-in') return new UpdateError('stand-in-runs');
  const end = endingStep(is);
  if (end === null) return new UpdateError('unconfirmed');
  return end;
}
