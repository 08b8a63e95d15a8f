/**
 * What a device with such a form says of an upload. Its page is meant for people, in its maker's words, and often has
 * the same status whatever the result. So only a few known words count as a “yes”, and an answer that is neither “yes”
 * nor “no” proves nothing.
 */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { oneLine, SAID_LIMIT, saidIn, type Answer } from '../answer.ts';

/** A device answers in a line or two. Anything longer is another server's page. */
const MOST_CHARACTERS = 8_000;

const YES = /^(ok|success|successful|done)\W*$|\bupdate (was )?(a )?success(ful|fully)?\b|\bupdate:? ok\b/i;
const NO = /\b(fail|failed|failure|error|invalid|missing|wrong|not enough|aborted|denied|refused)\b/i;
/** The words by which Arduino's updater judges the image. Its others are about the flash, or say too little. */
const JUDGED = /magic byte|could not activate|md5|bad size|signature|flash config|decrypt|no data/i;
const NO_SPACE = /not enough space|too (large|big)/i;
const FROM_ELSEWHERE = /wrong origin/i;
const RUNNING = /already (running|in progress)|could not begin/i;

/**
 * Reads the answer to an upload. Rejects with an `UpdateError` where it is neither a “yes” nor a judgement of the
 * image.
 */
export function readFormAnswer(answer: Answer, secrets: readonly string[]): UploadAnswer {
  const text = textOf(answer);
  const words = oneLine(text, SAID_LIMIT);
  const said = saidIn(text, secrets);
  const isGood = answer.status >= 200 && answer.status < 300;
  const isNo = NO.test(words);
  if (isGood && !isNo && YES.test(words)) return { kind: 'taken', said };
  const isRead = words !== '' && (isNo || !isGood);
  if (isRead && answer.status < 600 && answer.status !== 401 && JUDGED.test(words)) return { kind: 'refused', said };
  throw errorOfForm(answer, secrets, isNo);
}

/**
 * The error of an answer that is not a “yes”.
 *
 * @param isNo whether its words say “no”, whatever its status
 */
export function errorOfForm(answer: Answer, secrets: readonly string[], isNo = false): UpdateError {
  const text = textOf(answer);
  const words = oneLine(text, SAID_LIMIT);
  const said = saidIn(text, secrets);
  return new UpdateError(codeOf(answer, words, isNo), { status: answer.status, ...(said === null ? {} : { said }) });
}

function codeOf({ status, html }: Answer, words: string, isNo: boolean): UpdateErrorCode {
  if (status === 401) return 'unauthorised';
  if (status === 404 || status === 405) return 'no-route';
  if (FROM_ELSEWHERE.test(words) || status === 403) return 'forbidden';
  // An earlier upload is still open.
  if (RUNNING.test(words)) return 'half-left';
  if (NO_SPACE.test(words) || status === 413) return 'too-large';
  if (status === 503 || status === 429) return 'busy';
  if (isNo || status >= 500) return 'device-fault';
  if (status >= 400) return 'bad-request';
  // A good status with unknown words shows nothing.
  return html && words === '' ? 'web-page' : 'garbled';
}

/** Its words without the markup around them. Empty: it is a longer page. */
function textOf({ text, truncated }: Answer): string {
  if (truncated || text.length > MOST_CHARACTERS) return '';
  return text.replace(/<(script|style|title)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
}
