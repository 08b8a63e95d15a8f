/** Which way to a device is tried first, where the page's host has a gateway. */
import type { Device, Route } from '../../model/device/device.ts';
import type { Learned } from './devices.ts';

/**
 * For how long, in milliseconds, a gateway that did not reach a device is not tried first: a day. A host that can never
 * reach it then costs its ten seconds of trying once a day, and a device that was merely switched off is soon back on
 * the faster route.
 */
export const GATEWAY_LATER_MS = 86_400_000;

/** `failedAt`: when the gateway was seen last not to reach a device; `now`: both in milliseconds since 1970. */
export function hasFailedLately(failedAt: number | null | undefined, now: number): boolean {
  // A clock that was set back must not keep it away for years.
  return typeof failedAt === 'number' && Math.abs(now - failedAt) < GATEWAY_LATER_MS;
}

/** `secure`: whether the page is a secure context; `now` in milliseconds since 1970. */
export function firstRoute(
  { origin, gatewayFailedAt }: Pick<Device, 'origin' | 'gatewayFailedAt'>,
  { secure, now }: { readonly secure: boolean; readonly now: number },
): Route {
  // A page on plain http would send the token to its host in the clear. Straight to such a device it is encrypted.
  if (!secure && origin.startsWith('https:')) return 'direct';
  return hasFailedLately(gatewayFailedAt, now) ? 'direct' : 'gateway';
}

/** What is worth remembering once `route` worked. Where the gateway was not tried, nothing was learned of it. */
export function routeLearned(route: Route, gatewayFailed: boolean, now: number): Learned {
  if (route === 'gateway') return { route, gatewayFailedAt: null };
  return gatewayFailed ? { route, gatewayFailedAt: now } : { route };
}
