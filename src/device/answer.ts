/** What a device answers, as it is read. What it means is decided elsewhere. */

/** Every answer of a device is under 2 KiB; this leaves room and still bounds what a wrong server can make us hold. */
export const ANSWER_LIMIT_BYTES = 64 * 1024;

/** UTF-16 units. Long enough for any `detail` of the firmware, short enough for one line on a card. */
export const SAID_LIMIT = 200;

/**
 * UTF-16 units of a name, a version or the like that a device tells of itself. As long as a device's name may be in the
 * dialog: what it calls itself is put there.
 */
export const TOLD_LIMIT = 100;

export type RequestKind =
  | 'status'
  | 'begin'
  | 'write'
  | 'finalize'
  | 'abort'
  | 'mark-valid'
  | 'probe'
  /** What a device that takes an image whole tells of itself, and what it is asked before an upload. */
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
  /** The parsed body; undefined where it is not JSON. */
  readonly json: unknown;
  /** It is an HTML page: some other server answered. */
  readonly html: boolean;
  /** `WWW-Authenticate`: how the client has to sign in. Absent: it asks for nothing, or the header cannot be read. */
  readonly challenge?: string;
  /** `Server`: what it calls itself. Absent: nothing, or the header cannot be read. */
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

/** A whole number from 0 that a double holds exactly, as counts and sizes are; else null. */
export function wholeNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** An identifier as text; devices send numbers and strings. */
export function identifier(value: unknown): string | null {
  if (Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A name, a version or the like that a device tells of itself, in one line; null: it tells none. */
export function toldText(value: unknown): string | null {
  const line = typeof value === 'string' ? oneLine(value, TOLD_LIMIT) : '';
  return line === '' ? null : line;
}

/** As `toldText`, of a device that tells some of these as numbers. */
export function toldValue(value: unknown): string | null {
  return toldText(typeof value === 'number' ? String(value) : value);
}

/** The device's own words in one line of plain text, without the secrets should the device repeat one; null: none. */
export function wordsOf(answer: Answer, secrets: readonly string[]): string | null {
  const detail = objectIn(answer.json)?.['detail'];
  const words = typeof detail === 'string' ? detail : answer.json === undefined && !answer.html ? answer.text : '';
  return saidIn(words, secrets);
}

/**
 * What a device wrote, fit to be shown: in one line, and without the secrets should the device repeat one; null:
 * nothing.
 */
export function saidIn(text: string, secrets: readonly string[]): string | null {
  // Before the text is cut, or the cut could leave a part of a secret.
  const hidden = secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '•••')), text);
  const plain = oneLine(hidden, SAID_LIMIT);
  return plain === '' ? null : plain;
}

/** What a device wrote, as one line of plain text of `limit` UTF-16 units at most. */
export function oneLine(text: string, limit: number): string {
  return (
    text
      // Control characters, and the marks that change the direction of text: a name or a report could be forged with
      // them.
      .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim()
      .slice(0, limit)
      // A cut through a surrogate pair would leave half a character.
      .replace(/[\ud800-\udbff]$/, '')
  );
}

/**
 * Milliseconds of a `Retry-After` (RFC 9110, 10.2.3): it has seconds, or a date, which is compared with the device's
 * own `Date`. Null: there is none that can be read.
 */
export function retryAfterMs(headers: Pick<Headers, 'get'>, wallNow: number): number | null {
  const value = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return null;
  const deviceNow = Date.parse(headers.get('date') ?? '');
  return Math.max(0, until - (Number.isNaN(deviceNow) ? wallNow : deviceNow));
}
