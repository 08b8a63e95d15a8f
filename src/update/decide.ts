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
  // Once it has said yes, the session that another finalize speaks of is somebody else's.
  if (error.code === 'hash-mismatch')
    return saidYes(known) ? fail(view, 'unconfirmed', error) : end(view, { kind: 'rejected', said: error.said });
  if (factsOf(error.code).engine.offline && !view.isOnline) return waitForNetwork(view, step, error, 'offline');
  // Where there was a device, somebody else answers in its place: a sign-in, or another network.
  const wasThere = isBegun(known) || wasHandedOver(known.left);
  if (error.code === 'web-page' && wasThere) return waitForNetwork(view, step, error, 'web-page');
  const mayStartOver = link?.traits.writesAreIdempotent === false && step.kind !== 'finalize';
  if (factsOf(error.code).session.spoilt && mayStartOver) return startOver(view, error);
  if (showsWrongGuess(view, step, error)) {
    const guess = { ...known, guessRefused: error, misbegun: openedOf(known.session)?.id ?? null };
    return goOn({ ...view, known: guess }, { kind: 'open' }, 0, null);
  }
  if (error.byStranger && isUploading(known)) return waitForNetwork(view, step, error.as('web-page'), 'web-page');
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
      // It said yes to the finalize, and restarts.
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

/** Until it is handed over the device runs what it ran before, and that firmware took its begin. */
function isUploading(known: Known): boolean {
  return isBegun(known) && known.session.kind !== 'handed-over';
}

/**
 * A dialect was taken for the device's without an answer that shows it. In the other one the token has another header,
 * or, where a device wants none, chunks go elsewhere.
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
  // It may have left before the network did: "no session" then means what it means after any lost answer.
  const { finalizeFailures } = waited.known.tries;
  const isLost = step.kind === 'finalize' && !isLookedFor(view);
  const counted = isLost ? withTries(waited, { finalizeFailures: finalizeFailures + 1 }) : waited;
  return goOn(counted, afterDoubt(view, step), OFFLINE_LOOK_MS, why);
}

/** Where to go on after a step whose effect is not known. */
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
  // Nobody can say whether the bytes were taken: sending them again could write them twice.
  const lost = !tellsStatus(view) && (isDoubt(error) || error.code === 'conflict' || isGone);
  if (!lost && view.blamesSize(error, bytes)) {
    // It was too large, which is no trouble of the way: a size is found out like this once. What was refused in so many
    // words was not taken; of anything else the device tells.
    const next: Ask = { kind: error.code === 'body-too-large' ? 'write' : 'ask' };
    return goOn(view, next, 0, null, [shrink, { kind: 'take-back' }]);
  }
  const effects: readonly Effect[] = [shrink, { kind: 'count-retry' }];
  if (asksForLongerThanItsSessionLasts(view, error)) return failWith(view, error, effects);
  if (tellsStatus(view)) return tryAgain(view, { kind: 'ask' }, error, effects);
  if (lost) return startOver(view, error, null, 'retrying', effects);
  return tryAgain(view, { kind: 'write' }, error, effects);
}

/** A session that only runs out does so sooner than anybody would wait for what is asked here. */
function asksForLongerThanItsSessionLasts({ link }: View, { code, retryAfterMs }: UpdateError): boolean {
  return code === 'busy' && link?.traits.sessionEndsBy === 'timeout' && (retryAfterMs ?? 0) > LONGEST_ASKED_FOR_MS;
}

/**
 * A browser sends a POST again by itself when a connection that was used before breaks without an answer: "session
 * already active" may then speak of the session that the first of the two opened. Who can be asked tells whose it is.
 */
export function mayBeAnswerToResend(
  { link, plan, known }: Pick<View, 'link' | 'plan' | 'known'>,
  { code }: UpdateError,
): boolean {
  if (code !== 'conflict' || link?.tellsStatus !== true) return false;
  // Where a session cannot be ended from here, the one that this run has left, or takes over, is still open.
  return link.traits.sessionEndsBy === 'abort' || (plan.takeOver === null && openedOf(known.session) === null);
}

function afterBeginConflict(view: View, error: UpdateError): Decided {
  if (mayBeAnswerToResend(view, error)) return tryAgain(view, { kind: 'check' }, error);
  // The device cannot be told to stop, nor asked whose session it is: ours, where the answer to a begin was lost, also
  // one that the browser sent again by itself. Whosever it is, it runs out.
  const sessionWaits = view.known.tries.sessionWaits + 1;
  const waited = withTries(view, { sessionWaits });
  if (sessionWaits <= SESSION_WAITS_AT_MOST)
    return goOn(waited, { kind: 'begin', force: false }, SESSION_WAIT_MS, 'device-session');
  const { left } = view.known;
  const wasLeftToRunOut = left !== null && TRAITS[left.dialect].sessionEndsBy === 'timeout';
  const mayBeOurs = isBegun(view.known) || wasLeftToRunOut || view.plan.takeOver !== null;
  return mayBeOurs ? fail(waited, 'no-progress', error) : failWith(waited, new Refusal('other-session'));
}
