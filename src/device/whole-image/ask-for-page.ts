/** What a host finds out for a page, of a device that only it can speak to. */
import type { RequestOptions } from '../../model/device/link.ts';
import { goesWhole, hostOnly } from '../../model/device/dialect.ts';
import type { FoundWhole } from '../../model/device/whole-image-link.ts';
import type { LinkDeps } from '../detect.ts';
import { dialectOf, type DeviceTarget } from '../target.ts';
import { loadLink } from './links.ts';
import { isEsphomePort } from '../esphome/ports.ts';
import { PROBES_OF_HOST, probeWhole } from './probes.ts';

/**
 * Asks a device that is known what it is, and one that is not whether it is of a kind that only a host can ask. Null: no such
 * device. Rejects with an `UpdateError`.
 */
export async function askForPage(
  target: DeviceTarget,
  deps: LinkDeps,
  options: RequestOptions,
): Promise<FoundWhole | null> {
  const dialect = dialectOf(target);
  if (dialect === null) {
    // HTTP would only disturb who speaks something else at a port of its own.
    const found = isEsphomePort(target.origin) ? null : await probeWhole(target, options, deps, PROBES_OF_HOST);
    if (found !== null && found !== 'nobody') return found;
    const { findEsphome } = await import('../esphome/find-esphome.ts');
    return findEsphome(target, deps, options);
  }
  if (!goesWhole(dialect) || hostOnly(dialect) === null) return null;
  const link = (await loadLink(dialect))(target, deps);
  return { dialect, identity: await link.identify(options) };
}
