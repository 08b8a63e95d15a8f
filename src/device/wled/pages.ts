/**
 * What a lamp's pages mean. They are meant for people, and in English whatever its settings: a heading, and one
 * sentence below it. Source: WLED `wled_server.cpp` (`serveMessage`), `ota_update.cpp`, Arduino's `Updater.cpp`.
 */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { oneLine, SAID_LIMIT, saidIn, type Answer } from '../answer.ts';

interface Told {
  readonly heading: string;
  /** The sentence below it, as it was written; `words`: in one line. */
  readonly text: string;
  readonly words: string;
}

/** Its parts are empty where the page has another form, as the one for the PIN, which is compressed. */
function told(answer: Answer): Told {
  const [, heading = '', words = ''] = /<h2>([^<]*)<\/h2>([^<]*)/i.exec(answer.text) ?? [];
  const text = unescaped(words);
  return { heading: oneLine(heading, SAID_LIMIT), text, words: oneLine(text, SAID_LIMIT) };
}

function unescaped(text: string): string {
  return text
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** Whether updates are locked in the lamp's settings, where no PIN helps. */
export function saysLocked(answer: Answer): boolean {
  return /\bunlock OTA\b/i.test(answer.text);
}

/**
 * The words by which the lamp, or Arduino's core, judges the image. The others are about its flash, or say too little.
 */
const JUDGED =
  /release name mismatch|compatibility metadata|requires at least|release check|magic byte|could not activate|check your file|MD5|bad size/i;
const NO_SPACE = /not enough space/i;

/**
 * Reads the answer to an upload. Rejects with an `UpdateError` where it is neither a “yes” nor a judgement of the
 * image.
 */
export function readUpload(answer: Answer, secrets: readonly string[]): UploadAnswer {
  const { heading, text, words } = told(answer);
  const said = saidIn(text, secrets);
  if (answer.status === 200 && /successful/i.test(heading)) return { kind: 'taken', said };
  if (answer.status === 500 && /failed/i.test(heading) && JUDGED.test(words)) return { kind: 'refused', said };
  throw errorOfPage(answer, secrets);
}

/** The error of a page that is not a “yes”. */
export function errorOfPage(answer: Answer, secrets: readonly string[]): UpdateError {
  const { text, words } = told(answer);
  const said = saidIn(text, secrets);
  return new UpdateError(codeOf(answer, words), { status: answer.status, ...(said === null ? {} : { said }) });
}

function codeOf(answer: Answer, words: string): UpdateErrorCode {
  const { status } = answer;
  switch (status) {
    case 401:
      if (/subnet/i.test(words)) return 'other-subnet';
      return saysLocked(answer) ? 'locked' : 'unauthorised';
    case 403:
      return 'forbidden';
    case 404:
    case 405:
      return 'no-route';
    case 501:
      return 'unsupported';
    case 503:
      return 'busy';
    default:
      if (status >= 500) return NO_SPACE.test(words) ? 'too-large' : 'device-fault';
      // A good status without a lamp's words: another server answers.
      return status < 300 && answer.html ? 'web-page' : 'garbled';
  }
}
