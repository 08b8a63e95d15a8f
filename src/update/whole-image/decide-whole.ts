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
import { NotYet, type WholeAsk } from './whole-step.ts';
import type { Sent } from './whole-run.ts';

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
  readonly uploads: number;
  readonly sent: Sent;
  readonly saidYes: boolean;
  /** The error that the last upload broke off with. */
  readonly lost: UpdateError | null;
  /** A half upload lies on the device, and the next one would be appended to it. */
  readonly halfLeft: boolean;
  /** Nothing that it tells shows what runs, or a restart. */
  readonly tellsNothing: boolean;
  /** A restart would not show, and what it tells may be the same with the file. */
  readonly maySeemUnchanged: boolean;
  readonly attempt: number;
  readonly offlineWaits: number;
  readonly lookedForMs: number;
  readonly seenUnchangedMs: number;
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
      readonly show: 'retrying' | WaitReason | null;
      /** Why the upload starts over; null: it does not. */
      readonly startsOver: UpdateErrorCode | null;
      readonly counted: Partial<Pick<WholeView, 'attempt' | 'offlineWaits' | 'lookedForMs' | 'seenUnchangedMs'>>;
    }
  | { readonly kind: 'failed'; readonly error: UpdateError }
  | { readonly kind: 'not-seen-again' | 'staged' | 'untold' };

/** @param tookMs milliseconds from the step's start to its error */
export function decideWhole(view: WholeView, step: WholeAsk, error: UpdateError, tookMs: number): WholeDecision {
  if (step.kind !== 'upload' && factsOf(error.code).engine.offline && !view.isOnline)
    return waitForNetwork(view, step, error);
  switch (step.kind) {
    case 'identify':
    case 'prepare':
    case 'restart':
      return tryAgain(view, step, error);
    case 'await-restart':
    case 'await-stand-in':
      return untilTimeIsUp(view, step, error, tookMs);
    case 'upload':
      return afterUpload(view, error);
    case 'look':
      return afterLook(view, error, tookMs);
    case 'ask-to-start':
      return afterAsking(view, error, tookMs);
  }
}

/**
 * It may restart all the same; else it is asked again. Where another try cannot help, it starts what it took at some
 * later restart: it answered just before.
 */
function afterAsking(view: WholeView, error: UpdateError, tookMs: number): WholeDecision {
  if (!isWorthAnotherTry(error.code)) return { kind: 'staged' };
  return untilTimeIsUp(view, { kind: 'look' }, new NotYet('not-restarted'), tookMs);
}

/** The upload was begun, and no “yes” came. */
function afterUpload(view: WholeView, error: UpdateError): WholeDecision {
  const isAnswer = error.status !== null && error.code !== 'web-page' && error.code !== 'garbled';
  // It was refused before anything was written.
  if (error.code === 'busy') return another(view, error, Math.max(BUSY_WAIT_MS, askedFor(error)));
  if (error.code === 'earlier-broke-off') return another(view, error);
  if (isAnswer) return { kind: 'failed', error };
  // The upload is not repeated before what the device tells shows what became of it.
  return goOn({ kind: 'look' }, RESTART_ASK_EVERY_MS, null);
}

function afterLook(view: WholeView, error: UpdateError, tookMs: number): WholeDecision {
  const { lost, sent, saidYes } = view;
  if (!(error instanceof NotYet)) {
    // It restarted in the middle of the upload, of which nothing is left.
    if (lost !== null && error === lost) return another(view, lost);
    if (!isWorthAnotherTry(error.code)) return { kind: 'failed', error };
    return untilTimeIsUp(view, { kind: 'look' }, error, tookMs);
  }
  if (error.is === 'settling') return goOn({ kind: 'look' }, SETTLING_ASK_EVERY_MS, null);
  if (saidYes) return untilTimeIsUp(view, { kind: 'look' }, error, tookMs);
  const seenUnchangedMs = view.seenUnchangedMs + Math.min(tookMs, LONGEST_LOOK_MS) + RESTART_ASK_EVERY_MS;
  const mayHaveAll = sent === 'all' || sent === 'unheard';
  if (mayHaveAll && seenUnchangedMs < UNCHANGED_FOR_MS) {
    return { ...goOn({ kind: 'look' }, RESTART_ASK_EVERY_MS, null), counted: { seenUnchangedMs } };
  }
  // It may have taken the image and restarted between two looks.
  if (mayHaveAll && (view.tellsNothing || view.maySeemUnchanged) && error.is === 'untold')
    return { kind: 'failed', error: new UpdateError('unconfirmed') };
  return another(view, lost ?? error);
}

/** Repeats the whole upload, where that can do no harm. */
function another(view: WholeView, error: UpdateError, delayMs?: number): WholeDecision {
  if (view.halfLeft || view.uploads >= UPLOADS_AT_MOST) return { kind: 'failed', error };
  const delay =
    delayMs ??
    Math.max(
      askedFor(error),
      backoff(view.uploads, () => view.jitter),
    );
  return {
    ...goOn({ kind: 'identify' }, delay, 'retrying'),
    startsOver: error.code,
    counted: { attempt: view.uploads },
  };
}

function tryAgain(view: WholeView, step: WholeAsk, error: UpdateError): WholeDecision {
  const attempt = view.attempt + 1;
  const delayMs = retryDelay(error, attempt, view.uploads > 0, () => view.jitter);
  if (delayMs === null) return { kind: 'failed', error };
  return { ...goOn(step, delayMs, 'retrying'), counted: { attempt } };
}

function waitForNetwork(view: WholeView, step: WholeAsk, error: UpdateError): WholeDecision {
  const offlineWaits = view.offlineWaits + 1;
  if (offlineWaits > OFFLINE_WAITS_AT_MOST) return { kind: 'failed', error };
  return { ...goOn(step, OFFLINE_LOOK_MS, 'offline'), counted: { offlineWaits } };
}

function untilTimeIsUp(view: WholeView, step: WholeAsk, error: UpdateError, tookMs: number): WholeDecision {
  const delayMs = Math.max(RESTART_ASK_EVERY_MS, error instanceof NotYet ? 0 : askedFor(error));
  const lookedForMs = view.lookedForMs + Math.min(tookMs, LONGEST_LOOK_MS) + delayMs;
  if (lookedForMs < (view.patienceMs ?? RESTART_PATIENCE_MS))
    return { ...goOn(step, delayMs, null), counted: { lookedForMs } };
  if (step.kind === 'await-restart')
    return { kind: 'failed', error: error instanceof NotYet ? error.as('half-left') : error };
  if (step.kind === 'await-stand-in')
    return { kind: 'failed', error: error instanceof NotYet ? error.as('not-set-aside') : error };
  if (error instanceof NotYet) {
    if (error.is !== 'untold') return { kind: 'staged' };
    return view.tellsNothing ? { kind: 'failed', error: error.as('no-restart-seen') } : { kind: 'untold' };
  }
  const { lost, sent, saidYes } = view;
  if (factsOf(error.code).device.answer !== 'none') return { kind: 'failed', error };
  return saidYes || sent === 'all' || sent === 'unheard'
    ? { kind: 'not-seen-again' }
    : { kind: 'failed', error: lost ?? error };
}

function goOn(
  step: WholeAsk,
  delayMs: number,
  show: 'retrying' | WaitReason | null,
): Extract<WholeDecision, { kind: 'go-on' }> {
  return { kind: 'go-on', step, delayMs, show, startsOver: null, counted: {} };
}
