/**
 * Reading untrusted bytes. Every read is total: what lies beyond the end reads as 0, and a caller that cares checks the
 * length first.
 */

/** A whole file or a view into one; never a copy. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function u16(bytes: Bytes, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

export function u32(bytes: Bytes, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}

/** Whether `expected` stands at `at`, all of it. */
export function startsWith(bytes: Bytes, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}

/** Whether every byte of [from, to) is `value`. An empty range is. */
export function isFilled(bytes: Bytes, from: number, to: number, value: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] !== value) return false;
  return true;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

// Control characters garble a terminal, and direction marks make one name look like another.
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/g;

/**
 * Text up to the first NUL, as UTF-8, without what cannot be shown. Anybody may have written it: never use it as
 * markup.
 */
export function untrustedText(bytes: Bytes): string {
  const end = bytes.indexOf(0);
  const words = new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end));
  return words.replace(UNSHOWABLE, '').trim();
}
