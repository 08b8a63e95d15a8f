/** Whether a device can take an image now, from what it says and what is known of it. Changes nothing on it. Pure. */
import { doubtOf, refusalOf } from '../model/firmware/fit.ts';
import type { UpdatePlan } from '../model/update/plan.ts';
import { claimLeftBy, preflight } from '../update/preflight.ts';
import { type ChunkedDialect, type Dialect, TRAITS, type WholeImageDialect } from '../model/device/dialect.ts';
import type { DeviceIdentity } from '../model/device/identity.ts';
import type { JournalEntry } from '../model/update/journal.ts';
import type { DeviceStatus } from '../model/device/link.ts';
import { type UpdateErrorCode, factsOf } from '../model/update/error-codes.ts';
import { failedBefore } from '../model/update/nothing-sent.ts';
import { mayBeOnlyUpdate } from '../model/device/slots.ts';
import type { NotReady, Readiness, SkipReason } from '../model/rollout/rollout-state.ts';

export interface Looked {
  readonly dialect: ChunkedDialect;
  /** Null where a `documented` device has no status. */
  readonly status: DeviceStatus | null;
  /** What an unfinished update left, of whatever firmware. */
  readonly journal: JournalEntry | null;
  /** Milliseconds since 1970. */
  readonly date: number;
}

const READY: Readiness = { kind: 'ready' };

/** Judges what a device answered. What it does not tell is left to the engine, which asks again before the first erase. */
export function readiness(
  plan: Pick<UpdatePlan, 'bytes' | 'sha256' | 'inspection' | 'chipId'>,
  { dialect, status, journal, date }: Looked,
): Readiness {
  const refused = refusalOf(plan.inspection, { chipId: plan.chipId, status });
  if (refused !== null) return skipped({ because: 'image', finding: refused.finding });
  if (status === null) return READY;
  const left = journal?.sha256 === plan.sha256 ? journal : null;
  // Whoever starts a rollout has chosen to begin again where what was written before is gone.
  const chosen = { ...plan, takeOver: null, beginAgain: true };
  const way = preflight(status, chosen, TRAITS[dialect], left, claimLeftBy(left), date);
  if (way.kind === 'begin' && mayBeOnlyUpdate(status)) return { kind: 'ready', mayBeOnlyUpdate: true };
  if (way.kind !== 'no') return READY;
  const because = way.because === 'other-session' ? 'busy' : 'refused';
  const otherSession = way.because === 'other-session' ? way.session : null;
  return skipped({ because, failed: failedBefore(dialect, 0, { code: way.because, otherSession }) });
}

/** The same for a device that takes an image whole. Where a person would have to be asked, it is skipped. */
export function readinessOfWhole(
  { inspection, chipId }: Pick<UpdatePlan, 'inspection' | 'chipId'>,
  dialect: WholeImageDialect,
  identity: DeviceIdentity,
): Readiness {
  const finding = refusalOf(inspection, { chipId, status: null, dialect, identity })?.finding;
  const doubt = finding ?? doubtOf(inspection, { chipId, dialect, identity }, []);
  if (doubt !== null) return skipped({ because: 'image', finding: doubt });
  return identity.takesUpdates === false ? notReady(dialect, { code: 'unsupported', said: null }) : READY;
}

/** The device is skipped, for this reason. */
export function skipped(why: SkipReason): NotReady {
  return { kind: 'not-ready', why };
}

/** Why a device is skipped that gave no usable answer. */
export function notReady(
  dialect: Dialect | null,
  error: { readonly code: UpdateErrorCode; readonly said: string | null },
): NotReady {
  const because = factsOf(error.code).rollout.skippedAs;
  return skipped({ because, failed: failedBefore(dialect, 0, error) });
}
