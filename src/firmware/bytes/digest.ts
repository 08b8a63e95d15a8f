/**
 * SHA-256 and SHA-384. The browser's own SubtleCrypto does it wherever the page has one: in a worker of the page where
 * one is handed in (src/page/worker-hash.ts), else right here. A page that came over plain http from a LAN address has
 * no `crypto.subtle`; only there the work is done in slices, by @noble/hashes.
 */
import { hex } from '../../model/hex.ts';
import type { DigestAlgorithm, DigestWork } from './digest-work.ts';
import type { Bytes } from './little-endian.ts';

/** Hashes bytes; the answer is the raw digest (32 or 48 bytes). */
export type Digest = (algorithm: DigestAlgorithm, bytes: Bytes) => Promise<Uint8Array>;

/** Hashes away from this thread. Null: it could not be done there. Rejects only when the signal aborts. */
export type DigestAway = (algorithm: DigestAlgorithm, bytes: Bytes, signal?: AbortSignal) => Promise<Uint8Array | null>;

/** The part of SubtleCrypto that is needed here. */
export type Subtle = Pick<SubtleCrypto, 'digest'>;

export interface DigestOptions extends DigestWork {
  /** Null: works as in a page that is no secure context. */
  readonly subtle?: Subtle | null | undefined;
  /** Asked before this thread's own SubtleCrypto, which in Chromium holds up the page: 16 MB take 30 to 160 ms. */
  readonly away?: DigestAway | undefined;
}

/** The raw digest of `bytes`. Rejects only when the signal aborts. */
export async function digestOf(
  algorithm: DigestAlgorithm,
  bytes: Bytes,
  options: DigestOptions = {},
): Promise<Uint8Array> {
  const { onProgress, signal, subtle = ownSubtle(), away } = options;
  signal?.throwIfAborted();
  const digest =
    subtle === null ? null : ((await away?.(algorithm, bytes, signal)) ?? (await digestHere(subtle, algorithm, bytes)));
  signal?.throwIfAborted();
  if (digest === null) {
    const { digestInSlices } = await import('./digest-in-slices.ts');
    return digestInSlices(algorithm, bytes, { onProgress, signal });
  }
  onProgress?.(1);
  return digest;
}

/** The name of a file: 64 lower-case hex digits. Rejects only when the signal aborts. */
export async function sha256(bytes: Bytes, options?: DigestOptions): Promise<string> {
  return hex(await digestOf('SHA-256', bytes, options));
}

function ownSubtle(): Subtle | null {
  // The DOM types promise `crypto.subtle` everywhere; a page that is no secure context has none.
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: Subtle } };
  return crypto?.subtle ?? null;
}

async function digestHere(subtle: Subtle, algorithm: DigestAlgorithm, bytes: Bytes): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await subtle.digest(algorithm, bytes));
  } catch {
    // The browser hashes a copy of its own and can fail for lack of memory (OperationError); slices need none.
    return null;
  }
}
