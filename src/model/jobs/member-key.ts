/**
 * The key of one job of a rollout, derived from the rollout's key: whoever has the latter has all of them, and a link
 * to one update opens only that one. It is the first half of a SHA-256, which page and host each make with their own
 * code. Pure.
 */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const KEY_BITS = 128;
const BITS_A_DIGIT = 4;
const BITS_A_LETTER = 6;

/** What is hashed. */
export function memberKeyText(rolloutKey: string, job: string): string {
  return `${rolloutKey} ${job}`;
}

/** 22 letters of base64url. `hash`: in hex. */
export function keyInHash(hash: string): string {
  let letters = '';
  let held = 0;
  let bits = 0;
  for (const digit of hash.slice(0, KEY_BITS / BITS_A_DIGIT)) {
    held = (held << BITS_A_DIGIT) | parseInt(digit, 16);
    bits += BITS_A_DIGIT;
    if (bits < BITS_A_LETTER) continue;
    bits -= BITS_A_LETTER;
    letters += LETTERS.charAt(held >> bits);
    held &= (1 << bits) - 1;
  }
  return letters + LETTERS.charAt(held << (BITS_A_LETTER - bits));
}
