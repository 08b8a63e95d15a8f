/** What becomes of an update after an error: the one place that decides on retry. */
import { wasHandedOver } from './preflight.ts';
import { askedFor, backoff, isDoubt, isWorthAnotherTry, LONGEST_ASKED_FOR_MS, retryDelay } from './retry.ts';
import type { Run } from './run.ts';
import { Refusal, type Step } from './step.ts';
import { DEFAULT_PATIENCE_MS, RESTART_ASK_EVERY_MS } from './time-limits.ts';
import type { UpdateError } from '../model/update-error.ts';
import type { WaitReason } from '../model/update-state.ts';
import { TRAITS } from '../model/dialect.ts';
import { factsOf } from '../model/error-codes.ts';

/** A documented session that is started over costs the whole upload; a link that loses more than this needs a person. */
export const SESSION_RESTARTS_AT_MOST = 5;
/** The time limit of a documented device's session is not published: ask every 10 s … */
export const SESSION_WAIT_MS = 10_000;
/** … for ten minutes, longer than any session limit seen in such servers. */
export const SESSION_WAITS_AT_MOST = 60;
/** Browsers do not always tell that the network is back: look by ourselves this often … */
export const OFFLINE_LOOK_MS = 30_000;
/** … for half an hour without one byte; then the person decides, and nothing is lost. */
export const OFFLINE_WAITS_AT_MOST = 60;
/** A device that fails to take a whole image this often refuses it. */
export const FINALIZE_FAILURES_AT_MOST = 3;
/** A device that answers, and fails to mark its image this often, cannot. */
export const MARK_FAILURES_AT_MOST = 5;

export type Decision =
  | {
      readonly kind: 'go-on';
      readonly step: Step;
      readonly delayMs: number;
      /** What the person sees meanwhile; null: nothing worth a word. */
      readonly show: 'retrying' | WaitReason | null;
    }
  | { readonly kind: 'rejected'; readonly said: string | null }
  | { readonly kind: 'not-seen-again' }
  | { readonly kind: 'staged' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly error: UpdateError };

/**
 * @param step the step that failed
 * @param tookMs milliseconds from the step's start to its error
 */
export function decide(run: Run, step: Step, error: UpdateError, tookMs: number): Decision {
  // Once it has said yes, the session that another finalize speaks of is somebody else's.
  if (error.code === 'hash-mismatch')
    return run.saidYes ? fail('unconfirmed', error) : { kind: 'rejected', said: error.said };
  if (isOffline(run, error)) return waitForNetwork(run, step, error, 'offline');
  // Where there was a device, somebody else answers in its place: a sign-in, or another network.
  if (error.code === 'web-page' && (run.opens || run.begun || wasHandedOver(run.left)))
    return waitForNetwork(run, step, error, 'web-page');
  const isOver = factsOf(error.code).session.spoilt;
  if (isOver && !run.link.traits.writesAreIdempotent && step.kind !== 'finalize') return startOver(run, error);
  if (showsWrongGuess(run, step, error)) {
    run.guessRefused = error;
    run.misbegun = run.session?.id ?? null;
    return goOn({ kind: 'open' }, 0, null);
  }
  if (step.kind === 'look') return lookAgain(run, error, tookMs);
  // It said yes to the finalize, and restarts.
  if (step.kind === 'ask' && run.saidYes && isWorthAnotherTry(error.code))
    return untilPatienceEnds(run, step, error, tookMs);
  if (step.kind === 'mark-valid') return markAgain(run, error);
  if (step.kind === 'finalize') return afterFinalizeError(run, error, tookMs);
  if (step.kind === 'write') return afterWriteError(run, error);
  if (step.kind === 'begin' && error.code === 'conflict') return afterBeginConflict(run, error);
  // A begin in doubt is settled by asking, where the device can be asked.
  const next: Step = step.kind === 'begin' && run.link.tellsStatus ? { kind: 'check' } : step;
  return tryAgain(run, next, error);
}

/**
 * A dialect was taken for the device's without an answer that shows it. In the other one the token has another header,
 * or, where a device wants none, chunks go elsewhere.
 */
function showsWrongGuess({ linkIfOpen, guessRefused, meter }: Run, step: Step, { code }: UpdateError): boolean {
  if (guessRefused || linkIfOpen?.certain !== false) return false;
  return step.kind === 'begin'
    ? code === 'unauthorised'
    : step.kind === 'write' && code === 'no-route' && meter.acknowledged === 0;
}

function isOffline(run: Run, error: UpdateError): boolean {
  return factsOf(error.code).engine.offline && !run.ports.connectivity.online();
}

