/** The fault matrix of a `shipped` device, whose bootloader goes back from an image that was not marked valid. */
import {
  A_PAGE,
  BUSY_BEGIN,
  FAULTS,
  firstAtChunk,
  isRetrying,
  isWaiting,
  NEVER_CAME,
  REFUSED,
  WITH_BYTES,
  type First,
  type Kind,
} from './fault-matrix.ts';

const CHUNK = firstAtChunk('chunk', 2);
const NO_STATUS: First = { words: 'the first status had no route', route: 'status', nth: 1, fault: FAULTS['404'] };
const NO_FINALIZE: First = { words: 'the first finalize never came', route: 'finalize', nth: 1, fault: NEVER_CAME };
const FAILED_FINALIZE: First = { words: 'the first finalize failed', route: 'finalize', nth: 1, fault: FAULTS['500'] };

/** What was hashed fits, and an image that is damaged in flash does not start. */
const DAMAGED = { 'corrupt flash before': 'rolled-back', 'corrupt flash after': 'rolled-back' } as const;
/** It runs already; that a bit in its flash has flipped since cannot be seen from outside. */
const DAMAGED_RUNNING = { 'corrupt flash before': 'updated~', 'corrupt flash after': 'updated~' } as const;

const FINALIZED = {
  ...REFUSED,
  'corrupt flash before': 'rolled-back',
  'corrupt flash after': 'updated~',
  // The field that asks for the restart arrives damaged: the device takes the image and stays up.
  'corrupt on the way': 'staged',
  // It never took the image, which cannot be told apart from outside from an image that did not start.
  'restart before': 'rolled-back',
  'other session': 'failed: other-session',
  cancelled: 'cancelled*',
} as const;

const MEANWHILE = {
  restart: 'failed: session-lost',
  'corrupt flash': 'rolled-back',
  'other session': 'failed: other-session',
  cancelled: 'cancelled',
} as const;

export const SHIPPED: Kind = {
  name: 'shipped',
  device: { dialect: 'shipped', rollback: true },
  damagedAndVerified: 'rejected',
  doesNotStart: 'rolled-back',
  rows: [
    {
      route: 'status',
      phase: 'detecting',
      beforeAnyByte: true,
      usually: 'updated*',
      but: {
        '401': 'failed: unauthorised',
        ...A_PAGE,
        'other session': 'failed: other-session',
        cancelled: 'cancelled',
      },
    },
    {
      // What it tells of itself is never needed.
      route: 'openapi',
      phase: 'detecting',
      first: NO_STATUS,
      beforeAnyByte: true,
      usually: 'updated*',
      but: { 'other session': 'failed: other-session', cancelled: 'cancelled' },
    },
    {
      route: 'status',
      phase: 'checking',
      beforeAnyByte: true,
      usually: 'updated*',
      but: { ...REFUSED, ...A_PAGE, 'other session': 'failed: other-session', cancelled: 'cancelled' },
    },
    {
      route: 'begin',
      phase: 'beginning',
      beforeAnyByte: true,
      usually: 'updated*',
      but: {
        ...REFUSED,
        '413': 'failed: too-large',
        'other session': 'failed: other-session',
        cancelled: 'cancelled',
      },
    },
    {
      route: 'chunk',
      phase: 'writing',
      nth: 2,
      usually: 'updated*',
      but: { ...WITH_BYTES, ...DAMAGED, 'corrupt on the way': 'rejected' },
    },
    {
      route: 'status',
      phase: 'checking',
      first: CHUNK.lost,
      usually: 'updated*',
      but: { ...WITH_BYTES, ...DAMAGED },
    },
    { route: 'finalize', phase: 'finalizing', usually: 'updated*', but: FINALIZED },
    { route: 'finalize', phase: 'restarting', first: FAILED_FINALIZE, usually: 'updated*', but: FINALIZED },
    {
      route: 'status',
      phase: 'restarting',
      usually: 'updated*',
      but: {
        '401': 'failed: unauthorised*',
        '404': 'failed: no-route*',
        // Not yet marked valid, so the bootloader goes back.
        'restart before': 'rolled-back',
        'restart after': 'rolled-back',
        ...DAMAGED_RUNNING,
        cancelled: 'cancelled*',
      },
    },
    {
      route: 'mark-valid',
      phase: 'confirming',
      usually: 'updated*',
      but: {
        '401': 'failed: not-marked-valid*',
        '404': 'failed: not-marked-valid*',
        'restart before': 'rolled-back',
        ...DAMAGED_RUNNING,
        cancelled: 'cancelled*',
      },
    },
  ],
  lulls: [
    {
      first: BUSY_BEGIN,
      isReached: isRetrying,
      beforeAnyByte: true,
      usually: 'updated*',
      but: { 'other session': 'failed: other-session', cancelled: 'cancelled' },
    },
    { first: CHUNK.slow, isReached: isRetrying, usually: 'updated*', but: MEANWHILE },
    { first: CHUNK.cut, isReached: isWaiting('offline'), usually: 'updated*', but: MEANWHILE },
    { first: CHUNK.paused, isReached: isWaiting('paused'), usually: 'updated*', but: MEANWHILE },
    // As at finalize itself: that it never took the image cannot be seen from outside.
    { first: NO_FINALIZE, isReached: isRetrying, usually: 'updated*', but: { ...MEANWHILE, restart: 'rolled-back' } },
  ],
};
