/** Devices that take firmware by a form: their links, and whether one answers somewhere, which a host alone can ask, since no page may read theirs. */
import type { DeviceIdentity } from '../../model/device/identity.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { WholeImageLink } from '../../model/device/whole-image-link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import type { LinkDeps } from '../link-deps.ts';
import type { DeviceTarget } from '../target.ts';
import { ElegantLink } from './elegant-link.ts';
import { FormLink } from './form-link.ts';

export { ElegantLink, FormLink };

type Find = (target: DeviceTarget, options: RequestOptions, deps: LinkDeps) => Promise<DeviceIdentity | null>;

/** Null: something else, or it wants a login first. Rejects where no answer came. */
export const findForm: Find = (target, options, deps) => found(new FormLink(nobody(target), deps), options);

/** The same with ElegantOTA 3. */
export const findElegant: Find = (target, options, deps) => found(new ElegantLink(nobody(target), deps), options);

/** Nobody who is asked what they are is told a secret. */
function nobody(target: DeviceTarget): DeviceTarget {
  return { ...target, token: '', login: null };
}

async function found(link: WholeImageLink, options: RequestOptions): Promise<DeviceIdentity | null> {
  try {
    return await link.identify(options);
  } catch (error) {
    const isOther = error instanceof UpdateError && (error.code === 'garbled' || error.code === 'unauthorised');
    if (!isOther) throw error;
    return null;
  }
}