function waitForNetwork(run: Run, step: Step, error: UpdateError, why: 'offline' | 'web-page'): Decision {
  run.offlineWaits++;
  if (run.offlineWaits > OFFLINE_WAITS_AT_MOST) return why === 'offline' ? fail('no-progress', error) : failWith(error);
  // It may have left before the network did: "no session" then means what it means after any lost answer.
  if (step.kind === 'finalize' && !isLookedFor(run)) run.finalizeFailures++;
  if (step.kind === 'write') {
    run.meter.stumbled();
    if (!run.link.tellsStatus) return startOver(run, error, OFFLINE_LOOK_MS, why);
  }
  return goOn(afterDoubt(run, step), OFFLINE_LOOK_MS, why);
}

/** Where to go on after a step whose effect is not known. */
function afterDoubt(run: Run, step: Step): Step {
  switch (step.kind) {
    case 'write':
      return { kind: 'ask' };
    case 'begin':
      return run.link.tellsStatus ? { kind: 'check' } : step;
    case 'finalize':
    case 'mark-valid':
      return isLookedFor(run) ? { kind: 'look' } : step;
    case 'open':
    case 'check':
    case 'ask':
    case 'look':
    case 'end':
      return step;
  }
}

/** Whether a restart shows what became of the finalize. Else only its answer does, and it is asked for once more. */
function isLookedFor({ link }: Run): boolean {
  return link.traits.provesWhatRuns !== 'nothing';
}

function tryAgain(run: Run, step: Step, error: UpdateError): Decision {
  run.attempt++;
  const delayMs = retryDelay(error, run.attempt, run.opens || wasHandedOver(run.left), run.ports.random);
  if (delayMs !== null) return goOn(step, delayMs, 'retrying');
  return isWorthAnotherTry(error.code) && run.opens ? fail('no-progress', error) : failWith(error);
}

function afterWriteError(run: Run, error: UpdateError): Decision {
  const isGone = error.code === 'session-lost';
  if (!isWorthAnotherTry(error.code) && !isGone) return failWith(error);
  const inFlight = run.progress().inFlight;
  // Nobody can say whether the bytes were taken: sending them again could write them twice.
  const lost = !run.link.tellsStatus && (isDoubt(error) || error.code === 'conflict' || isGone);
  if (run.pace.failed(error, inFlight ? inFlight.end - inFlight.start : 0) && !lost) {
    // It was too large, which is no trouble of the way: a size is found out like this once. What was refused in so many
    // words was not taken; of anything else the device tells.
    run.meter.tookBack();
    return goOn({ kind: error.code === 'body-too-large' ? 'write' : 'ask' }, 0, null);
  }
  run.meter.stumbled();
  if (asksForLongerThanItsSessionLasts(run, error)) return failWith(error);
  if (run.link.tellsStatus) return tryAgain(run, { kind: 'ask' }, error);
  if (lost) return startOver(run, error);
  return tryAgain(run, { kind: 'write' }, error);
}

/** A documented session runs out by itself, sooner than anybody would wait for what is asked here. */
function asksForLongerThanItsSessionLasts({ link }: Run, { code, retryAfterMs }: UpdateError): boolean {
  return code === 'busy' && link.traits.sessionEndsBy === 'timeout' && (retryAfterMs ?? 0) > LONGEST_ASKED_FOR_MS;
}

function startOver(
  run: Run,
  error: UpdateError,
  delayMs?: number,
  show: 'retrying' | 'offline' | 'web-page' = 'retrying',
): Decision {
  if (run.meter.sessionRestarts >= SESSION_RESTARTS_AT_MOST) return fail('restarts-used-up', error);
  run.startOver(error.code);
  run.attempt++;
  // The tries since the last acknowledged byte widen it: restarts are few, and a bad second must not use them all up.
  const delay = delayMs ?? Math.max(askedFor(error), backoff(run.attempt, run.ports.random));
  return goOn({ kind: 'begin', force: false }, delay, show);
}

/**
 * A browser sends a POST again by itself when a connection that was used before breaks without an answer: "session
 * already active" may then speak of the session that the first of the two opened. Who can be asked tells whose it is.
 */
export function mayBeAnswerToResend({ link, plan, session }: Run, { code }: UpdateError): boolean {
  if (code !== 'conflict' || !link.tellsStatus) return false;
  // A documented session cannot be ended from here: the one that this run has left, or takes over, is still open.
  return link.traits.sessionEndsBy === 'abort' || (plan.takeOver === null && session === null);
}

