/**
 * What can go wrong in an update, and what follows from it in every room. A new code is a row here; the compiler asks
 * for each of its facts, and then for its words (words/update/error-words.ts).
 *
 * | code | what happened | what the engine does |
 * | --- | --- | --- |
 * | `aborted` | our own signal ended the request | stops |
 * | `unreachable` | no answer came: closed port, lost connection, CORS, blocked | asks the device, retries |
 * | `host-gone` | the host that a device is reached through does not answer, nor does the device by another way | ends |
 * | `silent` | no sign within the limit | asks the device, retries |
 * | `garbled` | an answer that cannot be read where one is needed | asks the device, retries |
 * | `unknown-format` | an answer that is whole, and tells what is needed in a form that no dialect has | ends |
 * | `web-page` | a web page where the device should answer: another server, or a network that wants a sign-in | before begin ends; then waits as for a network |
 * | `unreadable` | something answers, and the browser does not let the page read it | retries, ends |
 * | `busy` | 408, 425, 429, 503: later | waits (`Retry-After`), asks the device |
 * | `device-fault` | 500, 502, 504: failed or not known | asks the device, retries |
 * | `body-too-large` | 413 | smaller chunks |
 * | `conflict` | 409: session or offset is not what we think | asks the device |
 * | `not-finalized` | asked to finalize, and the session is still open with every byte | backs off, finalizes again |
 * | `not-counted` | after a doubt, a session without a count of its bytes | starts over |
 * | `hash-mismatch` | 409 at the end: the bytes do not have the hash | ends: rejected |
 * | `bad-request` | 400 and other final 4xx | ends |
 * | `unauthorised` | 401 | ends |
 * | `forbidden` | 403 | ends |
 * | `no-route` | 404, 405, or what any path answers there: nothing shows that there are update routes | ends |
 * | `wrong-host` | 400 `Invalid Host` | ends |
 * | `unsupported` | 501 | ends |
 * | `too-large` | the image does not fit the slot | ends |
 * | `other-session` | the device holds a session that is not ours | ends: the person chooses |
 * | `session-lost` | the device restarted or dropped the session while we wrote | ends: the person chooses |
 * | `session-spoilt` | the device counts other bytes than were sent: a chunk was taken twice, or lost | starts over, or ends |
 * | `no-progress` | retries are used up | ends: can be resumed |
 * | `restarts-used-up` | a documented session was started over too often | ends |
 * | `unconfirmed` | the end cannot be told: a documented device lost the session with the last answer | ends |
 * | `no-restart-seen` | a device that tells nothing of itself said yes to a whole image, and was there all the time | ends |
 * | `not-marked-valid` | the new image runs, marking it valid failed | ends |
 * | `wrong-image` | the inspector's verdict against this device | ends before anything is sent |
 * | `not-allowed` | the browser was not asked yet, or said no, to reach the local network | ends before anything is sent |
 * | `locked` | the device takes no update before it is unlocked in its own settings | ends before anything is sent |
 * | `other-subnet` | the device takes updates from its own subnet alone | ends |
 * | `half-left` | the device keeps a half upload and would append the next one to it | ends: the person agrees to a restart |
 * | `earlier-broke-off` | the device said no, and it may have been to an upload before that broke off | starts over |
 * | `not-set-aside` | the device did not start what takes an upload in the place of its firmware | ends |
 * | `stand-in-runs` | after the upload, what took it runs again in the place of the new firmware | ends |
 * | `restarts-itself` | asked not to restart, and the device does so by itself after each upload | ends before anything is sent |
 * | `not-called-back` | the device took its invitation, and its connection to this host did not come | ends before anything is sent |
 * | `needs-host` | only the host reaches the device, and its gateway carries no whole image | ends before anything is sent |
 * | `held-elsewhere` | another tab or run is updating this device | ends before anything is sent |
 */
import type { FailedLook } from '../rollout/failed-look.ts';

interface ErrorFacts {
  /** For the run in which it happened. */
  readonly engine: {
    /** Whether another try can help, since nothing is certain or the moment was bad. Else the update ends. */
    readonly again: boolean;
    /**
     * Whether the request may have had its effect all the same. `if-yes`, `unless-refused`: that depends on the HTTP
     * status.
     */
    readonly acted: 'maybe' | 'no' | 'if-yes' | 'unless-refused';
    /**
     * What it says of the size of a chunk. `too-large`: the chunk was refused for its size. `cut-off`: the connection
     * broke off. `lost`: no answer came in time. `maybe`: it was answered, and its size may be the reason. `fits`:
     * nothing speaks against its size.
     */
    readonly chunk: 'fits' | 'maybe' | 'too-large' | 'cut-off' | 'lost';
    /** Whether it may only mean that there is no network. */
    readonly offline: boolean;
  };
  /** For the session on the device. */
  readonly session: {
    /** Whether it cannot be completed any more: it is started over where a chunk cannot be sent twice. */
    readonly spoilt: boolean;
    /** Whether a device that has no session may say so by this. */
    readonly maybeNone: boolean;
    /** Whether our session is no longer on the device, or that is not known. */
    readonly gone: boolean;
  };
  /** For whoever finds out how to reach a device. */
  readonly device: {
    readonly answer: 'given' | 'unreadable' | 'none';
    /** Whether the gateway may reach it where the page does not, or the other way round. */
    readonly byOtherRoute: boolean;
    /** Whether something answers there, and this shows what it is. */
    readonly shows: boolean;
    /** After a request for a path that cannot exist: whether its answer is known now, or has to be asked for again. */
    readonly learned: boolean;
  };
  readonly rollout: {
    /** Why a rollout skips the device where looking at it came to this. */
    readonly skippedAs: FailedLook;
    /** Whether an update that ended with it had lost its connection. */
    readonly lost: boolean;
  };
}

