/**
 * SHA-256 and SHA-384 without SubtleCrypto: @noble/hashes, a slice at a time, so that the page stays alive. Loaded only
 * where it is needed.
 */
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { makeYielder, SLICE_BYTES } from './yielder.ts';
import type { DigestAlgorithm, DigestWork } from './digest-work.ts';
import type { Bytes } from './little-endian.ts';

/** Copies nothing. Rejects only when the signal aborts. */
export async function digestInSlices(
  algorithm: DigestAlgorithm,
  bytes: Bytes,
  { onProgress, signal }: DigestWork,
): Promise<Uint8Array> {
  const hash = (algorithm === 'SHA-256' ? sha256 : sha384).create();
  const yieldWhenDue = makeYielder();
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
    onProgress?.(Math.min(1, (at + SLICE_BYTES) / bytes.length));
    await yieldWhenDue();
    signal?.throwIfAborted();
  }
  if (bytes.length === 0) onProgress?.(1);
  return hash.digest();
}
