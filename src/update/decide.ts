/**
 * What becomes of an update after an error: the one place that decides on retry. Pure: what is known goes in, what is
 * known then comes out, with the step that follows and what is to be done beside it (`Run.follow`).
 */
import type { UpdateErrorCode } from '../model/error-codes.ts';
import { factsOf } from '../model/error-codes.ts';
import { TRAITS } from '../model/dialect.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { DeviceLink } from '../model/link.ts';
import type { UpdatePlan } from '../model/plan.ts';
import type { UpdateError } from '../model/update-error.ts';
import type { ByteRange, WaitReason } from '../model/update-state.ts';
import { askedFor, backoff, isDoubt, isWorthAnotherTry, LONGEST_ASKED_FOR_MS, retryDelay } from './backoff.ts';
import { isBegun, isShown, type Known, mayBeOpen, openedOf, saidYes, type Tries, withAnswer, withStartedOver } from './known.ts';
import { wasHandedOver } from './preflight.ts';
import { type Ask, Refusal } from './steps/step.ts';
import { DEFAULT_PATIENCE_MS, RESTART_ASK_EVERY_MS } from './time-limits.ts';

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

/** Everything that a decision rests on. */
export interface View {
  readonly known: Known;
  readonly plan: Pick<UpdatePlan, 'takeOver' | 'patienceMs'>;
  /** Null until it is open. */
  readonly link: Pick<DeviceLink, 'traits' | 'tellsStatus' | 'certain'> | null;
  /** Bytes that the device acknowledged. */
  readonly acknowledged: number;
  readonly inFlight: ByteRange | null;
  readonly sessionRestarts: number;
  readonly isOnline: boolean;
  /** A number in [0, 1), for the backoff. */
  readonly luck: number;
  /** Whether a failed chunk of so many bytes was too large, and nothing else was wrong. */
  readonly blamesSize: (error: UpdateError, bytes: number) => boolean;
}

export type Decision =
  | {
      readonly kind: 'go-on';
      readonly step: Ask;
      readonly delayMs: number;
      /** What the person sees meanwhile; null: nothing worth a word. */
      readonly show: 'retrying' | WaitReason | null;
    }
  | { readonly kind: 'rejected'; readonly said: string | null }
  | { readonly kind: 'not-seen-again' }
  | { readonly kind: 'staged' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly error: UpdateError };

/** What has to be done beside the step that follows, in this order. */
export type Effect =
  /** A chunk of so many bytes failed: the next ones may have to be smaller. */
  | { readonly kind: 'shrink-chunks'; readonly error: UpdateError; readonly bytes: number }
  /** What is in flight must be sent again or is in doubt. */
  | { readonly kind: 'count-retry' }
  /** What is in flight was too large to be taken at all. */
  | { readonly kind: 'take-back' }
  /** The session is started over. */
  | { readonly kind: 'start-over' }
  | { readonly kind: 'note'; readonly phase: JournalEntry['phase'] };

export interface Decided {
  readonly decision: Decision;
  readonly known: Known;
  readonly effects: readonly Effect[];
}

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

function tellsStatus({ link }: View): boolean {
  return link?.tellsStatus === true;
}

