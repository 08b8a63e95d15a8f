/** What an ESPHome device's page answers to an upload: 200 in any case, and a few words. Source: ESPHome `ota_web_server.cpp`, `web_server_base.cpp`. */
import type { UploadAnswer } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { oneLine, SAID_LIMIT, type Answer } from '../answer.ts';
import { codeOfPage } from '../whole-image/code-of-page.ts';

/** Builds before 2025.7 say why, in the words of Arduino's core. */
const JUDGED = /magic byte|could not activate|MD5|bad size|signature/i;

/** Rejects with an `UpdateError` where it is neither a “yes” nor a judgement of the image. */
export function readWebAnswer({ status, text, html }: Answer): UploadAnswer {
  const said = oneLine(text, SAID_LIMIT);
  if (status === 200 && !html) {
    if (/^Update Successful!?/i.test(said)) return { kind: 'taken', said };
    if (/^Update Failed/i.test(said)) {
      if (JUDGED.test(said)) return { kind: 'refused', said };
      throw new UpdateError(/not enough space/i.test(said) ? 'too-large' : 'device-fault', { status, said });
    }
  }
  throw new UpdateError(codeOfPage(status, html), { status, ...(html || said === '' ? {} : { said }) });
}
