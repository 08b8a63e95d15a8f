import type { UpdateErrorCode } from './error-codes.ts';

/** Null says the same as absent. */
export interface UpdateErrorDetails {
  /** The HTTP status, where an answer came. */
  readonly status?: number | null;
  /** The device's own words, at most 200 characters, plain text. */
  readonly said?: string | null;
  /** Milliseconds the device asked us to wait. */
  readonly retryAfterMs?: number | null;
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

  constructor(
    code: UpdateErrorCode,
    { status = null, said = null, retryAfterMs = null, byOtherServer = false, cause }: UpdateErrorDetails = {},
  ) {
    super(`${code}${status === null ? '' : ` (${status})`}`, { cause });
    this.code = code;
    this.status = status;
    this.said = said;
    this.retryAfterMs = retryAfterMs;
    this.byOtherServer = byOtherServer;
  }

  /** The same answer under the code that it has in its context. This error is its cause. */
  as(code: UpdateErrorCode): UpdateError {
    const { status, said, byOtherServer } = this;
    return new UpdateError(code, { cause: this, status, said, byOtherServer });
  }
}
