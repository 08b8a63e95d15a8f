/**
 * What a host alone has for devices that no page can speak to: their links, and what it finds out for its pages. Handed to
 * links as `LinkDeps.onHost`, so that no page carries the code of it.
 */
import { goesWhole, hostOnly, type WholeImageDialect } from '../../model/device/dialect.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import type { FoundWhole } from '../../model/device/whole-image-link.ts';
import type { LinkDeps } from '../detect.ts';
import { findEsphome } from '../esphome/find-esphome.ts';
import { EsphomeLink } from '../esphome/esphome-link.ts';
import { EsphomeWebLink } from '../esphome/web-link.ts';
import { dialectOf, type DeviceTarget } from '../target.ts';
import type { MakeLink } from './links.ts';

export interface OfHost {
  /** A row for each dialect that only a host can speak. */
  readonly links: Readonly<Partial<Record<WholeImageDialect, MakeLink>>>;
  /**
   * Asks a device that is known what it is, and one that is not whether it is of a kind that only a host can ask. Null: no such
   * device. Rejects with an `UpdateError`.
   */
  find(target: DeviceTarget, deps: LinkDeps, options: RequestOptions): Promise<FoundWhole | null>;
}

const LINKS: OfHost['links'] = {
  esphome: (target, deps) => new EsphomeLink(target, deps),
  'esphome-web': (target, deps) => new EsphomeWebLink(target, deps),
};

export const OF_HOST: OfHost = {
  links: LINKS,
  async find(target, deps, options) {
    const dialect = dialectOf(target);
    if (dialect === null) return findEsphome(target, deps, options);
    const make = goesWhole(dialect) && hostOnly(dialect) !== null ? LINKS[dialect] : undefined;
    if (make === undefined || !goesWhole(dialect)) return null;
    return { dialect, identity: await make(target, deps).identify(options) };
  },
};
