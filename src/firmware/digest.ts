/**
 * SHA-256 and SHA-384. A page that came over plain http from a LAN address has no `crypto.subtle`, and the browser's own
 * way holds up the page for a large file; there @noble/hashes does the same in slices. Neither way copies the file on
 * this side.
 */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { makeBreather } from './breather.ts';
import { hex } from './little-endian.ts';
import type { Bytes } from './little-endian.ts';

export type DigestAlgorithm = 'SHA-256' | 'SHA-384';

/**
 * Hashes bytes; the answer is the raw digest (32 or 48 bytes). Null: this page cannot compute it. That is SHA-384 alone,
 * on the page that a device serves itself, which has no room for it.
 */
export type Digest = (algorithm: DigestAlgorithm, bytes: Bytes) => Promise<Uint8Array | null>;

/** The part of SubtleCrypto that is needed here. */
export type Subtle = Pick<SubtleCrypto, 'digest'>;

export interface DigestOptions {
  /** Called with the share that is done, 0 to 1; the last call is 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Ends the work; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Null takes the way of a page that is no secure context. */
  readonly subtle?: Subtle | null | undefined;
}

/** Bytes between two looks at the clock: about 4 ms at the 68 MB/s that @noble/hashes was measured at. */
const SLICE_BYTES = 256 * 1024;

/**
 * The largest file that is handed to SubtleCrypto, in bytes: an app for nearly every flash there is. Chromium copies and
 * hashes the whole in the very task that asks. Measured on 16 MB: 15 ms with SHA instructions, 72 ms the first time, for
 * the memory of the copy (Chromium 156); 160 ms in a build without them (143 from npm). At the slowest of these 4 MiB
 * take 42 ms, and the page stays under a long task of 50 ms.
 */
export const SUBTLE_BYTES = 4 * 1024 * 1024;

function pageSubtle(): Subtle | null {
  // The DOM types promise `crypto.subtle` everywhere; a page that is no secure context has none.
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: Subtle } };
  return crypto?.subtle ?? null;
}

interface Hasher {
  update(bytes: Bytes): unknown;
  digest(): Uint8Array;
}

async function hasherOf(algorithm: DigestAlgorithm): Promise<Hasher | null> {
  if (algorithm === 'SHA-256') return nobleSha256.create();
  return createFrom(await import('./sha384.ts'));
}

/** The build for a device leaves the module empty. */
function createFrom({ sha384 }: { readonly sha384?: { create(): Hasher } }): Hasher | null {
  return sha384?.create() ?? null;
}

async function digestInSlices(
  algorithm: DigestAlgorithm,
  bytes: Bytes,
  options: DigestOptions,
): Promise<Uint8Array | null> {
  const hash = await hasherOf(algorithm);
  if (hash === null) return null;
  const breathe = makeBreather();
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
    options.onProgress?.(Math.min(1, (at + SLICE_BYTES) / bytes.length));
    await breathe();
    options.signal?.throwIfAborted();
  }
  if (bytes.length === 0) options.onProgress?.(1);
  return hash.digest();
}

/** The raw digest of `bytes`; null where this page cannot compute it. Rejects only when the signal aborts. */
export async function digestOf(
  algorithm: DigestAlgorithm,
  bytes: Bytes,
  options: DigestOptions = {},
): Promise<Uint8Array | null> {
  options.signal?.throwIfAborted();
  const subtle = options.subtle === undefined ? pageSubtle() : options.subtle;
  if (subtle === null || bytes.length > SUBTLE_BYTES) return digestInSlices(algorithm, bytes, options);
  let digest: Uint8Array;
  try {
    digest = new Uint8Array(await subtle.digest(algorithm, bytes));
  } catch {
    // The browser hashes a copy of its own and can refuse for want of memory (OperationError); slices need none.
    return digestInSlices(algorithm, bytes, options);
  }
  options.signal?.throwIfAborted();
  options.onProgress?.(1);
  return digest;
}

/** The name of a file: 64 lower-case hex digits. Rejects only when the signal aborts. */
export async function sha256(
  bytes: Bytes,
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
  subtle?: Subtle | null,
): Promise<string> {
  const digest = await digestOf('SHA-256', bytes, { onProgress, signal, subtle });
  if (digest === null) throw new Error('SHA-256 is everywhere');
  return hex(digest);
}
