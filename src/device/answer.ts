import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';

/** The cause of an error that came as a page for people: from a router, or another server. */
export const PAGE_FOR_PEOPLE = 'html';

/** The cause of an error that is the gateway's own word: its header says so, and no device's header gets through it. */
export class GatewaysOwn {
  /** As in src/host/gateway/gateway.ts: "redirect". */
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

/** The cause of an error where what answers points elsewhere. */
export const REDIRECT = 'redirect';

/** Every answer of a device is under 2 KiB; this leaves room and still bounds what a wrong server can make us hold. */
export const ANSWER_LIMIT_BYTES = 64 * 1024;

/** Long enough for any `detail` of the firmware, short enough for one line on a card. */
const SAID_LIMIT = 200;

export type RequestKind =
  | 'status'
  | 'begin'
  | 'write'
  | 'finalize'
  | 'abort'
  | 'mark-valid'
  | 'probe'
  /** What a device tells of itself that takes an image whole, and what it is asked before. */
  | 'identify'
  | 'prepare'
  | 'restart'
  /** What the device tells of itself (`openapi.ts`). */
  | 'openapi'
  /** A path that cannot exist (`control.ts`). */
  | 'control';

/** An answer that was read whole, or up to the limit. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** More came than is read. */
  readonly truncated: boolean;
  /** The parsed body; undefined where it is no JSON. */
  readonly json: unknown;
  /** A page for people: some other server answered. */
  readonly html: boolean;
  /** What it asks for, who asks (`WWW-Authenticate`). Absent: nothing, or nobody lets it be read. */
  readonly challenge?: string;
  /** What it calls itself. The same. */
  readonly server?: string;
}

export function parseAnswer(status: number, text: string, truncated: boolean, contentType: string | null): Answer {
  const html = /^text\/html\b/i.test(contentType ?? '') || /^\s*<(!doctype|html)\b/i.test(text);
  return { status, text, truncated, json: truncated ? undefined : parseJson(text), html };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Plain text and empty bodies are ordinary answers, told apart by `undefined`.
    return undefined;
  }
}

/** The JSON object in an answer, or null. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** A count of bytes: a whole number from 0 that a double holds exactly; else null. */
export function byteCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** An identifier as text; devices send numbers and strings. */
export function identifier(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The device's own words in one line of plain text, without the secrets should the device repeat one; null: none. */
export function wordsOf(answer: Answer, secrets: readonly string[]): string | null {
  const detail = objectIn(answer.json)?.['detail'];
  const words = typeof detail === 'string' ? detail : answer.json === undefined && !answer.html ? answer.text : '';
  const hidden = secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '•••')), words);
  const plain = oneLine(hidden, SAID_LIMIT);
  return plain === '' ? null : plain;
}

/** What a device wrote, as one line of plain text of `limit` UTF-16 units at most. */
export function oneLine(text: string, limit: number): string {
  return (
    text
      // Control characters, and the marks that turn the direction of text: a name or a report could be forged with them.
      .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim()
      .slice(0, limit)
      // A cut through a surrogate pair would leave half a character.
      .replace(/[\ud800-\udbff]$/, '')
  );
}

/** Milliseconds of a `Retry-After` (RFC 9110, 10.2.3): seconds, or a date held against the device's own `Date`. */
export function retryAfterMs(headers: Pick<Headers, 'get'>, wallNow: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (value === '' || Number.isNaN(until)) return null;
  const deviceNow = Date.parse(headers.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(deviceNow) ? wallNow : deviceNow));
}

/** The error an answer stands for; null for 2xx. Which code means what is the table in `update-error.ts`. */
export function errorIn(
  answer: Answer,
  kind: RequestKind,
  secrets: readonly string[],
  headers: Pick<Headers, 'get'>,
  wallNow: number,
): UpdateError | null {
  if (answer.status >= 200 && answer.status <= 299) return null;
  const said = wordsOf(answer, secrets);
  const retry = retryAfterMs(headers, wallNow);
  const own = headers.get('moult-gateway');
  return new UpdateError(codeOf(answer, kind, said ?? ''), {
    status: answer.status,
    ...(said === null ? {} : { said }),
    ...(retry === null ? {} : { retryAfterMs: retry }),
    byStranger: isStrangers(answer),
    ...(answer.html ? { cause: PAGE_FOR_PEOPLE } : own === null ? {} : { cause: new GatewaysOwn(own) }),
  });
}

/** Refusals that a proxy before the device puts into a page, too; and of a conflict only the device can speak. */
const NOT_A_STRANGERS: readonly number[] = [408, 409, 413, 425, 429];
/** "Network Authentication Required" (RFC 6585): a sign-in page by its own word. */
const WANTS_SIGN_IN = 511;

/** A refusal as a page for people: a device says no in JSON or in plain text. */
function isStrangers({ status, html }: Answer): boolean {
  return html && (status === WANTS_SIGN_IN || (status >= 400 && status < 500 && !NOT_A_STRANGERS.includes(status)));
}

function codeOf(answer: Answer, kind: RequestKind, said: string): UpdateErrorCode {
  const { status } = answer;
  if (status < 400) return 'garbled';
  if (kind === 'finalize' && status < 500 && saysHashMismatch(said)) return 'hash-mismatch';
  // The body of begin is a few bytes, so 413 there speaks of the image; `shipped` says the same with 400.
  if (kind === 'begin' && (status === 413 || (status === 400 && /\bexceeds?\b|\btoo (large|big)\b/i.test(said)))) {
    return 'too-large';
  }
  switch (status) {
    case 400:
      return /^invalid host\b/i.test(said) ? 'wrong-host' : 'bad-request';
    case 401:
      return 'unauthorised';
    case 403:
      return 'forbidden';
    case 404:
    case 405:
      return 'no-route';
    case 408:
    case 425:
    case 429:
    case 503:
      return 'busy';
    case 409:
      return 'conflict';
    case 413:
      return 'body-too-large';
    case 501:
      return 'unsupported';
    default:
      // Other 5xx tell as little as 500 does: whether the device acted is not known.
      return status >= 500 ? 'device-fault' : 'bad-request';
  }
}

/** `shipped` says "sha256 mismatch"; a documented device may use other words for the same. */
export function saysHashMismatch(said: string): boolean {
  return (
    /sha-?256|hash|digest|checksum/i.test(said) && /mismatch|(do|does|did) not match|differ|invalid|wrong/i.test(said)
  );
}

/** The session that was spoken of is not open: the device has restarted since, or it ran out. */
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
  // Some tell it of the result. Of what lies elsewhere in an answer, another image's hash may be told.
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

/** An answer of any shape that says no all the same, though its status is 200. */
export function saysNo({ json, text }: Answer): boolean {
  const top = objectIn(json);
  if (top === null) return json === undefined && (isRefusal(text) || deniesHash(text));
  const { ok, success, status, result, error, detail, message } = top;
  if (isNo(ok) || isNo(success) || error === true) return true;
  if (typeof error === 'string' && error !== '') return true;
  return [status, result].some(isRefusal) || [detail, message, result].some(deniesHash);
}

/** Some tell truth values as text or as a number. */
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

/** A session that does not hold the bytes that were announced. A session that is not there holds none, and is another matter. */
export function saysWrongSize(said: string): boolean {
  const speaksOfSize = /\b(size|length|bytes?)\b/i.test(said) && !/\bsession\b/i.test(said);
  return speaksOfSize && /exceed|match|differ|expected|incomplete|short|too (many|few|large|big)/i.test(said);
}
