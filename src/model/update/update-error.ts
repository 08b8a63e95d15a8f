import type { UpdateErrorCode } from './error-codes.ts';

export interface UpdateErrorDetails {
  /** The HTTP status, where an answer came. */
  readonly status?: number;
  /** The device's own words, at most 200 characters, plain text. */
  readonly said?: string;
  /** Milliseconds the device asked us to wait. */
  readonly retryAfterMs?: number;
  /** Another server answered in the device's place, with an HTML page or a redirect. */
  readonly byOtherServer?: boolean;
  readonly cause?: unknown;
}

/** The one error of an update. Foreign ones (fetch, JSON, sockets) are turned into it at the edge, in `device/`. */
export class UpdateError extends Error {
  override readonly name = 'UpdateError';
  readonly code: UpdateErrorCode;
  readonly status: number | null;
  readonly said: string | null;
  readonly retryAfterMs: number | null;
  readonly byOtherServer: boolean;

  constructor(code: UpdateErrorCode, details: UpdateErrorDetails = {}) {
    super(`${code}${details.status === undefined ? '' : ` (${details.status})`}`, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.said = details.said ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.byOtherServer = details.byOtherServer ?? false;
  }

  /** The same answer under the code that it has in its context. This error is its cause. */
  as(code: UpdateErrorCode): UpdateError {
    const { status, said, byOtherServer } = this;
    return new UpdateError(code, {
      cause: this,
      byOtherServer,
      ...(status === null ? {} : { status }),
      ...(said === null ? {} : { said }),
    });
  }
}