/** Whether a restart shows what became of the finalize. Else only its answer does, and it is asked for once more. */
function isLookedFor({ link }: View): boolean {
  return link !== null && link.traits.provesWhatRuns !== 'nothing';
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

function tryAgain(view: View, step: Ask, error: UpdateError, effects: readonly Effect[] = []): Decided {
  const attempt = view.known.tries.attempt + 1;
  const tried = withTries(view, { attempt });
  const opens = mayBeOpen(view.known, tellsStatus(view));
  const delayMs = retryDelay(error, attempt, opens || wasHandedOver(view.known.left), () => view.luck);
  if (delayMs !== null) return goOn(tried, step, delayMs, 'retrying', effects);
  return isWorthAnotherTry(error.code) && opens
    ? fail(tried, 'no-progress', error, effects)
    : failWith(tried, error, effects);
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

/** @param delayMs null: as long as tries call for */
function startOver(
  view: View,
  error: UpdateError,
  delayMs: number | null = null,
  show: 'retrying' | 'offline' | 'web-page' = 'retrying',
  effects: readonly Effect[] = [],
): Decided {
  if (view.sessionRestarts >= SESSION_RESTARTS_AT_MOST) return fail(view, 'restarts-used-up', error, effects);
  const attempt = view.known.tries.attempt + 1;
  const known = withStartedOver(view.known, error.code, view.acknowledged);
  // The tries since the last acknowledged byte widen it: restarts are few, and a bad second must not use them all up.
  const delay =
    delayMs ??
    Math.max(
      askedFor(error),
      backoff(attempt, () => view.luck),
    );
  const all: readonly Effect[] = [...effects, { kind: 'start-over' }];
  return goOn(withTries({ ...view, known }, { attempt }), { kind: 'begin', force: false }, delay, show, all);
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

function afterFinalizeError(view: View, error: UpdateError, tookMs: number): Decided {
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
  // It said yes, and its session is gone since: only a device that took the image says both.
  if (saidYes(known) && isGone && isShown(known)) return end(view, { kind: 'accepted' });
  // A server that says yes to everything would have said so again: the device itself has answered, and can be asked.
  const { session } = known;
  const isDoubted = session.kind === 'handed-over' && session.answer === 'yes-after-doubt';
  if (isDoubted && error.code === 'conflict' && tellsStatus(view)) {
    return goOn({ ...view, known: withAnswer(known, 'yes') }, { kind: 'ask' }, 0, null);
  }
  const isSpoilt = error.code === 'session-spoilt';
  const noSession = factsOf(error.code).session.maybeNone;
  // After a yes, or a finalize without an answer, another's session may be counted here, and ours was taken.
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

function lookAgain(view: View, error: UpdateError, tookMs: number): Decided {
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
  // Whatever swallows one finalize may swallow them all: the tries since the last byte count them.
  return tryAgain(view, { kind: 'finalize' }, error);
}

function untilTimeIsUp(view: View, step: Ask, error: UpdateError, tookMs: number): Decided {
  const delayMs = untilNextLook(error);
  // A phone that slept in between has not looked: only time spent asking counts.
  const lookedForMs = view.known.tries.lookedForMs + Math.min(tookMs, LONGEST_LOOK_MS) + delayMs;
  const looked = withTries(view, { lookedForMs });
  if (lookedForMs < (view.plan.patienceMs ?? DEFAULT_PATIENCE_MS)) return goOn(looked, step, delayMs, null);
  const { session } = view.known;
  if (session.kind === 'handed-over' && session.answer === 'taken') return end(looked, { kind: 'staged' });
  if (factsOf(error.code).device.answer === 'none') return end(looked, { kind: 'not-seen-again' });
  return failWith(looked, error);
}

function untilNextLook(error: UpdateError): number {
  return Math.max(RESTART_ASK_EVERY_MS, askedFor(error));
}

/** One question's silence limit and some; a longer gap is a page that was not running. */
export const LONGEST_LOOK_MS = 30_000;

function markAgain(view: View, error: UpdateError): Decided {
  const markFailures = view.known.tries.markFailures + 1;
  const failed = withTries(view, { markFailures });
  if (!isWorthAnotherTry(error.code) || markFailures >= MARK_FAILURES_AT_MOST)
    return fail(failed, 'not-marked-valid', error);
  return goOn(failed, { kind: 'look' }, untilNextLook(error), null);
}

function withTries(view: View, tries: Partial<Tries>): View {
  return { ...view, known: { ...view.known, tries: { ...view.known.tries, ...tries } } };
}

function goOn(
  { known }: View,
  step: Ask,
  delayMs: number,
  show: 'retrying' | WaitReason | null,
  effects: readonly Effect[] = [],
): Decided {
  return { decision: { kind: 'go-on', step, delayMs, show }, known, effects };
}

function end({ known }: View, decision: Decision, effects: readonly Effect[] = []): Decided {
  return { decision, known, effects };
}

function failWith(view: View, error: UpdateError, effects: readonly Effect[] = []): Decided {
  return end(view, { kind: 'failed', error }, effects);
}

function fail(
  view: View,
  code: Extract<UpdateErrorCode, 'no-progress' | 'restarts-used-up' | 'unconfirmed' | 'not-marked-valid'>,
  cause: UpdateError,
  effects: readonly Effect[] = [],
): Decided {
  return failWith(view, cause.as(code), effects);
}
