/** The fault matrix of the two kinds of `documented` devices: with a status that counts the bytes, and without one. */
import {
  A_PAGE,
  BUSY_BEGIN,
  firstAtChunk,
  isRetrying,
  isWaiting,
  LOST,
  NEVER_CAME,
  REFUSED,
  WITH_BYTES,
  type First,
  type Kind,
  type Row,
} from './fault-matrix.ts';

/** The first one is too large for one request. */
const SECOND_TAKEN = 3;
const CHUNK = firstAtChunk('write', SECOND_TAKEN);
const LOST_BEGIN: First = { words: 'the answer to begin was lost', route: 'begin', nth: 1, fault: LOST };

/** It accepts what it received. It cannot know that flash kept something else, and such an image does not start. */
const DAMAGED = { 'corrupt flash before': 'accepted', 'corrupt flash after': 'accepted' } as const;

/** Its token is read in this header alone. */
const ONLY_BEARER = { '401': 'failed: unauthorised' } as const;

/** The outcome on a device that shows nowhere else that it takes updates, once its list of routes is lost. */
const LOST_LIST = 'failed: no-route';
const TELLS_NOTHING = {
  'dropped before': LOST_LIST,
  'dropped after': LOST_LIST,
  'hangs before': LOST_LIST,
  'hangs after': LOST_LIST,
  '401': LOST_LIST,
  '404': LOST_LIST,
  '409': LOST_LIST,
  '413': LOST_LIST,
  '429': LOST_LIST,
  '500': LOST_LIST,
  '503': LOST_LIST,
  '504 before': LOST_LIST,
  '504 after': LOST_LIST,
  'garbage: a page': LOST_LIST,
  'garbage: nothing': LOST_LIST,
  'garbage: half of JSON': LOST_LIST,
  'garbage: 10 MB': LOST_LIST,
} as const;

/** An answer cut short names no session, so the yes at the end may be about none of ours. */
const NO_SESSION = { 'garbage: half of JSON': 'failed: unconfirmed*' } as const;

const BEGUN: Row = {
  route: 'begin',
  phase: 'beginning',
  beforeAnyByte: true,
  usually: 'accepted*',
  but: {
    ...REFUSED,
    '413': 'failed: too-large',
    'corrupt on the way': 'failed: bad-request',
    cancelled: 'cancelled',
  },
};

/** It was asked to finalize, its answer is lost, and it has no session any more: it may have taken the image. */
const IN_DOUBT = {
  'page reloaded': 'failed: unconfirmed*',
  'offline after it was sent': 'failed: unconfirmed*',
  'dropped after': 'failed: unconfirmed*',
  'hangs after': 'failed: unconfirmed*',
  '504 after': 'failed: unconfirmed*',
  'restart before': 'failed: unconfirmed',
  'restart after': 'failed: unconfirmed*',
  'garbage: a page': 'failed: unconfirmed*',
  'garbage: 10 MB': 'failed: unconfirmed*',
  'corrupt on the way': 'rejected',
  'corrupt flash before': 'accepted',
  'corrupt flash after': 'accepted~',
  cancelled: 'cancelled*',
} as const;

/** The second finalize, after one without an answer. */
const NEVER_FINALIZED: Row = {
  route: 'finalize',
  phase: 'restarting',
  first: { words: 'the first finalize never came', route: 'finalize', nth: 1, fault: NEVER_CAME },
  usually: 'accepted*',
  but: {
    ...IN_DOUBT,
    '401': 'failed: unauthorised',
    // The answer that there is no session may mean that the first finalize was taken.
    '404': 'failed: unconfirmed',
    '409': 'failed: unconfirmed',
    'other session': 'failed: unconfirmed',
  },
};
const FINALIZED_UNHEARD: Row = {
  route: 'finalize',
  phase: 'restarting',
  first: { words: 'the answer to the first finalize was lost', route: 'finalize', nth: 1, fault: LOST },
  usually: 'failed: unconfirmed*',
  but: {
    '401': 'failed: unauthorised*',
    'corrupt flash before': 'failed: unconfirmed~',
    'corrupt flash after': 'failed: unconfirmed~',
    cancelled: 'cancelled*',
  },
};

