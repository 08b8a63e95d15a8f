/** The links to devices that take an image whole: a row each, whose code is loaded with the first of them. */
import { hostOnly, type WholeImageDialect } from '../../model/device/dialect.ts';
import type { WholeImageLink } from '../../model/device/whole-image-link.ts';
import { loadOnce } from '../../model/load-once.ts';
import type { LinkDeps } from '../detect.ts';
import type { DeviceTarget } from '../target.ts';

type MakeLink = (target: DeviceTarget, deps: LinkDeps) => WholeImageLink;

export const wled = loadOnce(() => import('../wled/wled-link.ts'));
export const tasmota = loadOnce(() => import('../tasmota/tasmota-link.ts'));

export const esphome = loadOnce(() => import('../esphome/esphome-link.ts'));

export const esphomeWeb = loadOnce(() => import('../esphome/web-link.ts'));

const LINKS: Readonly<Record<WholeImageDialect, () => Promise<MakeLink>>> = {
  wled: async () => {
    const { WledLink } = await wled();
    return (target, deps) => new WledLink(target, deps);
  },
  tasmota: async () => {
    const { TasmotaLink } = await tasmota();
    return (target, deps) => new TasmotaLink(target, deps);
  },
  esphome: async () => {
    const { EsphomeLink } = await esphome();
    return (target, deps) => new EsphomeLink(target, deps);
  },
  'esphome-web': async () => {
    const { EsphomeWebLink } = await esphomeWeb();
    return (target, deps) => new EsphomeWebLink(target, deps);
  },
};

export const linkOfHost = loadOnce(() => import('./link-of-host.ts'));

/** Loads what makes such a link. */
export function loadLink(dialect: WholeImageDialect): Promise<MakeLink> {
  return LINKS[dialect]();
}

/** The link to a device that is known to be one. Nothing is asked. */
export async function linkOf(
  dialect: WholeImageDialect,
  target: DeviceTarget,
  deps: LinkDeps,
): Promise<WholeImageLink> {
  if (deps.onHost !== true && hostOnly(dialect) !== null) {
    const { LinkOfHost } = await linkOfHost();
    return new LinkOfHost(dialect, target, deps.askHost ?? null);
  }
  return (await loadLink(dialect))(target, deps);
}
