import type { UpdateErrorCode } from '../update/error-codes.ts';

/**
 * One request to a device, as its sender records it: no token, no host, no query but `offset`. Times are in
 * milliseconds.
 */
export interface RequestRecord {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** Bytes of the request's body. */
  readonly bytes: number;
  /** On the clock of whoever sent it. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** The HTTP status; null where no answer came. */
  readonly status: number | null;
  /** How it failed; null where it did not. */
  readonly code: UpdateErrorCode | null;
}
