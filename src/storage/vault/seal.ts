/** Sealing bytes with AES-GCM, and making keys, for the vault and for backups. */
import { hex } from '../../model/hex.ts';
import type { Sealed } from './vault-records.ts';

export const AES = 'AES-GCM';

/** AES-256: the size costs nothing here, and is what key-wrapping advice asks for. */
export const KEY_BYTES = 32;

/** NIST SP 800-38D: nonces of 96 bits; random ones are safe for up to 2^32 seals with one key. */
const IV_BYTES = 12;

export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** 128 random bits as hex. `crypto.randomUUID` is missing on http pages. */
export function newId(): string {
  return hex(randomBytes(16));
}

/** Makes a key that can never leave the browser as bytes. */
export function newKey(subtle: SubtleCrypto): Promise<CryptoKey> {
  return subtle.generateKey({ name: AES, length: KEY_BYTES * 8 }, false, ['encrypt', 'decrypt']);
}

/** Seals bytes under a fresh nonce. `context` is not secret and not stored: unsealing needs the same one. */
export async function seal(
  subtle: SubtleCrypto,
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  context: string,
): Promise<Sealed> {
  const iv = randomBytes(IV_BYTES);
  const additionalData = new TextEncoder().encode(context);
  return { iv, data: await subtle.encrypt({ name: AES, iv, additionalData }, key, bytes) };
}

/** The bytes; null where key, context or data is not the one that was sealed. */
export async function unseal(
  subtle: SubtleCrypto,
  key: CryptoKey,
  sealed: Sealed,
  context: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const additionalData = new TextEncoder().encode(context);
  try {
    return new Uint8Array(await subtle.decrypt({ name: AES, iv: sealed.iv, additionalData }, key, sealed.data));
  } catch (error) {
    // The only error of AES-GCM for "does not fit"; a defect of ours has another name, and is thrown.
    if (error instanceof DOMException && error.name === 'OperationError') return null;
    throw error;
  }
}
