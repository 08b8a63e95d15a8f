/**
 * Keys derived from what a person types: for the lock, for backups, and for a token in a link. Loaded when first
 * needed.
 */
import { AES, KEY_BYTES, randomBytes } from './seal.ts';

/** NIST SP 800-132 asks for at least 128 bits of salt. */
const SALT_BYTES = 16;

/** OWASP Password Storage Cheat Sheet: at least 600,000 rounds for PBKDF2 with HMAC-SHA-256. */
export const PASSPHRASE_ROUNDS = 600_000;

/** NIST SP 800-63B: a secret that a person chooses has at least 8 characters. */
export const PASSPHRASE_MIN_CHARACTERS = 8;

export function newSalt(): Uint8Array<ArrayBuffer> {
  return randomBytes(SALT_BYTES);
}

export function isLongEnough(passphrase: string): boolean {
  return Array.from(passphrase).length >= PASSPHRASE_MIN_CHARACTERS;
}

/** Bytes for a key that will be sealed with a passphrase; wipe them after `keyFromBytes`. */
export function newKeyBytes(): Uint8Array<ArrayBuffer> {
  return randomBytes(KEY_BYTES);
}

/** The same as a key that cannot be exported. */
export function keyFromBytes(subtle: SubtleCrypto, bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return subtle.importKey('raw', bytes, AES, false, ['encrypt', 'decrypt']);
}

/**
 * Derives a key from a passphrase by PBKDF2-SHA-256. The passphrase is normalised (NFKC), since keyboards encode the
 * same text in different ways.
 */
export async function keyFromPassphrase(
  subtle: SubtleCrypto,
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  rounds: number,
): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const base = await subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  return subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
    base,
    { name: AES, length: KEY_BYTES * 8 },
    false,
    ['encrypt', 'decrypt'],
  );
}
