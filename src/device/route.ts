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

/** A device that may be reached by two routes. */
export interface RoutedTarget extends Omit<DeviceTarget, 'viaGateway'> {
  /** Origin of the host with the gateway ("" for the page's own); null where there is none. */
  readonly gateway: string | null;
  /**
   * The route by which it was reached last, where that is known: if that was a host that does not answer now, it is the
   * host that is missing.
   */
  readonly reachedBy?: Route | null;
  /** The route that is tried first where there are two; null: the gateway. */
  readonly route: Route | null;
}

/**
 * Called with the route that is used. `gatewayFailed`: whether the gateway was tried just now, and did not reach the
 * device. Where not even the host answered, nothing was learned of its gateway.
 */
export type OnRoute = (route: Route, gatewayFailed: boolean) => void;

/**
 * Opens a link through the gateway, else directly, or the other way round where the target says so. The gateway is of
 * the page's own origin: there are no preflights, and fewer headers, which leave more room for a chunk.
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
    // The browser may only ask its permission question after a tap, once the person was told of it.
    if (permission === 'prompt') throw new UpdateError('not-allowed');
    try {
      return await openAnyLink({ ...asked, viaGateway }, deps)(options);
    } catch (error) {
      // It was tried although the permission is denied, since a browser does not always do what it says of one.
      const stopped = permission === 'denied' && error instanceof UpdateError && error.code === 'unreachable';
      throw stopped ? new UpdateError('not-allowed', { cause: error }) : error;
    }
  };
  /** The gateway forwards no whole image: the direct route is taken where it works. */
  const straight = async (byGateway: AnyLink, options: RequestOptions): Promise<AnyLink> => {
    try {
      const link = await open({ ...device, protocol: byGateway.dialect, route: 'direct' }, options);
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
        if (reachedBy === 'gateway') await awaitAnswer(link, options);
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
        if (hostGone && reachedBy === 'gateway') await awaitAnswer(link, options);
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

/** Waits for any answer: where the dialect was set by hand, a link for chunks opens even if nothing is there. */
async function awaitAnswer(link: AnyLink, options: RequestOptions): Promise<void> {
  if (!isWholeImage(link) && link.tellsStatus) await link.status(options);
}

/**
 * Where no answer could be read from a device whose host is gone, names the host: the device need not be looked after.
 */
function missingHost(error: unknown): unknown {
  const isNoAnswer = error instanceof UpdateError && factsOf(error.code).device.answer !== 'given';
  return isNoAnswer ? error.as('host-gone') : error;
}

/**
 * Which of the errors of two routes tells most about the device: one that shows what answers there, else the first. Where
 * the device gave no answer, the gateway's has a status that reads like the device's own fault.
 */
function mostTelling(failures: readonly (UpdateError | undefined)[]): UpdateError {
  const told = failures.filter((error) => error !== undefined);
  return told.find(({ code }) => factsOf(code).device.shows) ?? told[0] ?? new UpdateError('unreachable');
}

/** Whether the other route may work: there was no answer, or the gateway itself does not reach the device. */
function isWorthAnotherRoute({ code }: UpdateError): boolean {
  return factsOf(code).device.byOtherRoute;
}
