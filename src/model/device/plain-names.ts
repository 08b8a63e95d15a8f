/** What a name may be made of, wherever it comes from: typed, from a link or a QR code, from a backup file. */

/**
 * Characters that nobody types and nobody sees: line ends and other controls, and those that change the direction of
 * the text after them (UAX #9). Joiners are not among them: names in Persian and Hindi need them.
 */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Neither a space nor a character that is drawn as nothing; U+2800 is Braille without a dot. */
const SEEN = /[^\p{Z}\p{C}\p{DI}\u2800]/u;

export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text);
}

export function isBlank(text: string): boolean {
  return !SEEN.test(text);
}

/** A name that somebody else gave, such as that of a file, without its hidden characters, so that it can be shown. */
export function shownName(name: string): string {
  const plain = name.replaceAll(new RegExp(HIDDEN, 'gu'), '');
  return isBlank(plain) ? 'a file without a name' : plain;
}
