/** Looks at a device outside of an update: nothing is changed on it. */
import { OF_HOST } from '../../../device/whole-image/of-host.ts';
import { openAnyLink } from '../../../device/open-link.ts';
import type { Sight } from '../../../agent/decision.ts';
import { LOOK_TIMEOUT_MS } from '../../../model/device/link.ts';
import { isWholeImage } from '../../../model/device/whole-image-link.ts';
import { factsOf } from '../../../model/update/error-codes.ts';
import { UpdateError } from '../../../model/update/update-error.ts';
import type { Clock } from '../../../model/clock.ts';
import type { DeviceTarget } from '../../../device/target.ts';
import type { DeviceFetch } from '../../reach/device-fetch.ts';

export type Told = Pick<Sight, 'dialect' | 'status' | 'identity'>;

/** Null: it does not answer. What answers, and says no, is there. */
export async function lookAt(
  target: DeviceTarget,
  { fetch, upload, raw }: Pick<DeviceFetch, 'fetch' | 'upload' | 'raw'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Told | null> {
  const options = { signal, timeoutMs: LOOK_TIMEOUT_MS };
  try {
    const link = await openAnyLink(target, { fetch, upload, raw, clock, secureContext: false, onHost: OF_HOST })(
      options,
    );
    const { dialect } = link;
    if (isWholeImage(link)) return { dialect, status: null, identity: await link.identify(options) };
    return { dialect, status: link.tellsStatus ? await link.status(options) : null, identity: null };
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    const { answer } = factsOf(error.code).device;
    return answer === 'none' || error.code === 'aborted' ? null : { dialect: null, status: null, identity: null };
  }
}
