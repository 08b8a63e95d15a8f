/** What is said of the route to a device. */
import type { Route } from '../../../model/device/device.ts';
import type { Dialect } from '../../../model/device/dialect.ts';
import { protocolInWords } from '../protocol-words.ts';

export const FIND_ROUTE_AGAIN = 'Find the route again';
export const ROUTE_UNKNOWN = 'The route is found at the next request.';

const REACHED: Readonly<Record<Route, string>> = {
  gateway: 'Reached through the gateway of this page’s host.',
  direct: 'Reached directly.',
};

/** How it is spoken to. */
export function spokenText(dialect: Dialect): string {
  return `Uses ${protocolInWords(dialect)}.`;
}

/** How it was reached last. */
export function reachedText(route: Route): string {
  return REACHED[route];
}

/**
 * How it was reached last, and which route is tried first.
 *
 * @param gatewayFailed the gateway did not reach it lately
 */
export function routesText(reached: Route, first: Route, gatewayFailed: boolean): string {
  return `${REACHED[reached]} ${firstText(reached, first, gatewayFailed)}`;
}

function firstText(reached: Route, first: Route, gatewayFailed: boolean): string {
  if (gatewayFailed) {
    return 'The gateway of this page’s host could not reach it, so the direct route is tried first for a day.';
  }
  if (first === reached) return 'This route is tried first.';
  return first === 'gateway' ? 'The gateway of this page’s host is tried first.' : 'The direct route is tried first.';
}
