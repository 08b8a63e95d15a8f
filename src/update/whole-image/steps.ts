/**
 * The steps of an image that goes whole, except for the upload itself. Each answers with the next step, with the end,
 * or with the error.
 */
import { hasRestarted } from '../../model/device/identity.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { answerOf } from '../answer-of.ts';
import * as limits from '../time-limits.ts';
import { trouble } from '../steps/step.ts';
import { conclude, restartSeen } from './conclude.ts';
import { askIdentity, requestOptions } from './ask-identity.ts';
import { identify } from './identify.ts';
import { withAnswer } from './presence.ts';
import { isHandedOver, lostIn, saidYes, withRestart } from './whole-known.ts';
import { endingStep, isTrouble, notYet, type WholeAsk, type WholeResult } from './whole-step.ts';
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
  const { upload } = run.known;
  if (link.runsOn !== true || upload.kind !== 'taken') return null;
  if (!plan.restart) return { kind: 'end', with: { outcome: 'staged' } };
  return upload.saysItStarts ? null : { kind: 'ask-to-start' };
}

async function askToStart(run: WholeRun): Promise<WholeResult> {
  await run.parts.link.restart(requestOptions(run, limits.ASK_TIMEOUT_MS));
  run.become({ upload: { kind: 'taken', saysItStarts: true } });
  return notYet('not-restarted');
}

async function prepare(run: WholeRun): Promise<WholeResult> {
  const { link } = run.parts;
  if (run.known.tries.attempt > 0) {
    // It may have restarted since it told what it is, which must not look like a restart after the upload.
    const found = await identify(run);
    if (isTrouble(found) || found.kind !== 'prepare') return found;
  }
  if (run.leaves === 'half' && link.release !== undefined) {
    await link.release(requestOptions(run, limits.ASK_TIMEOUT_MS));
    run.become({ half: false });
  }
  await link.prepare(requestOptions(run, limits.ASK_TIMEOUT_MS));
  const is = await link.standAside?.(requestOptions(run, limits.ASK_TIMEOUT_MS));
  if (is !== 'restarting') return { kind: 'upload' };
  run.count({ lookedForMs: 0 });
  run.become({ standIn: 'asked-for' });
  return { kind: 'await-stand-in' };
}

async function awaitStandIn(run: WholeRun): Promise<WholeResult> {
  const identity = await askIdentity(run, limits.RESTART_ASK_TIMEOUT_MS);
  if (identity.standsIn !== true) return notYet('not-restarted');
  run.hearBefore(identity);
  run.count({ lookedForMs: 0 });
  return { kind: 'prepare' };
}

async function restart(run: WholeRun): Promise<WholeResult> {
  run.count({ lookedForMs: 0 });
  run.become({ restartedFirst: true });
  const answer = await answerOf(run.parts.link.restart(requestOptions(run, limits.ASK_TIMEOUT_MS)));
  // It may have restarted before it answered. Whether it does is seen later.
  const mayHaveDone = answer instanceof UpdateError && answer.status === null && !run.parts.controls.cancelled.aborted;
  return answer instanceof UpdateError && !mayHaveDone ? trouble(answer) : { kind: 'await-restart' };
}

async function awaitRestart(run: WholeRun): Promise<WholeResult> {
  const identity = await askIdentity(run, limits.RESTART_ASK_TIMEOUT_MS);
  const { before } = run;
  if (before === null || hasRestarted(before.identity, identity, run.elapsedMs) !== true)
    return notYet('not-restarted');
  run.become(withRestart(run.known));
  run.hearBefore(identity);
  run.count({ lookedForMs: 0 });
  return { kind: 'prepare' };
}

async function look(run: WholeRun): Promise<WholeResult> {
  const { tellsNothing, hidesStart } = run;
  const askedAt = run.parts.ports.clock.now();
  const timeoutMs = hidesStart ? limits.AWAY_AFTER_MS : limits.RESTART_ASK_TIMEOUT_MS;
  const now = await answerOf(askIdentity(run, timeoutMs));
  if (now instanceof UpdateError) {
    run.missAnswer(now.code, askedAt);
    return trouble(now);
  }
  run.become({ presence: withAnswer(run.known.presence, run.parts.ports.clock.now()), now, isHeard: true });
  const { known } = run;
  const { wasAway, sawNew } = known.presence;
  const evidence = run.evidence(now);
  const is = conclude({ ...evidence, saidYes: saidYes(known), wasAway, sawNew, tellsNothing });
  if (is.kind === 'not-restarted' || is.kind === 'untold') return startOf(run) ?? notYet(is.kind);
  // An absence alone does not prove that a half upload is gone.
  if (!tellsNothing || restartSeen(evidence) === true) run.become(withRestart(run.known));
  if (is.kind === 'updated') {
    run.seeNew();
    if (!run.hasSettled) return notYet('settling');
  }
  // The device never had the whole image: it has crashed, or lost its power, and runs what it ran before.
  if (is.kind !== 'updated' && !isHandedOver(known) && !sawNew) {
    const error = lostIn(known);
    return error === null ? trouble(new UpdateError('unconfirmed')) : { kind: 'upload-gone', error };
  }
  if (is.kind === 'stands-in') return trouble(new UpdateError('stand-in-runs'));
  return endingStep(is) ?? trouble(new UpdateError('unconfirmed'));
}
