/**
 * The numbers that tell a rollout server why an update ended as it did (docs/fleet.md lists them). A number is never
 * used for something else: whoever has built on it finds the same meaning in later versions.
 */
import type { UpdateErrorCode } from '../update/error-codes.ts';

/** Why an update may end, and what the agent itself finds besides. */
export type AgentCode =
  | UpdateErrorCode
  | 'rolled-back'
  | 'rejected'
  | 'not-seen-again'
  | 'cancelled-here'
  | 'not-proven'
  | 'no-image'
  | 'several-images'
  | 'encrypted'
  | 'no-hash'
  | 'file-too-large'
  | 'damaged'
  | 'does-not-fit'
  | 'given-up'
  | 'no-room';

export const AGENT_CODES: Readonly<Record<AgentCode, number>> = {
  // How an update ended.
  'rolled-back': 10,
  rejected: 11,
  'not-seen-again': 12,
  'cancelled-here': 13,
  'not-proven': 14,
  // The assignment.
  'no-image': 20,
  'several-images': 21,
  encrypted: 22,
  'no-hash': 23,
  'file-too-large': 24,
  damaged: 25,
  'does-not-fit': 26,
  'given-up': 30,
  'no-room': 31,
  // What went wrong at the device: model/update/error-codes.ts.
  aborted: 100,
  unreachable: 101,
  'host-gone': 102,
  silent: 103,
  garbled: 104,
  'unknown-format': 105,
  'web-page': 106,
  unreadable: 107,
  busy: 108,
  'device-fault': 109,
  'body-too-large': 110,
  conflict: 111,
  'not-finalized': 112,
  'not-counted': 113,
  'hash-mismatch': 114,
  'bad-request': 115,
  unauthorised: 116,
  forbidden: 117,
  'no-route': 118,
  'wrong-host': 119,
  unsupported: 120,
  'too-large': 121,
  'other-session': 122,
  'session-lost': 123,
  'session-spoilt': 124,
  'no-progress': 125,
  'restarts-used-up': 126,
  unconfirmed: 127,
  'not-marked-valid': 128,
  'wrong-image': 129,
  locked: 130,
  'other-subnet': 131,
  'half-left': 132,
  'restarts-itself': 133,
  'needs-host': 134,
  'held-elsewhere': 135,
  'not-allowed': 136,
  'earlier-broke-off': 137,
  'not-set-aside': 138,
  'stand-in-runs': 139,
  'no-restart-seen': 140,
  'not-called-back': 141,
};
