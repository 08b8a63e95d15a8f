/**
 * What the pages of a Tasmota device mean, in each of its languages: by their markup, and by their words only where
 * these are English. Source: Tasmota `xdrv_01_9_webserver.ino` (`HandleUpgradeFirmware`, `HandleUploadDone`).
 */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { saidIn, type Answer } from '../answer.ts';
import { codeOfPage } from '../whole-image/code-of-page.ts';

/** The form that takes a file; older ones have no size in it. */
const FORM = /action=['"]u2\b/;
/** A device with one partition starts safeboot first, by this script of the page. */
const STANDS_ASIDE = 'return upl(this)';
/** The page returns to the device's first page after the restart; it does so only where the file was taken. */
const RELOADS = "setTimeout(function(){location.href='.'";
/** A coloured word, and below it, where the upload failed, the reason. */
const JUDGEMENT = /<font color='?#[0-9a-f]{6}'?>[^<]*<\/font><\/b><br>(?:<br>([^<]+)<\/div>)?/i;

/** What the page for updates shows of how the device takes one. Null: it is no such page. */
export function readUpgradePage({ status, text }: Answer): { readonly standsAside: boolean } | null {
  return status === 200 && FORM.test(text) ? { standsAside: text.includes(STANDS_ASIDE) } : null;
}

/** Reasons in English that are about the image. */
const JUDGED = /signature|magic byte|flash size|upload failed/i;
const NO_SPACE = /not enough space/i;

/**
 * Reads the answer to an upload. Rejects with an `UpdateError` where it is neither a “yes” nor a judgement of the
 * image; with `earlier-broke-off` where the refusal may belong to an earlier upload, since the device keeps its error
 * and shows it to the next.
 *
 * @param wasRefused whether it refused this file before, so that no error of an earlier upload is left
 */
export function readUpload(answer: Answer, secrets: readonly string[], wasRefused: boolean): UploadAnswer {
  const judgement = JUDGEMENT.exec(answer.text);
  if (answer.status !== 200 || judgement === null) throw errorOfPage(answer);
  const [, reason] = judgement;
  if (reason === undefined) {
    // The “yes” always comes with that script.
    if (!answer.text.includes(RELOADS)) throw new UpdateError('garbled', { status: answer.status });
    return { kind: 'taken', said: null };
  }
  if (answer.text.includes(RELOADS)) throw new UpdateError('garbled', { status: answer.status });
  const said = saidIn(reason, secrets);
  const told = { status: answer.status, ...(said === null ? {} : { said }) };
  if (NO_SPACE.test(reason)) throw new UpdateError('too-large', told);
  if (wasRefused || JUDGED.test(reason)) return { kind: 'refused', said };
  throw new UpdateError('earlier-broke-off', told);
}

/** The error of an answer that is not the page that was asked for. */
export function errorOfPage({ status, html }: Answer): UpdateError {
  return new UpdateError(codeOfPage(status, html), { status });
}
