/**
 * Whether a device has answered since an upload: whether it was away, and for how long the new firmware has run. Never
 * changed, only replaced. Pure; times are those of the monotonic clock.
 */
import { AWAY_AFTER_MS } from '../time-limits.ts';

export interface Presence {
  /** It did not answer for a time since its “yes”. */
  readonly wasAway: boolean;
  /** The new firmware has answered. */
  readonly sawNew: boolean;
  /** Since when the new firmware answers without a gap, so that it may still roll back; null: it does not. */
  readonly newSince: number | null;
  /** Since when the device has not answered; null: it does. */
  readonly awaySince: number | null;
}

/** As an upload goes out. */
export const PRESENT: Presence = { wasAway: false, sawNew: false, newSince: null, awaySince: null };

/** The new firmware answers. */
export function withNewSeen(presence: Presence, now: number): Presence {
  return { ...presence, sawNew: true, newSince: presence.newSince ?? now };
}

/** It did not answer as the new firmware. */
export function withNewMissed(presence: Presence): Presence {
  return { ...presence, newSince: null };
}

/** It did not answer at all when it was asked at `askedAt`. */
export function withAllMissed(presence: Presence, askedAt: number): Presence {
  return { ...presence, awaySince: presence.awaySince ?? askedAt };
}

/** It answers. One answer that was lost does not count as an absence. */
export function withAnswer(presence: Presence, now: number): Presence {
  const { awaySince, wasAway } = presence;
  return { ...presence, awaySince: null, wasAway: wasAway || (awaySince !== null && now - awaySince >= AWAY_AFTER_MS) };
}
