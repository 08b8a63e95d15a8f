/**
 * What the pages of a Tasmota device mean, in whichever of its languages: by how they are built, and by their words only where
 * these are English. Source: Tasmota `xdrv_01_9_webserver.ino` (`HandleUpgradeFirmware`, `HandleUploadDone`).
 */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import type { UpdateErrorCode } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { oneLine, type Answer } from '../answer.ts';

/** As other devices' own words. */
const SAID_LIMIT = 200;

/** The form that takes a file; older ones have no size in it. */
const FORM = /action=['"]u2\b/;
/** With one partition it starts safeboot first, by a script of the page. */
const STANDS_ASIDE = 'return upl(this)';
/** The page goes to the device's start by itself once it has restarted: only where it took the file. */
const RELOADS = "setTimeout(function(){location.href='.'";
/** A word in a colour of its own, and below it, where it failed, the reason. */
const JUDGEMENT = /<font color='?#[0-9a-f]{6}'?>[^<]*<\/font><\/b><br>(?:<br>([^<]+)<\/div>)?/i;

/** What the page for updates shows of how the device takes one. Null: it is no such page. */
export function readUpgradePage({ status, text }: Answer): { readonly standsAside: boolean } | null {
  return status === 200 && FORM.test(text) ? { standsAside: text.includes(STANDS_ASIDE) } : null;
}

/** Reasons in English that are of the image. */
const JUDGED = /signature|magic byte|flash size|upload failed/i;
const NO_SPACE = /not enough space/i;

/**
 * Reads the answer to an upload. Rejects with what it is where it is neither a yes nor a judgement: with `earlier-broke-off` for a
 * no that may be to an upload before this one, since the device keeps that one's error and gives it to the next.
 *
 * @param heardNo whether it said no to this file before, so that nothing of an earlier one is left
 */
export function readUpload(answer: Answer, secrets: readonly string[], heardNo: boolean): UploadAnswer {
  const judgement = JUDGEMENT.exec(answer.text);
  if (answer.status !== 200 || judgement === null) throw errorOfPage(answer);
  const [, reason] = judgement;
  if (reason === undefined) {
    // A yes and its script come together.
    if (!answer.text.includes(RELOADS)) throw new UpdateError('garbled', { status: answer.status });
    return { kind: 'taken', said: null };
  }
  if (answer.text.includes(RELOADS)) throw new UpdateError('garbled', { status: answer.status });
  const said = hidden(reason, secrets);
  const told = { status: answer.status, ...(said === null ? {} : { said }) };
  if (NO_SPACE.test(reason)) throw new UpdateError('too-large', told);
  if (heardNo || JUDGED.test(reason)) return { kind: 'refused', said };
  throw new UpdateError('earlier-broke-off', told);
}

/** What an answer means that is no page of the kind that was asked for. */
export function errorOfPage({ status, html }: Answer): UpdateError {
  return new UpdateError(codeOf(status, html), { status });
}

function codeOf(status: number, html: boolean): UpdateErrorCode {
  switch (status) {
    case 401:
      return 'unauthorised';
    case 403:
      return 'forbidden';
    case 404:
    case 405:
      return 'no-route';
    case 503:
      return 'busy';
    default:
      if (status >= 500) return 'device-fault';
      return status < 300 && html ? 'web-page' : 'garbled';
  }
}

function hidden(words: string, secrets: readonly string[]): string | null {
  const line = oneLine(words, SAID_LIMIT);
  const plain = secrets.reduce((text, secret) => (secret === '' ? text : text.replaceAll(secret, '•••')), line);
  return plain === '' ? null : plain;
}
