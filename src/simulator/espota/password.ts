/** How a sketch with ArduinoOTA asks for its password, and checks the answer. Source: `ArduinoOTA.cpp`. */
import { md5 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { EspotaOptions } from './options.ts';

const ROUNDS = 10_000;
const KEY_BYTES = 32;

/** The nonce of its challenge: 32 hex digits, or 64 where it knows SHA-256. */
export function newNonce({ auth }: Pick<EspotaOptions, 'auth'>): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return bytesToHex(auth === 'md5' ? md5(random) : sha256(random));
}

/** @param answer the client's nonce and its proof, in hex, with a space between */
export function isRight(
  answer: string,
  nonce: string,
  { password, auth }: Pick<EspotaOptions, 'auth' | 'password'>,
): boolean {
  const [own = '', proof = ''] = answer.split(' ');
  const kept = bytesToHex((auth === 'sha256' ? sha256 : md5)(ascii(password ?? '')));
  if (auth === 'md5') return proof === bytesToHex(md5(ascii(`${kept}:${nonce}:${own}`)));
  const key = pbkdf2(sha256, ascii(kept), ascii(`${nonce}:${own}`), { c: ROUNDS, dkLen: KEY_BYTES });
  return proof === bytesToHex(sha256(ascii(`${bytesToHex(key)}:${nonce}:${own}`)));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
