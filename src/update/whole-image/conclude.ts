/** What an answer after an upload shows of its end. Pure; docs/decisions/whole-image-link.md has the rules. */
import {
  type DeviceIdentity,
  type FirmwareTells,
  hasRestarted,
  isSameFirmware,
  wouldShowRestart,
} from '../../model/device/identity.ts';
import type { Unproven } from '../../model/update/update-state.ts';
import { tellsPredicted } from './predicted.ts';

export interface Evidence {
  readonly before: DeviceIdentity;
  readonly now: DeviceIdentity;
  /** Milliseconds between the two answers. */
  readonly elapsedMs: number;
  /** What ran in place of its firmware in between, and took the upload; null or absent: nothing did. */
  readonly standIn?: { readonly identity: DeviceIdentity; readonly elapsedMs: number } | null;
  /** What the file says that it will tell; null: nothing. */
  readonly predicted: FirmwareTells | null;
  /** Whether the device said “yes” to the upload. Else its answer was lost. */
  readonly saidYes: boolean;
  /** Whether it did not answer for a time since its “yes”, which shows a restart where nothing else does. */
  readonly wasAway?: boolean;
  /** Whether the device tells nothing that would show a restart, or what runs: then only its absence counts. */
  readonly tellsNothing?: boolean;
  /** Whether the new firmware has answered since the upload. */
  readonly sawNew?: boolean;
  /** Whether the device may have held an image of another file before the upload, which a restart would start. */
  readonly mayHoldAnother?: boolean;
}

export type Conclusion =
  | { readonly kind: 'updated' | 'rolled-back' }
  | { readonly kind: 'accepted'; readonly why: Unproven }
  /** It has not restarted, or does not tell. */
  | { readonly kind: 'not-restarted' | 'untold' }
  /** It has restarted, and what took the upload runs again: neither the old firmware nor the new. */
  | { readonly kind: 'stands-in' }
  /** It has restarted, or may have, and nothing shows whether it took the image. */
  | { readonly kind: 'unconfirmed' };

/** Whether the device has restarted, by what it tells; null: it tells nothing that would show it. */
export function restartSeen({
  before,
  now,
  elapsedMs,
}: Pick<Evidence, 'before' | 'now' | 'elapsedMs'>): boolean | null {
  return !isSameFirmware(before, now) || hasRestarted(before, now, elapsedMs);
}

export function conclude(evidence: Evidence): Conclusion {
  const { before, now, elapsedMs, standIn = null, predicted, saidYes, wasAway = false, sawNew = false } = evidence;
  const { tellsNothing = false, mayHoldAnother = false } = evidence;
  if (tellsNothing && restartSeen(evidence) === null) return ofSilent(saidYes, wasAway);
  // It told more before: the part that tells its version has not started yet.
  if (before.version !== null && now.version === null) return { kind: 'untold' };
  const isComparable = before.version !== null || now.version === null;
  const isSame = isComparable && isSameFirmware(before, now);
  const last = standIn ?? { identity: before, elapsedMs };
  const told = hasRestarted(last.identity, now, last.elapsedMs);
  // Right after a start an uptime does not show another restart; its absence does.
  const restarts = told === false && wasAway && !wouldShowRestart(last.identity) ? null : told;
  const seen = sawNew || (restarts ?? (saidYes && wasAway ? true : null));
  // Other firmware cannot run without a restart, whatever uptime it tells.
  const restarted = isComparable && !isSameFirmware(last.identity, now) ? true : seen;
  if (restarted === null) return { kind: 'untold' };
  if (!restarted) return { kind: 'not-restarted' };
  if (!isComparable) return saidYes ? { kind: 'accepted', why: 'nothing-predicted' } : { kind: 'unconfirmed' };
  // What it held may have started, and may tell the very same as the file, or as what ran.
  if (mayHoldAnother && !saidYes && now.standsIn !== true) return { kind: 'unconfirmed' };
  const isPredicted = predicted === null ? null : tellsPredicted(predicted, now);
  if (isPredicted === true) {
    // It proves an update only where the device did not tell the same before: one build of a version may replace
    // another, and roll back to it.
    const wasThere = predicted !== null && tellsPredicted(predicted, before) === true;
    if (!isSame && !wasThere) return { kind: 'updated' };
    // A crash would look the same.
    if (!saidYes) return { kind: 'unconfirmed' };
    // Where an app tells only its version, the build time may be that of another build.
    return { kind: 'accepted', why: isSame || !predicted?.builds ? 'same' : 'nothing-predicted' };
  }
  if (now.standsIn === true) return { kind: 'stands-in' };
  if (isPredicted === null)
    return saidYes || !isSame ? { kind: 'accepted', why: 'nothing-predicted' } : { kind: 'unconfirmed' };
  return isSame ? { kind: 'rolled-back' } : { kind: 'accepted', why: 'other' };
}

/** The conclusion for a device that tells nothing that would show a restart, or what runs. */
function ofSilent(saidYes: boolean, wasAway: boolean): Conclusion {
  if (!wasAway) return { kind: 'untold' };
  return saidYes ? { kind: 'accepted', why: 'was-away' } : { kind: 'unconfirmed' };
}
