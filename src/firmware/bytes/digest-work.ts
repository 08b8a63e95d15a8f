/** What is asked of whoever computes a digest: by which algorithm, and how the work is followed and ended. */
export type DigestAlgorithm = 'SHA-256' | 'SHA-384';

export interface DigestWork {
  /** Called with the share that is done, 0 to 1; the last call is 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Ends the work; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
