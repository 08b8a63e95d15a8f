/**
 * Devices that take firmware by a form: their links, and whether one answers at an address, which only a host can ask,
 * since no browser page may read their answers.
 */
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

/** Null: something else answers, or it wants a login first. Rejects where no answer came. */
export const findForm: Find = (target, options, deps) => found(new FormLink(withoutSecrets(target), deps), options);

/** The same for ElegantOTA 3. */
export const findElegant: Find = (target, options, deps) =>
  found(new ElegantLink(withoutSecrets(target), deps), options);

/** A device of which it is not known what it is gets no secret. */
function withoutSecrets(target: DeviceTarget): DeviceTarget {
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
