/** The error that an answer stands for. */
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';
import { gatewayWord, silenceIn } from './gateway-word.ts';
import { retryAfterMs, wordsOf, type Answer, type RequestKind } from './answer.ts';
import { saysHashMismatch } from './refusing-words.ts';
import { codeOfStatus } from './status-codes.ts';

/** The cause of an error that came as an HTML page: from a router, or another server. */
export const HTML_PAGE = 'html';

/** The cause of an error whose answer was a redirect. */
export const REDIRECT = 'redirect';

/**
 * The error an answer stands for; null for 2xx. What the codes mean is in the table of `model/update/error-codes.ts`.
 */
export function errorIn(
  answer: Answer,
  kind: RequestKind,
  secrets: readonly string[],
  headers: Pick<Headers, 'get'>,
  wallNow: number,
): UpdateError | null {
  if (answer.status >= 200 && answer.status <= 299) return null;
  const said = wordsOf(answer, secrets);
  const own = gatewayWord(headers);
  return new UpdateError((own && silenceIn(own)) ?? codeOf(answer, kind, said ?? ''), {
    status: answer.status,
    said,
    retryAfterMs: retryAfterMs(headers, wallNow),
    byOtherServer: isByOtherServer(answer),
    cause: answer.html ? HTML_PAGE : (own ?? undefined),
  });
}

/**
 * These refusals also come as a page from a proxy in front of the device; and only the device can answer with a
 * conflict.
 */
const ALSO_FROM_PROXIES: readonly number[] = [408, 409, 413, 425, 429];
/** "Network Authentication Required" (RFC 6585): the status of a sign-in page. */
const WANTS_SIGN_IN = 511;

/** Whether a refusal came as an HTML page of another server: a device refuses in JSON or in plain text. */
function isByOtherServer({ status, html }: Answer): boolean {
  return html && (status === WANTS_SIGN_IN || (status < 500 && !ALSO_FROM_PROXIES.includes(status)));
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
    case 408:
    case 425:
    case 429:
      return 'busy';
    case 409:
      return 'conflict';
    case 413:
      return 'body-too-large';
    case 501:
      return 'unsupported';
    default:
      return codeOfStatus(status) ?? 'bad-request';
  }
}
