/** The answer to a Digest challenge (RFC 7616; RFC 2069 where the device counts nothing). Pure. */
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Login } from '../../model/device/secrets/login.ts';
import { hex } from '../../model/hex.ts';
import type { DigestChallenge } from './challenge.ts';

export interface DigestAsked {
  readonly method: 'GET' | 'POST';
  /** Path and query, as they are sent. */
  readonly uri: string;
  /** Made by us, the same for one nonce. */
  readonly cnonce: string;
  /** Which answer to this nonce it is, from 1. */
  readonly count: number;
}

const COUNT_DIGITS = 8;

/** The value of `Authorization`. The password is in it only as a hash. */
export function digestAuthorization(
  { user, password }: Login,
  challenge: DigestChallenge,
  { method, uri, cnonce, count }: DigestAsked,
): string {
  const { realm, nonce, opaque, algorithm, session, counts } = challenge;
  const hash = (...parts: readonly string[]): string => hashed(challenge.hash, parts.join(':'));
  const secret = hash(user, realm, password);
  const first = session ? hash(secret, nonce, cnonce) : secret;
  const second = hash(method, uri);
  const nc = count.toString(16).padStart(COUNT_DIGITS, '0');
  const response = counts ? hash(first, nonce, nc, cnonce, 'auth', second) : hash(first, nonce, second);
  return `Digest ${[
    named(user),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    ...(algorithm === null ? [] : [`algorithm=${algorithm}`]),
    ...(counts ? ['qop=auth', `nc=${nc}`] : []),
    ...(counts || session ? [`cnonce="${cnonce}"`] : []),
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ')}`;
}

function hashed(hash: DigestChallenge['hash'], text: string): string {
  const bytes = new TextEncoder().encode(text);
  return hex(hash === 'MD5' ? md5(bytes) : sha256(bytes));
}

/** A header is ASCII: other characters are encoded by RFC 8187. */
function named(user: string): string {
  return /^[\x20-\x7e]*$/.test(user)
    ? `username=${quoted(user)}`
    : `username*=UTF-8''${encodeURIComponent(user).replace(/['()*]/g, percent)}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
