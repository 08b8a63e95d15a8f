/** What is said of the way to a device. */
import type { Route } from '../../model/device/device.ts';

export const FIND_WAY_AGAIN = 'Find the way again';
export const WAY_NOT_KNOWN = 'The way to it is found out at the next request.';

const REACHED: Readonly<Record<Route, string>> = {
  gateway: 'Reached through the gateway of this page’s host.',
  direct: 'Reached directly.',
};

/** How it was reached last. */
export function reachedText(route: Route): string {
  return REACHED[route];
}

/**
 * How it was reached last, and which way is tried first.
 *
 * @param gatewayFailed the gateway did not reach it lately
 */
export function routesText(reached: Route, first: Route, gatewayFailed: boolean): string {
  return `${REACHED[reached]} ${firstText(reached, first, gatewayFailed)}`;
}

function firstText(reached: Route, first: Route, gatewayFailed: boolean): string {
  if (gatewayFailed) {
    return 'The gateway of this page’s host did not reach it, so for a day the direct way is tried first.';
  }
  if (first === reached) return 'This way is tried first.';
  return first === 'gateway' ? 'The gateway of this page’s host is tried first.' : 'The direct way is tried first.';
}
