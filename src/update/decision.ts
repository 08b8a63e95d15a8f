/** What is decided after an error, what that depends on, and the decisions that are most frequent. Pure. */
import type { Ask } from './steps/step.ts';
import type { ByteRange, WaitReason } from '../model/update/update-state.ts';
import type { DeviceLink } from '../model/device/link.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import { type Known, mayBeOpen, withStartedOver } from './known.ts';
import type { UpdateError } from '../model/update/update-error.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import type { UpdatePlan } from '../model/update/plan.ts';
import { askedFor, backoff, isWorthAnotherTry, retryDelay } from './backoff.ts';
import { wasHandedOver } from './preflight.ts';

/**
 * Starting a `documented` session over costs the whole upload; a connection that needs it more often than this needs a
 * person.
 */
export const SESSION_RESTARTS_AT_MOST = 5;

/** Everything that a decision depends on. */
export interface View {
  readonly known: Known;
  readonly plan: Pick<UpdatePlan, 'takeOver' | 'patienceMs'>;
  /** Null until a link is open. */
  readonly link: Pick<DeviceLink, 'traits' | 'tellsStatus' | 'certain'> | null;
  /** Bytes that the device acknowledged. */
  readonly acknowledged: number;
  readonly inFlight: ByteRange | null;
  readonly sessionRestarts: number;
  readonly isOnline: boolean;
  /** A random number in [0, 1), for the backoff. */
  readonly jitter: number;
  /** Whether a chunk of so many bytes failed only because it was too large. */
  readonly blamesSize: (error: UpdateError, bytes: number) => boolean;
}

export type Decision =
  | {
      readonly kind: 'go-on';
      readonly step: Ask;
      readonly delayMs: number;
      /** What the person sees meanwhile; null: nothing. */
      readonly show: 'retrying' | WaitReason | null;
    }
  | { readonly kind: 'rejected'; readonly said: string | null }
  | { readonly kind: 'not-seen-again' }
  | { readonly kind: 'staged' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'failed'; readonly error: UpdateError };

/** What has to be done beside the step that follows, in this order. */
export type Effect =
  /** A chunk of `bytes` failed: the next ones may have to be smaller. */
  | { readonly kind: 'shrink-chunks'; readonly error: UpdateError; readonly bytes: number }
  /** The bytes in flight must be sent again or are in doubt. */
  | { readonly kind: 'count-retry' }
  /** The chunk in flight was too large to be taken at all. */
  | { readonly kind: 'take-back' }
  /** The session is started over. */
  | { readonly kind: 'start-over' }
  | { readonly kind: 'note'; readonly phase: JournalEntry['phase'] };

export interface Decided {
  readonly decision: Decision;
  readonly known: Known;
  readonly effects: readonly Effect[];
}

export function tellsStatus({ link }: View): boolean {
  return link?.tellsStatus === true;
}

/**
 * Whether the status after a restart shows what became of the finalize. Else only its answer does, and it is sent once
 * more.
 */
export function isLookedFor({ link }: View): boolean {
  return link !== null && link.traits.provesWhatRuns !== 'nothing';
}

export function tryAgain(view: View, step: Ask, error: UpdateError, effects: readonly Effect[] = []): Decided {
  const attempt = view.known.tries.attempt + 1;
  const tried = withTries(view, { attempt });
  const opens = mayBeOpen(view.known, tellsStatus(view));
  const delayMs = retryDelay(error, attempt, opens || wasHandedOver(view.known.left), () => view.jitter);
  if (delayMs !== null) return goOn(tried, step, delayMs, 'retrying', effects);
  return isWorthAnotherTry(error.code) && opens
    ? fail(tried, 'no-progress', error, effects)
    : failWith(tried, error, effects);
}

/** @param delayMs null: the backoff */
export function startOver(
  view: View,
  error: UpdateError,
  delayMs: number | null = null,
  show: 'retrying' | 'offline' | 'web-page' = 'retrying',
  effects: readonly Effect[] = [],
): Decided {
  if (view.sessionRestarts >= SESSION_RESTARTS_AT_MOST) return fail(view, 'restarts-used-up', error, effects);
  const attempt = view.known.tries.attempt + 1;
  const known = withStartedOver(view.known, error.code, view.acknowledged);
  // The backoff widens with the tries since the last acknowledged byte: few restarts are allowed, and one bad second
  // must not use them all up.
  const delay =
    delayMs ??
    Math.max(
      askedFor(error),
      backoff(attempt, () => view.jitter),
    );
  const all: readonly Effect[] = [...effects, { kind: 'start-over' }];
  return goOn(withTries({ ...view, known }, { attempt }), { kind: 'begin', force: false }, delay, show, all);
}

export function withTries<Viewed extends { readonly known: { readonly tries: object } }>(
  view: Viewed,
  tries: Partial<Viewed['known']['tries']>,
): Viewed {
  return { ...view, known: { ...view.known, tries: { ...view.known.tries, ...tries } } };
}

export function goOn(
  { known }: View,
  step: Ask,
  delayMs: number,
  show: 'retrying' | WaitReason | null,
  effects: readonly Effect[] = [],
): Decided {
  return { decision: { kind: 'go-on', step, delayMs, show }, known, effects };
}

export function end({ known }: View, decision: Decision, effects: readonly Effect[] = []): Decided {
  return { decision, known, effects };
}

export function failWith(view: View, error: UpdateError, effects: readonly Effect[] = []): Decided {
  return end(view, { kind: 'failed', error }, effects);
}

export function fail(
  view: View,
  code: Extract<UpdateErrorCode, 'no-progress' | 'restarts-used-up' | 'unconfirmed' | 'not-marked-valid'>,
  cause: UpdateError,
  effects: readonly Effect[] = [],
): Decided {
  return failWith(view, cause.as(code), effects);
}
