/**
 * The one error of the update room. Foreign errors (fetch, JSON, sockets) are turned into it at the edge, in `device/`.
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
 * | `not-marked-valid` | the new image runs, marking it valid failed | ends |
 * | `wrong-image` | the inspector's verdict against this device | ends before anything is sent |
 * | `not-allowed` | the browser was not asked yet, or said no, to reach the local network | ends before anything is sent |
 * | `held-elsewhere` | another tab or run is updating this device | ends before anything is sent |
 */
export type UpdateErrorCode =
  | 'aborted'
  | 'unreachable'
  | 'host-gone'
  | 'silent'
  | 'garbled'
  | 'unknown-format'
  | 'web-page'
  | 'unreadable'
  | 'busy'
  | 'device-fault'
  | 'body-too-large'
  | 'conflict'
  | 'not-finalized'
  | 'not-counted'
  | 'hash-mismatch'
  | 'bad-request'
  | 'unauthorised'
  | 'forbidden'
  | 'no-route'
  | 'wrong-host'
  | 'unsupported'
  | 'too-large'
  | 'other-session'
  | 'session-lost'
  | 'session-spoilt'
  | 'no-progress'
  | 'restarts-used-up'
  | 'unconfirmed'
  | 'not-marked-valid'
  | 'wrong-image'
  | 'held-elsewhere'
  | 'not-allowed';

export interface UpdateErrorDetails {
  /** The HTTP status, where an answer came. */
  readonly status?: number;
  /** The device's own words, at most 200 characters, plain text. */
  readonly said?: string;
  /** Milliseconds the device asked us to wait. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class UpdateError extends Error {
  override readonly name = 'UpdateError';
  readonly code: UpdateErrorCode;
  readonly status: number | null;
  readonly said: string | null;
  readonly retryAfterMs: number | null;

  constructor(code: UpdateErrorCode, details: UpdateErrorDetails = {}) {
    super(`${code}${details.status === undefined ? '' : ` (${details.status})`}`, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.said = details.said ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }

  /** The same answer, for what it means where it came. This error is its cause. */
  as(code: UpdateErrorCode): UpdateError {
    const { status, said } = this;
    return new UpdateError(code, {
      cause: this,
      ...(status === null ? {} : { status }),
      ...(said === null ? {} : { said }),
    });
  }
}
