/** What the words of an answer say where its status does not: that a device refuses, and why. */
import { objectIn, type Answer } from './answer.ts';

/** `shipped` says "sha256 mismatch"; a documented device may use other words for the same. */
export function saysHashMismatch(said: string): boolean {
  return (
    /sha-?256|hash|digest|checksum/i.test(said) && /mismatch|(do|does|did) not match|differ|invalid|wrong/i.test(said)
  );
}

/** Whether the session is said not to be open: the device has restarted since, or the session timed out. */
export function saysNoSession(said: string): boolean {
  const state = 'active|open|found|started|running|in progress|begun';
  const isOver = `no|none|inactive|invalid|unknown|expired|missing|lost|gone|ended|closed|timed? ?out|not (${state})`;
  if (/\bsession\b/i.test(said)) return new RegExp(`\\b(${isOver})\\b`, 'i').test(said);
  return new RegExp(`\\b(ota|update|upload)\\b.*\\bnot (${state})\\b|\\bno (active )?(update|upload)\\b`, 'i').test(
    said,
  );
}

/** The hash check of a `documented` finalize, as far as its answer tells: `sha256` is 64 lower-case hex digits. */
export function saysOfHash({ json }: Answer, sha256: string): 'right' | 'wrong' | 'nothing' {
  const top = objectIn(json);
  if (top === null) return 'nothing';
  // Some tell it in the result. A hash anywhere else in an answer may be another image's.
  const places = [top, objectIn(top['result']) ?? {}, objectIn(top['last_result']) ?? {}];
  const valuesOf = (names: readonly string[]): readonly unknown[] =>
    places.flatMap((place) => names.map((name) => place[name]));
  const told = valuesOf(['sha256', 'computed_sha256', 'hash', 'digest']);
  const hashes = told.filter((value) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)).map(String);
  if (hashes.some((hash) => hash.toLowerCase() !== sha256)) return 'wrong';
  const verdicts = valuesOf(['verified', 'valid', 'hash_ok', 'sha256_ok', 'match']);
  if (verdicts.some((verdict) => isNo(verdict) || isRefusal(verdict))) return 'wrong';
  return hashes.length > 0 ? 'right' : 'nothing';
}

/** Whether an answer of any shape says “no”, though its status is 200. */
export function saysNo({ json, text }: Answer): boolean {
  const top = objectIn(json);
  if (top === null) return [text, json].some((words) => isRefusal(words) || deniesHash(words));
  const { ok, success, status, result, error, detail, message } = top;
  if (isNo(ok) || isNo(success) || error === true) return true;
  if (typeof error === 'string' && error !== '') return true;
  return [status, result].some(isRefusal) || [detail, message, result].some(deniesHash);
}

/** Whether a value means “no”: some devices tell truth values as text or as a number. */
function isNo(value: unknown): boolean {
  return value === false || value === 0 || (typeof value === 'string' && /^\s*(false|no|0)\s*$/i.test(value));
}

function isRefusal(value: unknown): boolean {
  return typeof value === 'string' && /^\s*(error|fail|reject|refus|invalid|mismatch)/i.test(value);
}

function deniesHash(value: unknown): boolean {
  if (typeof value !== 'string' || !saysHashMismatch(value)) return false;
  return !/\b(no|nothing|without)\b.*(mismatch|differ|invalid|wrong)|\bnot (differ|invalid|wrong)/i.test(value);
}

/**
 * Whether the session is said not to hold the bytes that were announced. A session that does not exist is another
 * matter.
 */
export function saysWrongSize(said: string): boolean {
  const speaksOfSize = /\b(size|length|bytes?)\b/i.test(said) && !/\bsession\b/i.test(said);
  return speaksOfSize && /exceed|match|differ|expected|incomplete|short|too (many|few|large|big)/i.test(said);
}
