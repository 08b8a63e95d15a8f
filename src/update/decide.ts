/**
 * What becomes of an update after an error: the one place that decides on retry. Pure: what is known goes in, what is
 * known then comes out, with the step that follows and what is to be done beside it (`Run.follow`).
 */
import { factsOf } from '../model/update/error-codes.ts';
import { TRAITS } from '../model/device/dialect.ts';
import type { UpdateError } from '../model/update/update-error.ts';
import { isDoubt, isWorthAnotherTry, LONGEST_ASKED_FOR_MS } from './backoff.ts';
import { isBegun, type Known, saidYes } from './known.ts';
import { openedOf } from './session.ts';
import { wasHandedOver } from './preflight.ts';
import { type Ask, Refusal } from './steps/step.ts';
import {
  type Decided,
  type Effect,
  type View,
  end,
  fail,
  failWith,
  goOn,
  isLookedFor,
  startOver,
  tellsStatus,
  tryAgain,
  withTries,
} from './decision.ts';
import { afterFinalizeError, lookAgain, markAgain, untilTimeIsUp } from './decide-finishing.ts';

/** The time limit of a documented device's session is not published: ask every 10 s … */
export const SESSION_WAIT_MS = 10_000;
/** … for ten minutes, longer than any session limit seen in such servers. */
export const SESSION_WAITS_AT_MOST = 60;
/** Browsers do not always tell that the network is back: look by ourselves this often … */
export const OFFLINE_LOOK_MS = 30_000;
/** … for half an hour without one byte; then the person decides, and nothing is lost. */
export const OFFLINE_WAITS_AT_MOST = 60;

/**
 * @param step the step that failed
 * @param tookMs milliseconds from the step's start to its error
 */
export function decide(view: View, step: Ask, error: UpdateError, tookMs: number): Decided {
  const { known, link } = view;
  // Once it has said “yes”, another finalize is answered about another client's session.
  if (error.code === 'hash-mismatch')
    return saidYes(known) ? fail(view, 'unconfirmed', error) : end(view, { kind: 'rejected', said: error.said });
  if (factsOf(error.code).engine.offline && !view.isOnline) return waitForNetwork(view, step, error, 'offline');
  // The device was there before: now another server answers in its place, for a sign-in or on another network.
  const wasThere = isBegun(known) || wasHandedOver(known.left);
  if (error.code === 'web-page' && wasThere) return waitForNetwork(view, step, error, 'web-page');
  const mayStartOver = link?.traits.writesAreIdempotent === false && step.kind !== 'finalize';
  if (factsOf(error.code).session.spoilt && mayStartOver) return startOver(view, error);
  if (showsWrongGuess(view, step, error)) {
    const guess = { ...known, guessRefused: error, misbegun: openedOf(known.session)?.id ?? null };
    return goOn({ ...view, known: guess }, { kind: 'open' }, 0, null);
  }
  if (error.byOtherServer && isUploading(known)) return waitForNetwork(view, step, error.as('web-page'), 'web-page');
  switch (step.kind) {
    case 'look':
      return lookAgain(view, error, tookMs);
    case 'mark-valid':
      return markAgain(view, error);
    case 'finalize':
      return afterFinalizeError(view, error, tookMs);
    case 'write':
      return afterWriteError(view, error);
    case 'ask':
      // It said “yes” to the finalize, and restarts.
      return saidYes(known) && isWorthAnotherTry(error.code)
        ? untilTimeIsUp(view, step, error, tookMs)
        : tryAgain(view, step, error);
    case 'begin':
      if (error.code === 'conflict') return afterBeginConflict(view, error);
      // A begin in doubt is settled by asking, where the device can be asked.
      return tryAgain(view, tellsStatus(view) ? { kind: 'check' } : step, error);
    case 'open':
    case 'check':
      return tryAgain(view, step, error);
  }
}

/**
 * Whether the device still has to be the same that took our begin: until the image is handed over, its old firmware
 * runs.
 */
function isUploading(known: Known): boolean {
  return isBegun(known) && known.session.kind !== 'handed-over';
}

/**
 * Whether the error shows that the dialect was guessed wrong. In the other dialect the token has another header, and,
 * where a device wants no token, chunks have another route.
 */
function showsWrongGuess({ link, known, acknowledged }: View, step: Ask, { code }: UpdateError): boolean {
  if (known.guessRefused || link?.certain !== false) return false;
  return step.kind === 'begin'
    ? code === 'unauthorised'
    : step.kind === 'write' && code === 'no-route' && acknowledged === 0;
}

