/** Tells another program when an update has ended: one POST, and one more where that did not arrive. */
import type { Clock } from '../../model/clock.ts';
import { placeOf } from '../../model/device/device.ts';
import type { Job } from '../../model/jobs/job.ts';

/** Whoever takes longer to say yes is not there. */
const ANSWER_MS = 10_000;
/** A program that is just being started again is back by then. */
const AGAIN_MS = 5_000;

/** What is sent, as JSON. No token, no key, and nothing by which the job could be told what to do. */
export interface Notice {
  readonly device: { readonly name: string; readonly address: string };
  readonly firmware: { readonly name: string; readonly sha256: string; readonly version: string | null };
  /** As `OutcomeName`: "updated". */
  readonly outcome: string;
  /** As `UpdateErrorCode`, where it failed; else null. */
  readonly code: string | null;
  readonly durationMs: number;
  /** ISO 8601, in UTC. */
  readonly endedAt: string;
}

/** The part of `fetch` that is needed. */
export type Post = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string; redirect: 'error'; signal: AbortSignal },
) => Promise<{ readonly ok: boolean; readonly status: number }>;

/** Null for a job that has not ended. */
export function noticeOf({ device, firmware, standing, endedAt }: Job): Notice | null {
  if (standing.kind !== 'ended') return null;
  const { outcome } = standing;
  const { name, sha256, version } = firmware;
  return {
    device: { name: device.name, address: placeOf(device) },
    firmware: { name, sha256, version },
    outcome: outcome.outcome,
    code: outcome.outcome === 'failed' ? outcome.code : null,
    durationMs: Math.round(outcome.durationMs),
    endedAt: new Date(endedAt ?? 0).toISOString(),
  };
}

/** Resolves to whether it arrived; never rejects. `signal`: the host stops, and nobody waits. */
export async function notify(
  url: string,
  notice: Notice,
  post: Post,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const send = async (): Promise<boolean> => {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
      const headers = { 'Content-Type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(notice), redirect: 'error', signal: limit } as const;
      return (await post(url, init)).ok;
    } catch {
      // Nobody there, too late, or it points elsewhere: not arrived, each of them.
      return false;
    }
  };
  if (await send()) return true;
  try {
    await clock.sleep(AGAIN_MS, signal);
  } catch {
    // The host stops.
    return false;
  }
  return send();
}
