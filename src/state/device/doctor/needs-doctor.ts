import type { UpdateErrorCode } from '../../../model/update/error-codes.ts';

/**
 * Whether the reason may lie between the page and the device, rather than in the update itself. Not in the table of codes
 * (model/update/error-codes.ts), which the first view does without.
 */
export const NEEDS_DOCTOR: Readonly<Record<UpdateErrorCode, boolean>> = {
  aborted: false,
  unreachable: true,
  'host-gone': false,
  silent: true,
  garbled: true,
  'unknown-format': true,
  'web-page': true,
  unreadable: true,
  // It may be a ban, or a limit that one client alone has used up.
  busy: true,
  'device-fault': true,
  'body-too-large': false,
  conflict: false,
  'not-finalized': false,
  'not-counted': false,
  'hash-mismatch': false,
  'bad-request': false,
  unauthorised: true,
  forbidden: true,
  'no-route': true,
  'wrong-host': true,
  unsupported: false,
  'too-large': false,
  'other-session': false,
  'session-lost': false,
  'session-spoilt': false,
  'no-progress': true,
  'restarts-used-up': false,
  unconfirmed: false,
  'not-marked-valid': false,
  'wrong-image': false,
  locked: false,
  'other-subnet': false,
  'half-left': false,
  'earlier-broke-off': false,
  'not-set-aside': false,
  'stand-in-runs': false,
  'restarts-itself': false,
  'needs-host': false,
  'held-elsewhere': false,
  'not-allowed': true,
};