function afterBeginConflict(run: Run, error: UpdateError): Decision {
  if (mayBeAnswerToResend(run, error)) return tryAgain(run, { kind: 'check' }, error);
  // A documented device cannot be told to stop, nor asked whose session it is: ours, where the answer to a begin was
  // lost, also one that the browser sent again by itself. Whosever it is, it runs out.
  run.sessionWaits++;
  if (run.sessionWaits <= SESSION_WAITS_AT_MOST)
    return goOn({ kind: 'begin', force: false }, SESSION_WAIT_MS, 'device-session');
  const mayBeOurs =
    run.begun ||
    (run.left !== null && TRAITS[run.left.dialect].sessionEndsBy === 'timeout') ||
    run.plan.takeOver !== null;
  return mayBeOurs ? fail('no-progress', error) : failWith(new Refusal('other-session'));
}

function afterFinalizeError(run: Run, error: UpdateError, tookMs: number): Decision {
  const gone = factsOf(error.code).device.answer === 'none';
  if (!isLookedFor(run)) return afterUnprovenFinalize(run, error, tookMs);
  if (!isWorthAnotherTry(error.code)) return failWith(error);
  // A dropped connection is the normal way of a restart; the status tells what came of it.
  if (!gone) {
    run.finalizeFailures++;
    run.finalizeError = error;
  }
  run.note('restarting');
  return goOn({ kind: 'look' }, gone ? 0 : untilNextLook(error), null);
}

function afterUnprovenFinalize(run: Run, error: UpdateError, tookMs: number): Decision {
  const isGone = error.code === 'session-lost';
  // It said yes, and its session is gone since: only a device that took the image says both.
  if (run.saidYes && isGone && run.sessionShown) return { kind: 'accepted' };
  const isSpoilt = error.code === 'session-spoilt';
  const noSession = factsOf(error.code).session.maybeNone;
  // After a yes, or a finalize without an answer, another's session may be counted here, and ours was taken.
  if ((noSession || isSpoilt) && (run.saidYes || run.finalizeFailures > 0)) return fail('unconfirmed', error);
  if (isSpoilt) return startOver(run, error);
  // It may be the answer to the same finalize sent a second time by the browser, and the first was taken.
  if (error.code === 'conflict' || isGone) {
    return run.link.tellsStatus ? tryAgain(run, { kind: 'ask' }, error) : fail('unconfirmed', error);
  }
  if (!isWorthAnotherTry(error.code)) return failWith(error);
  if (isDoubt(error)) run.finalizeFailures++;
  return untilPatienceEnds(run, { kind: 'finalize' }, error, tookMs);
}

function lookAgain(run: Run, error: UpdateError, tookMs: number): Decision {
  if (error.code === 'not-finalized') return finalizeAgain(run, error);
  if (!isWorthAnotherTry(error.code)) return failWith(error);
  return untilPatienceEnds(run, { kind: 'look' }, error, tookMs);
}

function finalizeAgain(run: Run, error: UpdateError): Decision {
  const { finalizeFailures, finalizeError } = run;
  if (finalizeError && finalizeFailures > FINALIZE_FAILURES_AT_MOST) {
    return finalizeError.code === 'device-fault'
      ? { kind: 'rejected', said: finalizeError.said }
      : fail('no-progress', finalizeError);
  }
  // Whatever swallows one finalize may swallow them all: the tries since the last byte count them.
  return tryAgain(run, { kind: 'finalize' }, error);
}

function untilPatienceEnds(run: Run, step: Step, error: UpdateError, tookMs: number): Decision {
  const delayMs = untilNextLook(error);
  // A phone that slept in between has not looked: only time spent asking counts.
  run.lookedForMs += Math.min(tookMs, LONGEST_LOOK_MS) + delayMs;
  if (run.lookedForMs < (run.plan.patienceMs ?? DEFAULT_PATIENCE_MS)) return goOn(step, delayMs, null);
  if (run.taken) return { kind: 'staged' };
  if (factsOf(error.code).device.answer === 'none') return { kind: 'not-seen-again' };
  return failWith(error);
}

function untilNextLook(error: UpdateError): number {
  return Math.max(RESTART_ASK_EVERY_MS, askedFor(error));
}

/** One question's silence limit and some; a longer gap is a page that was not running. */
export const LONGEST_LOOK_MS = 30_000;

function markAgain(run: Run, error: UpdateError): Decision {
  run.markFailures++;
  if (!isWorthAnotherTry(error.code) || run.markFailures >= MARK_FAILURES_AT_MOST)
    return fail('not-marked-valid', error);
  return goOn({ kind: 'look' }, untilNextLook(error), null);
}

function goOn(step: Step, delayMs: number, show: 'retrying' | WaitReason | null): Decision {
  return { kind: 'go-on', step, delayMs, show };
}

function failWith(error: UpdateError): Decision {
  return { kind: 'failed', error };
}

function fail(
  code: 'no-progress' | 'restarts-used-up' | 'unconfirmed' | 'not-marked-valid',
  cause: UpdateError,
): Decision {
  return failWith(cause.as(code));
}
