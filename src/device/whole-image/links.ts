/**
 * The links to devices that take an image whole: a row for each dialect, whose code is loaded when it is first needed.
 */
import { isHostFirst, type WholeImageDialect } from '../../model/device/dialect.ts';
import type { WholeImageLink } from '../../model/device/whole-image-link.ts';
import { lazy } from '../../model/lazy.ts';
import type { LinkDeps, MakeLink } from '../link-deps.ts';
import { isByGateway, type DeviceTarget } from '../target.ts';

export const wled = lazy(() => import('../wled/wled-link.ts'));
export const forms = lazy(() => import('../form/form-link.ts'));

/** Those that a page can speak to. A host has a link to each of them in `of-host.ts`. */
const LINKS: Readonly<Partial<Record<WholeImageDialect, () => Promise<MakeLink>>>> = {
  wled: async () => {
    const { WledLink } = await wled();
    return (target, deps) => new WledLink(target, deps);
  },
  form: async () => {
    const { FormLink } = await forms();
    return (target, deps) => new FormLink(target, deps);
  },
};

export const linkOfHost = lazy(() => import('./link-of-host.ts'));

/** Loads what makes such a link; null: it is not for a page. */
export async function loadLink(dialect: WholeImageDialect): Promise<MakeLink | null> {
  return (await LINKS[dialect]?.()) ?? null;
}

/** The link to a device that is known to be one. Nothing is asked. */
export async function linkOf(
  dialect: WholeImageDialect,
  target: DeviceTarget,
  deps: LinkDeps,
): Promise<WholeImageLink> {
  if (deps.onHost !== undefined) return deps.onHost.links[dialect](target, deps);
  // Where there is a host, it speaks to the dialects of which a page could reach only some devices.
  const isLeft = isHostFirst(dialect) && isByGateway(target);
  const make = isLeft ? null : await loadLink(dialect);
  if (make !== null) return make(target, deps);
  const { LinkOfHost } = await linkOfHost();
  return new LinkOfHost(dialect, target, deps.askHost ?? null);
}
