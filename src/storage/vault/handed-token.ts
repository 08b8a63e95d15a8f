/**
 * A token on its way to another phone. The link carries it sealed, since an address stays in the history of every
 * browser that opened it; the short code that opens it is told apart from the link, from person to person.
 */
import { keyFromPassphrase, newSalt, PASSPHRASE_ROUNDS } from './passphrase-key.ts';
import { randomBytes, seal, unseal } from './seal.ts';

/** Crockford's base 32: without the letters that look like a digit, and without U, which could make words. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 40 random bits, where each guess costs `PASSPHRASE_ROUNDS`; short enough to be typed without a mistake. */
const CODE_CHARACTERS = 8;

/** The salt, the nonce, and the tag that AES-GCM adds: a sealed token has at least these. */
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Like a token in the vault it is for one place (`placeOf` in model/device/device.ts), so that a link with another
 * address opens nothing.
 */
function contextOf(place: string): string {
  return `moult handed token 1 of ${place}`;
}

/** `sealed` fits into a URL: letters, digits, "-" and "_". `code` has 8 characters, written as "XXXX-XXXX". */
export async function sealForLink(
  subtle: SubtleCrypto,
  token: string,
  place: string,
): Promise<{ readonly sealed: string; readonly code: string }> {
  // 256 is eight times 32, so that each character is equally likely.
  const code = Array.from(randomBytes(CODE_CHARACTERS), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  const salt = newSalt();
  const key = await keyFromPassphrase(subtle, code, salt, PASSPHRASE_ROUNDS);
  const { iv, data } = await seal(subtle, key, new TextEncoder().encode(token), contextOf(place));
  const bytes = [...salt, ...iv, ...new Uint8Array(data)];
  const sealed = btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (character) => URL_SAFE[character] ?? '');
  return { sealed, code: `${code.slice(0, CODE_CHARACTERS / 2)}-${code.slice(CODE_CHARACTERS / 2)}` };
}

/** The token; null where the code is another one, or the link was changed. */
export async function openFromLink(
  subtle: SubtleCrypto,
  sealed: string,
  typed: string,
  place: string,
): Promise<string | null> {
  const bytes = bytesOf(sealed);
  const code = asCode(typed);
  if (bytes === null || code.length !== CODE_CHARACTERS) return null;
  const [salt, iv] = [bytes.slice(0, SALT_BYTES), bytes.slice(SALT_BYTES, SALT_BYTES + IV_BYTES)];
  const key = await keyFromPassphrase(subtle, code, salt, PASSPHRASE_ROUNDS);
  const data = bytes.slice(SALT_BYTES + IV_BYTES).buffer;
  const token = await unseal(subtle, key, { iv, data }, contextOf(place));
  return token === null ? null : new TextDecoder().decode(token);
}

/**
 * The code as people type it: in upper or lower case, with or without the dash, and with letters that are not in the
 * alphabet.
 */
function asCode(typed: string): string {
  const text = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return text.replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** RFC 4648, section 5: base64 for URLs. */
const URL_SAFE: Readonly<Record<string, string>> = { '+': '-', '/': '_', '=': '' };

/** Null for a text that cannot be a sealed token. */
function bytesOf(sealed: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(sealed) || sealed.length % 4 === 1) return null;
  const text = atob(sealed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return bytes.length < SALT_BYTES + IV_BYTES + TAG_BYTES ? null : bytes;
}
