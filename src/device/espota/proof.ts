/**
 * Proves to a sketch with ArduinoOTA that the password is known, which itself is never sent. Pure. Source:
 * `ArduinoOTA.cpp` of arduino-esp32 and the ESP8266's core; `espota.py`, also as it is since core 3.3.1.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hex } from '../../model/hex.ts';

/** Digits of its nonce, which show the scheme that it uses. */
const OLD_DIGITS = 32;
const NEW_DIGITS = 64;
/** Rounds of PBKDF2, the same on both sides: some tens of milliseconds here, once for an update. */
const ROUNDS = 10_000;
const KEY_BYTES = 32;

/**
 * The hash by which a sketch stores its password: new ones use SHA-256, or MD5 where their author put that hash into
 * them.
 */
export type KeptBy = 'sha256' | 'md5';

/** Which hashes to try, in this order; null: the nonce belongs to no known scheme. */
export function waysToShow(nonce: string): readonly KeptBy[] | null {
  if (!/^[0-9a-f]+$/i.test(nonce)) return null;
  if (nonce.length === OLD_DIGITS) return ['md5'];
  return nonce.length === NEW_DIGITS ? ['sha256', 'md5'] : null;
}

/** The answer to a nonce: one of our own, as long, and the proof. */
export function answerTo(nonce: string, password: string, keptBy: KeptBy): string {
  const own = hex(crypto.getRandomValues(new Uint8Array(nonce.length / 2)));
  return `${own} ${proofOf(nonce, own, password, keptBy)}`;
}

/**
 * The proof, in hex.
 *
 * @param own our nonce: 32 or 64 hex digits, as many as the device's has
 */
export function proofOf(nonce: string, own: string, password: string, keptBy: KeptBy): string {
  const kept = hex((keptBy === 'md5' ? md5 : sha256)(bytes(password)));
  if (nonce.length === OLD_DIGITS) return hex(md5(bytes(`${kept}:${nonce}:${own}`)));
  const key = pbkdf2(sha256, bytes(kept), bytes(`${nonce}:${own}`), { c: ROUNDS, dkLen: KEY_BYTES });
  return hex(sha256(bytes(`${hex(key)}:${nonce}:${own}`)));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
