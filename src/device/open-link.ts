/** Opens the link to a device of any kind. */
import { goesWhole } from '../model/device/dialect.ts';
import { lazy } from '../model/lazy.ts';
import { UpdateError } from '../model/update/update-error.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import type { OpenLink } from '../model/device/whole-image-link.ts';
import { openLink } from './detect.ts';
import type { LinkDeps } from './link-deps.ts';
import { isEsphomePort } from './esphome/ports.ts';
import { dialectOf, type DeviceTarget } from './target.ts';

/** Codes by which something answered that is no device that takes chunks, but may be one of another kind. */
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
export const wholeImages = lazy(() => import('./whole-image/open-whole.ts'));

/** Makes the port that finds out which dialect a device speaks, before anything is begun, and opens a link in it. */
export function openAnyLink(target: DeviceTarget, deps: LinkDeps): OpenLink {
  return async (options) => {
    const known = dialectOf(target);
    if (goesWhole(known)) {
      try {
        return await (await wholeImages()).openWhole(known, target, deps, options);
      } catch (error) {
        const isOther = error instanceof UpdateError && error.code === 'garbled' && target.protocol === 'automatic';
        if (!isOther) throw error;
        // Not the remembered kind of device answers there now.
        return openLink({ ...target, dialect: null }, deps)(options);
      }
    }
    const find = async () => {
      // Where the page's own code cannot be loaded, what was found so far counts.
      const loaded = await wholeImages().catch(() => null);
      return (await loaded?.findWhole(target, deps, options)) ?? null;
    };
    const mayFind = known === null;
    // A port of another protocol than HTTP is asked in that protocol first: HTTP would only disturb the device.
    if (mayFind && deps.onHost !== undefined && isEsphomePort(target.origin)) {
      const raw = await (await wholeImages()).findRaw(target, deps, options);
      if (raw !== null) return raw;
    }
    try {
      const link = await openLink(target, deps)(options);
      // It was taken for a `documented` device only because something answered. Other kinds are recognised by an answer
      // of their own.
      return (mayFind && !link.certain ? await find() : null) ?? link;
    } catch (error) {
      const isAnother = error instanceof UpdateError && MAY_BE_ANOTHER.has(error.code);
      const found = mayFind && isAnother ? await find() : null;
      if (found === null) throw error;
      return found;
    }
  };
}
