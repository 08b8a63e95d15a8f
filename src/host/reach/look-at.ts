/** Looks at a device outside of an update: nothing is changed on it. */
import type { Sight } from '../../agent/decision.ts';
import { LOOK_TIMEOUT_MS } from '../../model/device/link.ts';
import { isWholeImage, type OpenLink } from '../../model/device/whole-image-link.ts';
import { factsOf } from '../../model/update/error-codes.ts';
import { UpdateError } from '../../model/update/update-error.ts';

export type Told = Pick<Sight, 'dialect' | 'status' | 'identity'>;

/** Null: it does not answer. What answers, and says no, is there. */
export async function lookAt(open: OpenLink, signal: AbortSignal): Promise<Told | null> {
  const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
  try {
    const link = await open(options);
    const { dialect } = link;
    if (isWholeImage(link)) return { dialect, status: null, identity: await link.identify(options) };
    return { dialect, status: link.tellsStatus ? await link.status(options) : null, identity: null };
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    const { answer } = factsOf(error.code).device;
    return answer === 'none' || error.code === 'aborted' ? null : { dialect: null, status: null, identity: null };
  }
}
