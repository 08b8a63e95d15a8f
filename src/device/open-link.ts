/** Opens the link to a device of any kind. */
import { goesWhole } from '../model/device/dialect.ts';
import { loadOnce } from '../model/load-once.ts';
import { UpdateError } from '../model/update/update-error.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import type { OpenLink } from '../model/device/whole-image-link.ts';
import { openLink } from './detect.ts';
import type { LinkDeps } from './link-deps.ts';
import { isEsphomePort } from './esphome/ports.ts';
import { dialectOf, type DeviceTarget } from './target.ts';

/** Something answered there, and it is no device that takes chunks: it may be one of another kind. */
const MAY_BE_ANOTHER: ReadonlySet<UpdateErrorCode> = new Set<UpdateErrorCode>([
  'web-page',
  'no-route',
  'garbled',
  'unknown-format',
  'unauthorised',
  'bad-request',
  'device-fault',
]);

/** Loaded when a device may need it. */
export const wholeImages = loadOnce(() => import('./whole-image/open-whole.ts'));

/** Makes the port that finds out how a device speaks, before anything is begun, and answers the link that speaks so. */
export function openAnyLink(target: DeviceTarget, deps: LinkDeps): OpenLink {
  return async (options) => {
    const known = dialectOf(target);
    if (goesWhole(known)) {
      try {
        return await (await wholeImages()).openWhole(known, target, deps, options);
      } catch (error) {
        const isOther = error instanceof UpdateError && error.code === 'garbled' && target.protocol === 'automatic';
        if (!isOther) throw error;
        // Another device answers there now than the one that is remembered.
        return openLink({ ...target, dialect: null }, deps)(options);
      }
    }
    const find = async () => {
      // Where the page's own code cannot be had, what was found so far stands.
      const loaded = await wholeImages().catch(() => null);
      return (await loaded?.findWhole(target, deps, options)) ?? null;
    };
    const mayFind = target.protocol === 'automatic' && known === null;
    // A port of a protocol that is no HTTP is asked in that one alone: HTTP would only disturb who is there.
    if (mayFind && deps.onHost !== undefined && isEsphomePort(target.origin)) {
      const raw = await (await wholeImages()).findRaw(target, deps, options);
      if (raw !== null) return raw;
    }
    try {
      const link = await openLink(target, deps)(options);
      // Taken for one because something answered. Another kind shows itself by its own answer.
      return (mayFind && !link.certain ? await find() : null) ?? link;
    } catch (error) {
      const isAnother = error instanceof UpdateError && MAY_BE_ANOTHER.has(error.code);
      const found = mayFind && isAnother ? await find() : null;
      if (found === null) throw error;
      return found;
    }
  };
}
