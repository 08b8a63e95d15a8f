import type { Route } from '../model/device/device.ts';
import { hostOnly, spokenBy } from '../model/device/dialect.ts';
import type { RequestOptions } from '../model/device/link.ts';
import { type AnyLink, isWholeImage, type OpenLink } from '../model/device/whole-image-link.ts';
import { UpdateError } from '../model/update/update-error.ts';
import type { LinkDeps } from './link-deps.ts';
import { openAnyLink } from './open-link.ts';
import { isHostGone } from './host-gone.ts';
import { RoutedLink } from './routed-link.ts';
import type { DeviceTarget } from './target.ts';
import { factsOf } from '../model/update/error-codes.ts';

/** A device that may be reached in two ways. */
export interface RoutedTarget extends Omit<DeviceTarget, 'viaGateway'> {
  /** Origin of the host with the gateway ("" for the page's own); null where there is none. */
  readonly gateway: string | null;
  /** The way it was reached last, where that is known: through a host that does not answer now, it is the host that is missed. */
  readonly reachedBy?: Route | null;
  /** The way that is tried first where there are two; null: the usual one, the gateway. */
  readonly route: Route | null;
}

/**
 * Told which way is used. `gatewayFailed`: whether it was tried just now, and did not reach the device. Where not even
 * the host answered, nothing was learned of its gateway.
 */
export type OnRoute = (route: Route, gatewayFailed: boolean) => void;

/**
 * Opens by the gateway, else directly, or the other way round where the target says so. The gateway is the page's own
 * origin: no preflights, and so few headers beside a chunk that more of the device's request is left for it.
 */
export function openByAnyRoute(target: RoutedTarget, deps: LinkDeps, onRoute: OnRoute): OpenLink {
  const { gateway, route: first, reachedBy = null, ...device } = target;
  const open = async (
    way: Omit<DeviceTarget, 'viaGateway'> & { readonly route: Route },
    options: RequestOptions,
  ): Promise<AnyLink> => {
    const { route, ...asked } = way;
    const viaGateway = route === 'gateway' ? gateway : null;
    const permission = route === 'direct' ? await deps.permission?.() : 'none';
    // The browser's question belongs to a tap, with a word before it.
    if (permission === 'prompt') throw new UpdateError('not-allowed');
    try {
      return await openAnyLink({ ...asked, viaGateway }, deps)(options);
    } catch (error) {
      // Tried all the same, since what a browser says of a permission is not always what it does.
      const stopped = permission === 'denied' && error instanceof UpdateError && error.code === 'unreachable';
      throw stopped ? new UpdateError('not-allowed', { cause: error }) : error;
    }
  };
  /** The gateway carries no whole image: it is sent straight, where that way is open. */
  const straight = async (byGateway: AnyLink, options: RequestOptions): Promise<AnyLink> => {
    try {
      const link = await open({ ...device, dialect: byGateway.dialect, route: 'direct' }, options);
      onRoute('direct', false);
      return link;
    } catch (error) {
      if (!(error instanceof UpdateError) || error.code === 'aborted') throw error;
      onRoute('gateway', false);
      return byGateway;
    }
  };
  return async (options) => {
    if (hostOnly(spokenBy(device)) !== null) {
      const link = await openAnyLink({ ...device, viaGateway: gateway }, deps)(options);
      onRoute('gateway', false);
      return link;
    }
    if (gateway === null) {
      try {
        const link = await open({ ...device, route: 'direct' }, options);
        if (reachedBy === 'gateway') await anySign(link, options);
        onRoute('direct', false);
        return link;
      } catch (error) {
        throw reachedBy === 'gateway' ? missingHost(error) : error;
      }
    }
    const routes: readonly Route[] = first === 'direct' ? ['direct', 'gateway'] : ['gateway', 'direct'];
    const failures = new Map<Route, UpdateError>();
    for (const route of routes) {
      try {
        const link = await open({ ...device, route }, options);
        const failed = failures.get('gateway');
        const hostGone = failed !== undefined && isHostGone(failed);
        if (hostGone && reachedBy === 'gateway') await anySign(link, options);
        if (route === 'gateway' && isWholeImage(link) && !link.traits.hostFirst) return await straight(link, options);
        onRoute(route, failed !== undefined && !hostGone);
        if (route === 'direct' || isWholeImage(link)) return link;
        return new RoutedLink(link, async (later) => {
          const direct = await open({ ...device, protocol: link.dialect, route: 'direct' }, later);
          if (isWholeImage(direct)) throw new UpdateError('garbled');
          return { link: direct, used: () => onRoute('direct', false) };
        });
      } catch (error) {
        if (!(error instanceof UpdateError) || !isWorthAnotherRoute(error)) throw error;
        failures.set(route, error);
      }
    }
    const byGateway = failures.get('gateway');
    const error = mostTelling([failures.get('direct'), byGateway]);
    throw reachedBy === 'gateway' && byGateway !== undefined && isHostGone(byGateway) ? missingHost(error) : error;
  };
}

/** Where the dialect was set by hand, a link opens to nobody as well. */
async function anySign(link: AnyLink, options: RequestOptions): Promise<void> {
  if (isWholeImage(link)) await link.identify(options);
  else if (link.tellsStatus) await link.status(options);
}

/** No answer that the page can read, of a device whose host is gone: it is not the device that has to be looked after. */
function missingHost(error: unknown): unknown {
  const isNoAnswer = error instanceof UpdateError && factsOf(error.code).device.answer !== 'given';
  return isNoAnswer ? error.as('host-gone') : error;
}

/** Of what two ways failed with, what tells most of the device. */
function mostTelling(failures: readonly (UpdateError | undefined)[]): UpdateError {
  const told = failures.filter((error) => error !== undefined);
  return (
    // Something answered there, and this is what it is.
    told.find(({ code }) => factsOf(code).device.shows) ??
    // "No answer" is what both mean; the gateway says the same with a status that reads like the device's own fault.
    told.find(({ status }) => status === null) ??
    told[0] ??
    new UpdateError('unreachable')
  );
}

/** No answer, or the gateway's own word that it is none or does not reach the device: the other route may. */
function isWorthAnotherRoute({ code }: UpdateError): boolean {
  return factsOf(code).device.byOtherRoute;
}
