/**
 * What the pages of a Tasmota device mean, in whichever of its languages: by how they are built, and by their words only where
 * these are English. Source: Tasmota `xdrv_01_9_webserver.ino` (`HandleUpgradeFirmware`, `HandleUploadDone`).
 */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { saidIn, type Answer } from '../answer.ts';
import { codeOfPage } from '../whole-image/code-of-page.ts';

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
  const said = saidIn(reason, secrets);
  const told = { status: answer.status, ...(said === null ? {} : { said }) };
  if (NO_SPACE.test(reason)) throw new UpdateError('too-large', told);
  if (heardNo || JUDGED.test(reason)) return { kind: 'refused', said };
  throw new UpdateError('earlier-broke-off', told);
}

/** What an answer means that is no page of the kind that was asked for. */
export function errorOfPage({ status, html }: Answer): UpdateError {
  return new UpdateError(codeOfPage(status, html), { status });
}
