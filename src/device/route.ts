import type { Route } from '../update/device.ts';
import type { DeviceLink, OpenLink } from '../update/ports.ts';
import { UpdateError } from '../update/update-error.ts';
import { openLink, type LinkDeps } from './detect.ts';
import type { DeviceTarget } from './target.ts';

/** A device that may be reached in two ways. */
export interface RoutedTarget extends Omit<DeviceTarget, 'viaGateway'> {
  /** Origin of the host with the gateway ("" for the page's own); null where there is none. */
  readonly gateway: string | null;
  /** What worked last; tried first. */
  readonly route: Route | null;
}

/** Opens by the route that worked last, else directly and then by the gateway; `onRoute` is told which one it is. */
export function openByAnyRoute(target: RoutedTarget, deps: LinkDeps, onRoute: (route: Route) => void): OpenLink {
  return async (options) => {
    const { gateway, route: remembered, ...device } = target;
    const open = async (route: Route): Promise<DeviceLink> => {
      const viaGateway = route === 'gateway' ? gateway : null;
      const permission = route === 'direct' ? await deps.permission?.() : 'none';
      // The browser's question belongs to a tap, with a word before it.
      if (permission === 'prompt') throw new UpdateError('not-allowed');
      try {
        const link = await openLink({ ...device, viaGateway }, deps)(options);
        onRoute(route);
        return link;
      } catch (error) {
        // Tried all the same, since what a browser says of a permission is not always what it does.
        const stopped = permission === 'denied' && error instanceof UpdateError && error.code === 'unreachable';
        throw stopped ? new UpdateError('not-allowed', { cause: error }) : error;
      }
    };
    if (gateway === null) return open('direct');
    const [first, second]: readonly [Route, Route] =
      remembered === 'gateway' ? ['gateway', 'direct'] : ['direct', 'gateway'];
    const failures: UpdateError[] = [];
    for (const route of [first, second]) {
      try {
        return await open(route);
      } catch (error) {
        if (!(error instanceof UpdateError) || !isWorthAnotherRoute(error)) throw error;
        failures.push(error);
      }
    }
    // "No answer" is what both mean; the gateway says the same with a status that reads like the device's own fault.
    throw failures.find((error) => error.status === null) ?? failures[0] ?? new UpdateError('unreachable');
  };
}

/** No answer, or the gateway's own word that it is none or does not reach the device: the other route may. */
function isWorthAnotherRoute(error: UpdateError): boolean {
  switch (error.code) {
    case 'unreachable':
    case 'unreadable':
    case 'web-page':
    case 'silent':
    case 'no-route':
    case 'forbidden':
    case 'device-fault':
    case 'not-allowed':
      return true;
    default:
      return false;
  }
}
