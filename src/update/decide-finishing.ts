/** What becomes of an update after an error of a finalize, or of what follows it. Pure. */
import type { Ask } from './steps/step.ts';
import { RESTART_PATIENCE_MS } from '../model/update/restart-patience.ts';
import { RESTART_ASK_EVERY_MS } from './time-limits.ts';
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
import type { UpdateError } from '../model/update/update-error.ts';
import { askedFor, isDoubt, isWorthAnotherTry } from './backoff.ts';
import { factsOf } from '../model/update/error-codes.ts';
import { isShown, saidYes, withAnswer } from './known.ts';

/** A device that fails to finalize this often refuses the image. */
export const FINALIZE_FAILURES_AT_MOST = 3;
/** A device that answers, and fails to mark its image this often, cannot do it. */
export const MARK_FAILURES_AT_MOST = 5;

export function afterFinalizeError(view: View, error: UpdateError, tookMs: number): Decided {
  if (!isLookedFor(view)) return afterUnprovenFinalize(view, error, tookMs);
  if (!isWorthAnotherTry(error.code)) return failWith(view, error);
  const note: Effect = { kind: 'note', phase: 'restarting' };
  // A dropped connection is the normal way of a restart; the status tells what came of it.
  if (factsOf(error.code).device.answer === 'none') return goOn(view, { kind: 'look' }, 0, null, [note]);
  const finalizeFailures = view.known.tries.finalizeFailures + 1;
  const failed = withTries(view, { finalizeFailures, finalizeError: error });
  return goOn(failed, { kind: 'look' }, untilNextLook(error), null, [note]);
}

/** Nothing but the answer to the finalize shows that the image was taken. */
function afterUnprovenFinalize(view: View, error: UpdateError, tookMs: number): Decided {
  const { known } = view;
  const { finalizeFailures } = known.tries;
  const isGone = error.code === 'session-lost';
  // It said “yes”, and its session is gone since then: only a device that took the image does both.
  if (saidYes(known) && isGone && isShown(known)) return end(view, { kind: 'accepted' });
  // A server that says “yes” to everything would have done so again: so it is the device that answered, and it can be
  // asked.
  const { session } = known;
  const isDoubted = session.kind === 'handed-over' && session.answer === 'yes-after-doubt';
  if (isDoubted && error.code === 'conflict' && tellsStatus(view)) {
    return goOn({ ...view, known: withAnswer(known, 'yes-then-refused') }, { kind: 'ask' }, 0, null);
  }
  const isSpoilt = error.code === 'session-spoilt';
  const noSession = factsOf(error.code).session.maybeNone;
  // After a “yes”, or a finalize without an answer, our image may have been taken, and this may be about another
  // client's session.
  if ((noSession || isSpoilt) && (saidYes(known) || finalizeFailures > 0)) return fail(view, 'unconfirmed', error);
  if (isSpoilt) return startOver(view, error);
  // It may be the answer to the same finalize sent a second time by the browser, and the first was taken.
  if (error.code === 'conflict' || isGone) {
    return tellsStatus(view) ? tryAgain(view, { kind: 'ask' }, error) : fail(view, 'unconfirmed', error);
  }
  if (!isWorthAnotherTry(error.code)) return failWith(view, error);
  const counted = isDoubt(error) ? withTries(view, { finalizeFailures: finalizeFailures + 1 }) : view;
  return untilTimeIsUp(counted, { kind: 'finalize' }, error, tookMs);
}

export function lookAgain(view: View, error: UpdateError, tookMs: number): Decided {
  if (error.code === 'not-finalized') return finalizeAgain(view, error);
  if (!isWorthAnotherTry(error.code)) return failWith(view, error);
  return untilTimeIsUp(view, { kind: 'look' }, error, tookMs);
}

function finalizeAgain(view: View, error: UpdateError): Decided {
  const { finalizeFailures, finalizeError } = view.known.tries;
  if (finalizeError && finalizeFailures > FINALIZE_FAILURES_AT_MOST) {
    return finalizeError.code === 'device-fault'
      ? end(view, { kind: 'rejected', said: finalizeError.said })
      : fail(view, 'no-progress', finalizeError);
  }
  // What stopped one finalize may stop them all, so it counts as a try since the last byte.
  return tryAgain(view, { kind: 'finalize' }, error);
}

export function untilTimeIsUp(view: View, step: Ask, error: UpdateError, tookMs: number): Decided {
  const delayMs = untilNextLook(error);
  // A phone that slept meanwhile has not looked: only time spent asking counts.
  const lookedForMs = view.known.tries.lookedForMs + Math.min(tookMs, LONGEST_LOOK_MS) + delayMs;
  const looked = withTries(view, { lookedForMs });
  if (lookedForMs < (view.plan.patienceMs ?? RESTART_PATIENCE_MS)) return goOn(looked, step, delayMs, null);
  const { session } = view.known;
  if (session.kind === 'handed-over' && session.answer === 'taken') return end(looked, { kind: 'staged' });
  if (factsOf(error.code).device.answer === 'none') return end(looked, { kind: 'not-seen-again' });
  return failWith(looked, error);
}

function untilNextLook(error: UpdateError): number {
  return Math.max(RESTART_ASK_EVERY_MS, askedFor(error));
}

/**
 * The most that one look counts for: the time limit of a request, and some more. After a longer gap the page was not
 * running.
 */
export const LONGEST_LOOK_MS = 30_000;

export function markAgain(view: View, error: UpdateError): Decided {
  const markFailures = view.known.tries.markFailures + 1;
  const failed = withTries(view, { markFailures });
  if (!isWorthAnotherTry(error.code) || markFailures >= MARK_FAILURES_AT_MOST)
    return fail(failed, 'not-marked-valid', error);
  return goOn(failed, { kind: 'look' }, untilNextLook(error), null);
}
