/**
 * Runs one update of a device that takes the image whole: the part of `runUpdate` for such a link. Loaded when there is
 * one.
 */
import { UpdateError } from '../../model/update/update-error.ts';
import type { ActiveState, UpdateState } from '../../model/update/update-state.ts';
import { answerOf, resultOf } from '../answer-of.ts';
import { beforeNextTry, type Now, restarting, waitAfter, waiting } from '../meanwhile.ts';
import { RESTART_ASK_TIMEOUT_MS } from '../time-limits.ts';
import { wait } from '../wait.ts';
import { decideWhole, type WholeView } from './decide-whole.ts';
import { outcomeOf, outcomeOfCancel, outcomeOfError, settleJournal } from './outcome.ts';
import { ask } from './steps.ts';
import { upload } from './upload.ts';
import { WholeRun } from './whole-run.ts';
import type { WholeRunParts } from './whole-run-parts.ts';
import { withAnswerMissed } from './held-image.ts';
import { sentIn } from './whole-known.ts';
import { isTrouble, type WholeAsk, type WholeResult, type WholeStep } from './whole-step.ts';

/** Yields every state, the last one is the outcome. Throws only for a defect. */
export async function* runWholeImage(parts: WholeRunParts): AsyncGenerator<UpdateState, void, void> {
  const { ports, controls } = parts;
  const run = new WholeRun(parts);
  let step: WholeStep = { kind: 'identify' };
  for (;;) {
    if (step.kind === 'end') {
      yield await settleJournal(run, outcomeOf(run, step.with));
      return;
    }
    // A function, since TypeScript would not expect the value to change.
    const isCancelled = (): boolean => controls.cancelled.aborted;
    if (isCancelled()) {
      await takeBack(run);
      await release(run);
      yield await settleJournal(run, outcomeOfCancel(run));
      return;
    }
    const isPaused = (): boolean => controls.paused;
    if (isPaused()) {
      run.meter.resetSpeed();
      yield waiting(now(run), 'paused');
      await wait(null, ports, controls);
      // While nothing was sent, the device may have restarted, or been replaced by another one.
      if (step.kind === 'prepare' || step.kind === 'upload') step = { kind: 'identify' };
      continue;
    }
    const tried: WholeAsk = step;
    const startedAt = ports.clock.now();
    if (tried.kind !== 'upload') yield active(run, tried);
    const result: WholeResult =
      tried.kind === 'upload'
        ? yield* upload(run, (more) => active(run, tried, more))
        : await resultOf(ask(run, tried));
    if (!isTrouble(result)) {
      run.count({ attempt: 0 });
      step = result;
      continue;
    }
    const error = result.kind === 'not-yet' ? null : result.error;
    if (error?.status === null) run.become({ held: withAnswerMissed(run.known.held) });
    if (isCancelled()) continue;
    const decided = decideWhole(viewOf(run), tried, result, ports.clock.now() - startedAt);
    run.follow(decided);
    const { decision } = decided;
    if (decision.kind !== 'go-on') {
      // Not needed after this error: the old firmware has just answered.
      if (!(decision.kind === 'failed' && decision.error.code === 'not-set-aside')) await takeBack(run);
      const during = phaseOf(run, tried);
      if (decision.kind === 'failed') await release(run);
      yield await settleJournal(run, outcomeOfError(run, decision, during));
      return;
    }
    step = decision.step;
    if (isPaused()) continue;
    const shown = beforeNextTry(now(run), decision, decision.after, run.known.tries.attempt);
    if (shown !== null) yield shown;
    await waitAfter(error, decision, ports, controls);
  }
}

/** The device may be restarting, and can be asked after that. */
const TAKE_BACK_TRIES = 10;
const TAKE_BACK_EVERY_MS = 3_000;

/**
 * Has the old firmware start again, where it was set aside for an upload that never began. Does not wait until it runs.
 */
async function takeBack(run: WholeRun): Promise<void> {
  const { link, ports } = run.parts;
  if (!run.isSetAside || run.known.uploads > 0 || link.takeBack === undefined) return;
  const { signal } = new AbortController();
  for (let tries = 0; tries < TAKE_BACK_TRIES; tries += 1) {
    const answer = await answerOf(link.takeBack({ signal, timeoutMs: RESTART_ASK_TIMEOUT_MS }));
    if (!(answer instanceof UpdateError)) return;
    await ports.clock.sleep(TAKE_BACK_EVERY_MS, signal);
  }
}

/** Few tries, since a person waits for them, and the next update of this device tries again. */
const RELEASE_TRIES = 2;
const RELEASE_EVERY_MS = 1_000;

/** Removes a half upload beside which others would be refused, where that can be done. */
async function release(run: WholeRun): Promise<void> {
  const { link, ports } = run.parts;
  if (run.leaves !== 'half' || link.release === undefined) return;
  const { signal } = new AbortController();
  for (let left = RELEASE_TRIES; left > 0; left -= 1) {
    const answer = await answerOf(link.release({ signal, timeoutMs: RESTART_ASK_TIMEOUT_MS }));
    if (!(answer instanceof UpdateError)) {
      run.become({ half: false });
      return;
    }
    if (left > 1) await ports.clock.sleep(RELEASE_EVERY_MS, signal);
  }
}

function viewOf(run: WholeRun): WholeView {
  const { ports, plan } = run.parts;
  return {
    known: run.known,
    halfLeft: run.leaves === 'half' && run.parts.link.release === undefined,
    tellsNothing: run.tellsNothing,
    maySeemUnchanged: run.hidesStart && !run.showsOld,
    patienceMs: plan.patienceMs,
    isOnline: ports.connectivity.online(),
    jitter: ports.random(),
  };
}

function phaseOf(run: WholeRun, step: WholeAsk): Exclude<ActiveState['phase'], 'waiting' | 'retrying'> {
  switch (step.kind) {
    case 'identify':
      return 'checking';
    case 'restart':
    case 'prepare':
      return 'beginning';
    case 'upload':
      return sentIn(run.known) === 'all' ? 'finalizing' : 'writing';
    case 'await-restart':
    case 'await-stand-in':
    case 'look':
    case 'ask-to-start':
      return 'restarting';
  }
}

function now(run: WholeRun): Now {
  const overwrites = run.before?.identity.overwrites === true;
  return {
    ...{ dialect: run.parts.link.dialect, progress: run.progress(), startedOver: run.known.startedOver },
    ...(overwrites && { overwrites }),
  };
}

function active(run: WholeRun, step: WholeAsk, more: Pick<ActiveState, 'pause'> = {}): ActiveState {
  const phase = phaseOf(run, step);
  if (phase !== 'restarting') return { ...now(run), phase, ...more };
  const shown = restarting(now(run), run.known.tries.lookedForMs, run.parts.plan);
  return run.isSettling ? { ...shown, settling: true } : shown;
}
