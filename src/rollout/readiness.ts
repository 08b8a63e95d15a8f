/** Whether a device can take an image now, from what it says and what is known of it. Changes nothing on it. Pure. */
import { judge } from '../firmware/judge.ts';
import { describe } from '../words/describe.ts';
import type { UpdatePlan } from '../model/plan.ts';
import { claimLeftBy, preflight } from '../update/preflight.ts';
import type { Dialect, DeviceStatus, JournalEntry } from '../model/ports.ts';
import { mayBeOnlyUpdate, updateSlotOf } from '../model/slots.ts';
import type { LeftOutBecause, NotReady, Readiness } from '../model/rollout-state.ts';
import type { UpdateErrorCode } from '../model/update-error.ts';
import type { Outcome } from '../model/update-state.ts';

export interface Looked {
  /** The device's name, for the sentence. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Null where a documented device has none to tell. */
  readonly status: DeviceStatus | null;
  /** What an unfinished update left, of whatever firmware. */
  readonly journal: JournalEntry | null;
  /** Milliseconds since 1970. */
  readonly date: number;
}

const READY: Readiness = { ready: true };

/** Judges what a device answered. What it does not tell is left to the engine, which asks again before the first erase. */
export function readiness(
  plan: Pick<UpdatePlan, 'bytes' | 'sha256' | 'inspection' | 'chipId'>,
  { name, dialect, status, journal, date }: Looked,
): Readiness {
  const slot = status?.session?.slot ?? status?.next ?? null;
  const judgement = judge(plan.inspection, {
    chipId: plan.chipId,
    capacityBytes: status?.session?.capacityBytes ?? slot?.size ?? null,
    updateSlot: updateSlotOf(status),
  });
  if (judgement.verdict === 'refuse') return { ready: false, because: 'image', message: judgement.message };
  if (status === null) return READY;
  const left = journal?.sha256 === plan.sha256 ? journal : null;
  // Whoever starts a rollout has chosen to begin, also where what was written before is gone.
  const chosen = { ...plan, takeOver: null, beginAgain: true };
  const way = preflight(status, chosen, dialect, left, claimLeftBy(left), date);
  if (way.go === 'begin' && mayBeOnlyUpdate(status)) return { ready: true, mayBeOnlyUpdate: true };
  if (way.go !== 'no') return READY;
  const because = way.because === 'other-session' ? 'busy' : 'refused';
  const otherSession = way.because === 'other-session' ? way.session : null;
  return { ready: false, because, message: inWords(name, dialect, { code: way.because, otherSession }) };
}

/** A device that could not even be asked. */
export function notReady(
  name: string,
  dialect: Dialect | null,
  error: { readonly code: UpdateErrorCode; readonly said: string | null },
): NotReady {
  return { ready: false, because: becauseOf(error.code), message: inWords(name, dialect, error) };
}

function becauseOf(code: UpdateErrorCode): LeftOutBecause {
  switch (code) {
    case 'unreachable':
    case 'host-gone':
    case 'silent':
      return 'off';
    case 'busy':
    case 'other-session':
    case 'held-elsewhere':
      return 'busy';
    default:
      return 'refused';
  }
}

/** The very words of an update that failed before it began. */
function inWords(name: string, dialect: Dialect | null, of: Partial<Failed> & Pick<Failed, 'code'>): string {
  return describe(failedBefore(dialect, 0, of), { device: name, version: null }).detail;
}

type Failed = Extract<Outcome, { outcome: 'failed' }>;

/**
 * How an update ended that sent nothing.
 *
 * @param total bytes of the image
 */
export function failedBefore(
  dialect: Dialect | null,
  total: number,
  of: Partial<Failed> & Pick<Failed, 'code'>,
): Failed {
  return {
    phase: 'ended',
    outcome: 'failed',
    dialect,
    durationMs: 0,
    progress: {
      acknowledged: 0,
      total,
      inFlight: null,
      // The erase unit of every ESP32's flash.
      blockSize: 4096,
      slot: null,
      capacityBytes: null,
      retried: [],
      retries: 0,
      chunkBytes: 0,
      sessionRestarts: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    },
    during: 'checking',
    status: null,
    said: null,
    retryAfterMs: null,
    oldFirmware: 'runs',
    resumable: false,
    otherSession: null,
    restarted: false,
    judgement: null,
    ...of,
  };
}