/** What most codes mean: the update ends, and nothing else follows. The rows say what differs. */
const ENDS = {
  engine: { again: false, acted: 'no', chunk: 'fits', offline: false },
  session: { spoilt: false, maybeNone: false, gone: false },
  device: { answer: 'given', byOtherRoute: false, shows: false, learned: true },
  rollout: { skippedAs: 'refused', lost: false },
} as const satisfies ErrorFacts;

export const ERROR_FACTS = {
  aborted: {
    ...ENDS,
    engine: { again: false, acted: 'maybe', chunk: 'fits', offline: false },
    device: { answer: 'given', byOtherRoute: false, shows: false, learned: false },
  },
  unreachable: {
    ...ENDS,
    engine: { again: true, acted: 'maybe', chunk: 'cut-off', offline: true },
    device: { answer: 'none', byOtherRoute: true, shows: false, learned: true },
    rollout: { skippedAs: 'off', lost: true },
  },
  'host-gone': {
    ...ENDS,
    engine: { again: false, acted: 'no', chunk: 'fits', offline: true },
    device: { answer: 'none', byOtherRoute: false, shows: false, learned: true },
    rollout: { skippedAs: 'off', lost: false },
  },
  silent: {
    ...ENDS,
    engine: { again: true, acted: 'maybe', chunk: 'lost', offline: false },
    device: { answer: 'none', byOtherRoute: true, shows: false, learned: false },
    rollout: { skippedAs: 'off', lost: true },
  },
  garbled: {
    ...ENDS,
    engine: { again: true, acted: 'maybe', chunk: 'fits', offline: false },
  },
  'unknown-format': ENDS,
  'web-page': {
    ...ENDS,
    engine: { again: false, acted: 'maybe', chunk: 'fits', offline: false },
    device: { answer: 'given', byOtherRoute: true, shows: true, learned: true },
  },
  // It may have been the moment: a lost answer looks to a page like one that it may not read.
  unreadable: {
    ...ENDS,
    engine: { again: true, acted: 'no', chunk: 'fits', offline: false },
    device: { answer: 'unreadable', byOtherRoute: true, shows: false, learned: true },
  },
  // 408 and 503 may come after it was done; 425 and 429 are answered before.
  busy: {
    ...ENDS,
    engine: { again: true, acted: 'unless-refused', chunk: 'maybe', offline: false },
    device: { answer: 'given', byOtherRoute: false, shows: false, learned: false },
    rollout: { skippedAs: 'busy', lost: false },
  },
  'device-fault': {
    ...ENDS,
    engine: { again: true, acted: 'maybe', chunk: 'maybe', offline: false },
    device: { answer: 'given', byOtherRoute: true, shows: false, learned: true },
  },
  'body-too-large': {
    ...ENDS,
    engine: { again: true, acted: 'no', chunk: 'too-large', offline: false },
  },
  conflict: {
    ...ENDS,
    engine: { again: true, acted: 'no', chunk: 'fits', offline: false },
    session: { spoilt: false, maybeNone: true, gone: false },
  },
  'not-finalized': {
    ...ENDS,
    engine: { again: true, acted: 'no', chunk: 'fits', offline: false },
  },
  'not-counted': {
    ...ENDS,
    session: { spoilt: true, maybeNone: false, gone: false },
  },
  'hash-mismatch': ENDS,
  'bad-request': {
    ...ENDS,
    session: { spoilt: false, maybeNone: true, gone: false },
  },
  unauthorised: ENDS,
  forbidden: {
    ...ENDS,
    device: { answer: 'given', byOtherRoute: true, shows: false, learned: true },
  },
  // A “yes” that any server might have given may have been the device's own.
  'no-route': {
    ...ENDS,
    engine: { again: false, acted: 'if-yes', chunk: 'fits', offline: false },
    session: { spoilt: false, maybeNone: true, gone: false },
    device: { answer: 'given', byOtherRoute: true, shows: true, learned: true },
  },
  'wrong-host': ENDS,
  unsupported: ENDS,
  'too-large': ENDS,
  'other-session': {
    ...ENDS,
    session: { spoilt: false, maybeNone: false, gone: true },
    rollout: { skippedAs: 'busy', lost: false },
  },
  'session-lost': {
    ...ENDS,
    session: { spoilt: false, maybeNone: true, gone: true },
  },
  'session-spoilt': {
    ...ENDS,
    session: { spoilt: true, maybeNone: false, gone: true },
  },
  'no-progress': {
    ...ENDS,
    rollout: { skippedAs: 'refused', lost: true },
  },
  'restarts-used-up': ENDS,
  unconfirmed: {
    ...ENDS,
    session: { spoilt: false, maybeNone: false, gone: true },
  },
  'no-restart-seen': ENDS,
  'not-marked-valid': ENDS,
  'wrong-image': ENDS,
  locked: ENDS,
  'other-subnet': ENDS,
  'half-left': ENDS,
  'earlier-broke-off': ENDS,
  'not-set-aside': ENDS,
  'stand-in-runs': ENDS,
  'restarts-itself': ENDS,
  'needs-host': ENDS,
  'not-called-back': ENDS,
  'held-elsewhere': {
    ...ENDS,
    rollout: { skippedAs: 'busy', lost: false },
  },
  'not-allowed': {
    ...ENDS,
    device: { answer: 'given', byOtherRoute: true, shows: false, learned: true },
  },
} as const satisfies Readonly<Record<string, ErrorFacts>>;

export type UpdateErrorCode = keyof typeof ERROR_FACTS;

/** What a code means, whatever it is. */
export function factsOf(code: UpdateErrorCode): ErrorFacts {
  return ERROR_FACTS[code];
}