export const WITHOUT_COUNTER: Kind = {
  name: 'documented, without a counter',
  device: { dialect: 'documented' },
  damagedAndVerified: 'failed: unconfirmed',
  doesNotStart: 'accepted',
  rows: [
    // It has no status route, so what is asked there is no route at all: by one token header and by the other, and then
    // twice for a path that cannot exist.
    ...[1, 2, 3, 4].map((nth): Row => ({
      route: 'unknown',
      phase: 'detecting',
      nth,
      beforeAnyByte: true,
      usually: 'accepted*',
      but: {
        ...(nth <= 2 ? A_PAGE : {}),
        ...(nth === 2 ? ONLY_BEARER : {}),
        cancelled: 'cancelled',
      },
    })),
    {
      // Nothing else shows that it takes updates, since it answers 200 to everything.
      route: 'openapi',
      phase: 'detecting',
      beforeAnyByte: true,
      usually: 'accepted*',
      but: { ...TELLS_NOTHING, cancelled: 'cancelled' },
    },
    // Our session and another client's look alike there, and both time out; and an empty answer may come from any path.
    { ...BEGUN, but: { ...BEGUN.but, 'garbage: nothing': 'failed: no-route', ...NO_SESSION } },
    {
      route: 'write',
      phase: 'writing',
      nth: SECOND_TAKEN,
      usually: 'accepted*',
      // It tells no session: after another client's began, ours is started over once theirs has timed out.
      but: {
        ...REFUSED,
        ...DAMAGED,
        'corrupt on the way': 'rejected',
        'garbage: nothing': 'failed: no-route',
        cancelled: 'cancelled',
      },
    },
    {
      route: 'finalize',
      phase: 'finalizing',
      usually: 'accepted*',
      but: {
        ...IN_DOUBT,
        ...REFUSED,
        'garbage: nothing': 'failed: unconfirmed*',
        // As if the browser had sent it twice and the first was taken.
        '409': 'failed: unconfirmed',
      },
    },
    {
      ...NEVER_FINALIZED,
      // Its session runs out meanwhile.
      but: {
        ...NEVER_FINALIZED.but,
        'offline for a minute': 'failed: unconfirmed',
        'garbage: nothing': 'failed: unconfirmed*',
      },
    },
    FINALIZED_UNHEARD,
  ],
  lulls: [
    {
      first: BUSY_BEGIN,
      isReached: isRetrying,
      beforeAnyByte: true,
      usually: 'accepted*',
      but: { cancelled: 'cancelled' },
    },
    // It starts over, and the erase sets right the flipped bits.
    { first: CHUNK.slow, isReached: isRetrying, usually: 'accepted*', but: { cancelled: 'cancelled' } },
    { first: CHUNK.cut, isReached: isWaiting('offline'), usually: 'accepted*', but: { cancelled: 'cancelled' } },
    {
      first: CHUNK.paused,
      isReached: isWaiting('paused'),
      usually: 'accepted*',
      but: { 'corrupt flash': 'accepted', cancelled: 'cancelled' },
    },
    {
      first: LOST_BEGIN,
      isReached: isWaiting('device-session'),
      beforeAnyByte: true,
      usually: 'accepted*',
      but: { cancelled: 'cancelled' },
    },
  ],
};

const MEANWHILE = {
  restart: 'failed: session-lost',
  'corrupt flash': 'accepted',
  'other session': 'failed: other-session',
  cancelled: 'cancelled',
} as const;

export const WITH_COUNTER: Kind = {
  name: 'documented, with a counter',
  // A minute without a network is too short for its session to time out.
  device: { dialect: 'documented', status: 'counter', sessionTimeoutMs: 120_000 },
  damagedAndVerified: 'failed: unconfirmed',
  doesNotStart: 'accepted',
  rows: [
    ...[1, 2].map((nth): Row => ({
      // By the header of the other dialect, and by its own.
      route: 'status',
      phase: 'detecting',
      nth,
      beforeAnyByte: true,
      usually: 'accepted*',
      but: {
        // What it refuses, it refuses with or without a page.
        ...(nth === 2 ? { ...A_PAGE, ...ONLY_BEARER } : {}),
        'other session': 'failed: other-session',
        cancelled: 'cancelled',
      },
    })),
    {
      route: 'status',
      phase: 'checking',
      beforeAnyByte: true,
      usually: 'accepted*',
      but: { ...REFUSED, ...A_PAGE, 'other session': 'failed: other-session', cancelled: 'cancelled' },
    },
    { ...BEGUN, but: { ...BEGUN.but, 'other session': 'failed: other-session' } },
    {
      route: 'write',
      phase: 'writing',
      nth: SECOND_TAKEN,
      usually: 'accepted*',
      but: { ...WITH_BYTES, ...DAMAGED, 'corrupt on the way': 'rejected' },
    },
    {
      route: 'status',
      phase: 'checking',
      first: CHUNK.lost,
      usually: 'accepted*',
      but: { ...WITH_BYTES, ...DAMAGED },
    },
    {
      route: 'finalize',
      phase: 'finalizing',
      usually: 'accepted*',
      but: { ...IN_DOUBT, ...REFUSED, 'other session': 'failed: other-session' },
    },
    NEVER_FINALIZED,
    FINALIZED_UNHEARD,
  ],
  lulls: [
    {
      first: BUSY_BEGIN,
      isReached: isRetrying,
      beforeAnyByte: true,
      usually: 'accepted*',
      but: {
        'other session': 'failed: other-session',
        cancelled: 'cancelled',
      },
    },
    { first: CHUNK.slow, isReached: isRetrying, usually: 'accepted*', but: MEANWHILE },
    { first: CHUNK.cut, isReached: isWaiting('offline'), usually: 'accepted*', but: MEANWHILE },
    { first: CHUNK.paused, isReached: isWaiting('paused'), usually: 'accepted*', but: MEANWHILE },
  ],
};
