/** What becomes of an image that goes whole after an error: the one place that decides on another try. Pure. */
import { factsOf } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import type { WaitReason } from '../../model/update/update-state.ts';
import { askedFor, backoff, isWorthAnotherTry, retryDelay } from '../backoff.ts';
import { OFFLINE_LOOK_MS, OFFLINE_WAITS_AT_MOST } from '../decide.ts';
import { LONGEST_LOOK_MS } from '../decide-finishing.ts';
import { RESTART_PATIENCE_MS } from '../../model/update/restart-patience.ts';
import { RESTART_ASK_EVERY_MS } from '../time-limits.ts';
import { withTries } from '../decision.ts';
import { lostIn, mayHaveAll, saidYes, type WholeKnown } from './whole-known.ts';
import type { WholeAsk, WholeTrouble } from './whole-step.ts';

/** Each upload costs the whole image. One that fails this often needs a person. */
export const UPLOADS_AT_MOST = 3;
/** Between two tries while the device is busy with another update, which takes some minutes at most. */
export const BUSY_WAIT_MS = 10_000;
/**
 * A device that has every byte restarts within a second or two of its answer, even where that was lost. One that has
 * not restarted after this long has not taken the image.
 */
export const UNCHANGED_FOR_MS = 20_000;
/** Between two looks at new firmware that may still roll back: a restart takes longer than this. */
export const SETTLING_ASK_EVERY_MS = 5_000;

/** Everything that a decision depends on. */
export interface WholeView {
  readonly known: WholeKnown;
  /** A half upload lies on the device, and the next one would be appended to it. */
  readonly halfLeft: boolean;
  /** Nothing that it tells shows what runs, or a restart. */
  readonly tellsNothing: boolean;
  /** A restart would not show, and what it tells may be the same with the file. */
  readonly maySeemUnchanged: boolean;
  readonly patienceMs: number | undefined;
  readonly isOnline: boolean;
  /** A random number in [0, 1), for the backoff. */
  readonly jitter: number;
}

export type WholeDecision =
  | {
      readonly kind: 'go-on';
      readonly step: WholeAsk;
      readonly delayMs: number;
      /** What the person sees meanwhile; null: nothing. */
      readonly show: 'retrying' | WaitReason | null;
      /** What it is tried again after. */
      readonly after: UpdateErrorCode;
    }
  | { readonly kind: 'failed'; readonly error: UpdateError }
  | { readonly kind: 'not-seen-again' | 'staged' | 'untold' };

export interface WholeDecided {
  readonly decision: WholeDecision;
  readonly known: WholeKnown;
  /** The upload starts over. */
  readonly startsOver: boolean;
}

/** @param tookMs milliseconds from the step's start to its trouble */
export function decideWhole(view: WholeView, step: WholeAsk, trouble: WholeTrouble, tookMs: number): WholeDecided {
  const error = errorOf(trouble);
  if (step.kind !== 'upload' && factsOf(error.code).engine.offline && !view.isOnline)
    return waitForNetwork(view, step, error);
  switch (step.kind) {
    case 'identify':
    case 'prepare':
    case 'restart':
      return tryAgain(view, step, error);
    case 'await-restart':
    case 'await-stand-in':
      return untilTimeIsUp(view, step, trouble, tookMs);
    case 'upload':
      return afterUpload(view, error);
    case 'look':
      return afterLook(view, trouble, tookMs);
    case 'ask-to-start':
      return afterAsking(view, trouble, tookMs);
  }
}

/** What has not come yet looks, to whoever tries again, as a device that is busy. */
function errorOf(trouble: WholeTrouble): UpdateError {
  return trouble.kind === 'not-yet' ? new UpdateError('busy') : trouble.error;
}

/**
 * It may restart all the same; else it is asked again. Where another try cannot help, it starts what it took at some
 * later restart: it answered just before.
 */
function afterAsking(view: WholeView, trouble: WholeTrouble, tookMs: number): WholeDecided {
  if (!isWorthAnotherTry(errorOf(trouble).code)) return end(view, { kind: 'staged' });
  return untilTimeIsUp(view, { kind: 'look' }, { kind: 'not-yet', is: 'not-restarted' }, tookMs);
}

/** The upload was begun, and no “yes” came. */
function afterUpload(view: WholeView, error: UpdateError): WholeDecided {
  // It was refused before anything was written.
  if (error.code === 'busy') return another(view, error, Math.max(BUSY_WAIT_MS, askedFor(error)));
  if (error.code === 'earlier-broke-off') return another(view, error);
  if (view.known.upload.kind === 'refused') return fail(view, error);
  // The upload is not repeated before what the device tells shows what became of it.
  return goOn(view, { kind: 'look' }, RESTART_ASK_EVERY_MS, null, error);
}