function waitForNetwork(view: View, step: Ask, error: UpdateError, why: 'offline' | 'web-page'): Decided {
  const offlineWaits = view.known.tries.offlineWaits + 1;
  const waited = withTries(view, { offlineWaits });
  if (offlineWaits > OFFLINE_WAITS_AT_MOST)
    return why === 'offline' ? fail(waited, 'no-progress', error) : failWith(waited, error);
  if (step.kind === 'write') {
    const retry: Effect = { kind: 'count-retry' };
    if (!tellsStatus(view)) return startOver(waited, error, OFFLINE_LOOK_MS, why, [retry]);
    return goOn(waited, { kind: 'ask' }, OFFLINE_LOOK_MS, why, [retry]);
  }
  // The request may have arrived before the network was lost: "no session" then means the same as after any lost
  // answer.
  const { finalizeFailures } = waited.known.tries;
  const isLost = step.kind === 'finalize' && !isLookedFor(view);
  const counted = isLost ? withTries(waited, { finalizeFailures: finalizeFailures + 1 }) : waited;
  return goOn(counted, afterDoubt(view, step), OFFLINE_LOOK_MS, why);
}

/** The step after one whose effect is not known. */
function afterDoubt(view: View, step: Ask): Ask {
  switch (step.kind) {
    case 'write':
      return { kind: 'ask' };
    case 'begin':
      return tellsStatus(view) ? { kind: 'check' } : step;
    case 'finalize':
    case 'mark-valid':
      return isLookedFor(view) ? { kind: 'look' } : step;
    case 'open':
    case 'check':
    case 'ask':
    case 'look':
      return step;
  }
}

function afterWriteError(view: View, error: UpdateError): Decided {
  const isGone = error.code === 'session-lost';
  if (!isWorthAnotherTry(error.code) && !isGone) return failWith(view, error);
  const { inFlight } = view;
  const bytes = inFlight ? inFlight.end - inFlight.start : 0;
  const shrink: Effect = { kind: 'shrink-chunks', error, bytes };
  // It cannot be found out whether the bytes were taken: sending them again could write them twice.
  const lost = !tellsStatus(view) && (isDoubt(error) || error.code === 'conflict' || isGone);
  if (!lost && view.blamesSize(error, bytes)) {
    // It was only too large, which is found out once and is no fault of the network. A chunk that was expressly refused
    // was not taken; otherwise the device is asked.
    const next: Ask = { kind: error.code === 'body-too-large' ? 'write' : 'ask' };
    return goOn(view, next, 0, null, [shrink, { kind: 'take-back' }]);
  }
  const effects: readonly Effect[] = [shrink, { kind: 'count-retry' }];
  if (asksForLongerThanItsSessionLasts(view, error)) return failWith(view, error, effects);
  if (tellsStatus(view)) return tryAgain(view, { kind: 'ask' }, error, effects);
  if (lost) return startOver(view, error, null, 'retrying', effects);
  return tryAgain(view, { kind: 'write' }, error, effects);
}

/** Whether a session that only ends by its time limit would do so before this wait is over. */
function asksForLongerThanItsSessionLasts({ link }: View, { code, retryAfterMs }: UpdateError): boolean {
  return code === 'busy' && link?.traits.sessionEndsBy === 'timeout' && (retryAfterMs ?? 0) > LONGEST_ASKED_FOR_MS;
}

/**
 * A browser repeats a POST by itself when a reused connection breaks without an answer: "session already active" may
 * then be about the session that the first of the two opened. A device that can be asked tells whose it is.
 */
export function mayBeAnswerToResend(
  { link, plan, known }: Pick<View, 'link' | 'plan' | 'known'>,
  { code }: UpdateError,
): boolean {
  if (code !== 'conflict' || link?.tellsStatus !== true) return false;
  // Where a session cannot be aborted, the earlier one of this run, or the one it takes over, is still open.
  return link.traits.sessionEndsBy === 'abort' || (plan.takeOver === null && openedOf(known.session) === null);
}

function afterBeginConflict(view: View, error: UpdateError): Decided {
  if (mayBeAnswerToResend(view, error)) return tryAgain(view, { kind: 'check' }, error);
  // The device can neither be told to abort nor be asked whose session it is. It may be ours, where the answer to a
  // begin was lost, or where the browser repeated one by itself. In any case it ends by its time limit.
  const sessionWaits = view.known.tries.sessionWaits + 1;
  const waited = withTries(view, { sessionWaits });
  if (sessionWaits <= SESSION_WAITS_AT_MOST)
    return goOn(waited, { kind: 'begin', force: false }, SESSION_WAIT_MS, 'device-session');
  const { left } = view.known;
  const wasLeftToRunOut = left !== null && TRAITS[left.dialect].sessionEndsBy === 'timeout';
  const mayBeOurs = isBegun(view.known) || wasLeftToRunOut || view.plan.takeOver !== null;
  return mayBeOurs ? fail(waited, 'no-progress', error) : failWith(waited, new Refusal('other-session'));
}