function afterLook(view: WholeView, trouble: WholeTrouble, tookMs: number): WholeDecided {
  const { known } = view;
  switch (trouble.kind) {
    case 'upload-gone':
      return another(view, trouble.error);
    case 'trouble':
      return isWorthAnotherTry(trouble.error.code)
        ? untilTimeIsUp(view, { kind: 'look' }, trouble, tookMs)
        : fail(view, trouble.error);
    case 'not-yet':
  }
  const error = lostIn(known) ?? errorOf(trouble);
  if (trouble.is === 'settling') return goOn(view, { kind: 'look' }, SETTLING_ASK_EVERY_MS, null, error);
  if (saidYes(known)) return untilTimeIsUp(view, { kind: 'look' }, trouble, tookMs);
  const seenUnchangedMs = known.tries.seenUnchangedMs + Math.min(tookMs, LONGEST_LOOK_MS) + RESTART_ASK_EVERY_MS;
  if (mayHaveAll(known) && seenUnchangedMs < UNCHANGED_FOR_MS) {
    return goOn(withTries(view, { seenUnchangedMs }), { kind: 'look' }, RESTART_ASK_EVERY_MS, null, error);
  }
  // It may have taken the image and restarted between two looks.
  if (mayHaveAll(known) && (view.tellsNothing || view.maySeemUnchanged) && trouble.is === 'untold')
    return fail(view, new UpdateError('unconfirmed'));
  return another(view, error);
}

/** Repeats the whole upload, where that can do no harm. */
function another(view: WholeView, error: UpdateError, delayMs?: number): WholeDecided {
  const { known, jitter } = view;
  const { uploads } = known;
  if (view.halfLeft || uploads >= UPLOADS_AT_MOST) return fail(view, error);
  const delay =
    delayMs ??
    Math.max(
      askedFor(error),
      backoff(uploads, () => jitter),
    );
  const over = { ...view, known: { ...known, startedOver: error.code } };
  return {
    ...goOn(withTries(over, { attempt: uploads }), { kind: 'identify' }, delay, 'retrying', error),
    startsOver: true,
  };
}

function tryAgain(view: WholeView, step: WholeAsk, error: UpdateError): WholeDecided {
  const { known, jitter } = view;
  const attempt = known.tries.attempt + 1;
  const delayMs = retryDelay(error, attempt, known.uploads > 0, () => jitter);
  if (delayMs === null) return fail(view, error);
  return goOn(withTries(view, { attempt }), step, delayMs, 'retrying', error);
}

function waitForNetwork(view: WholeView, step: WholeAsk, error: UpdateError): WholeDecided {
  const offlineWaits = view.known.tries.offlineWaits + 1;
  if (offlineWaits > OFFLINE_WAITS_AT_MOST) return fail(view, error);
  return goOn(withTries(view, { offlineWaits }), step, OFFLINE_LOOK_MS, 'offline', error);
}

function untilTimeIsUp(view: WholeView, step: WholeAsk, trouble: WholeTrouble, tookMs: number): WholeDecided {
  const { known } = view;
  const error = errorOf(trouble);
  const delayMs = Math.max(RESTART_ASK_EVERY_MS, askedFor(error));
  const lookedForMs = known.tries.lookedForMs + Math.min(tookMs, LONGEST_LOOK_MS) + delayMs;
  if (lookedForMs < (view.patienceMs ?? RESTART_PATIENCE_MS))
    return goOn(withTries(view, { lookedForMs }), step, delayMs, null, error);
  const isNotYet = trouble.kind === 'not-yet';
  if (step.kind === 'await-restart') return fail(view, isNotYet ? error.as('half-left') : error);
  if (step.kind === 'await-stand-in') return fail(view, isNotYet ? error.as('not-set-aside') : error);
  if (isNotYet) {
    if (trouble.is !== 'untold') return end(view, { kind: 'staged' });
    return view.tellsNothing ? fail(view, error.as('no-restart-seen')) : end(view, { kind: 'untold' });
  }
  if (factsOf(error.code).device.answer !== 'none') return fail(view, error);
  if (saidYes(known) || mayHaveAll(known)) return end(view, { kind: 'not-seen-again' });
  return fail(view, lostIn(known) ?? error);
}

function goOn(
  { known }: WholeView,
  step: WholeAsk,
  delayMs: number,
  show: 'retrying' | WaitReason | null,
  { code: after }: UpdateError,
): WholeDecided {
  return { decision: { kind: 'go-on', step, delayMs, show, after }, known, startsOver: false };
}

function end({ known }: WholeView, decision: WholeDecision): WholeDecided {
  return { decision, known, startsOver: false };
}

function fail(view: WholeView, error: UpdateError): WholeDecided {
  return end(view, { kind: 'failed', error });
}
