import type { Route } from '../model/device/device.ts';
import type { Login } from '../model/device/secrets/login.ts';
import { type Dialect, type Protocol, spokenBy, traitsOf } from '../model/device/dialect.ts';
import type { Traits } from '../model/device/traits.ts';
import { isPlainLanName } from './host-name.ts';

/** Where a device is and how to speak to it. */
export interface DeviceTarget {
  /** "http://192.168.1.50:8080": no trailing slash. */
  readonly origin: string;
  /** "/ota": starts with a slash, no trailing slash. */
  readonly prefix: string;
  /** What the person chose. */
  readonly protocol: Protocol;
  /** What was found out before; null at the first contact. */
  readonly dialect: Dialect | null;
  /** Name of the token header in `shipped`. */
  readonly tokenHeader: string;
  /** Empty where the device asks for none. */
  readonly token: string;
  /** Null or absent: the token is all. */
  readonly login?: Login | null;
  /** Origin of the host whose gateway carries the requests ("" for the page's own); null or absent: straight to the device. */
  readonly viaGateway?: string | null;
}

/** The dialect that is known without asking; null: none. */
export function dialectOf(target: Pick<DeviceTarget, 'protocol' | 'dialect'>): Dialect | null {
  return spokenBy(target);
}

/** Whether a login goes with the requests besides the token, which then has a header of its own. */
export function hasLogin(target: Pick<DeviceTarget, 'protocol' | 'login'>): boolean {
  const tokenIn = traitsOf(target.protocol)?.tokenIn;
  return (target.login ?? null) !== null && tokenIn !== 'bearer' && tokenIn !== 'login';
}

export function isByGateway(target: Pick<DeviceTarget, 'viaGateway'>): boolean {
  return (target.viaGateway ?? null) !== null;
}

export function routeOf(target: Pick<DeviceTarget, 'viaGateway'>): Route {
  return isByGateway(target) ? 'gateway' : 'direct';
}

/** The one place where a URL to a device is made. `path` is whole: "/ota/status", "/ota/chunk?offset=0". */
export function deviceUrl(target: Pick<DeviceTarget, 'origin' | 'viaGateway'>, path: string): string {
  const gateway = target.viaGateway ?? null;
  if (gateway === null) return `${target.origin}${path}`;
  const { protocol, hostname, port } = new URL(target.origin);
  const scheme = protocol.slice(0, -1);
  // `URL` drops the default port; the gateway wants it named, so that a device has only one address.
  const named = port === '' ? (scheme === 'https' ? '443' : '80') : port;
  return `${gateway}/device/${scheme}/${hostname}:${named}${path}`;
}

/**
 * Chromium takes a plain LAN name for a public one unless it is told (docs/browsers.md). For loopback and public
 * addresses the option breaks the request, and elsewhere it is not needed.
 */
export function needsLocalAddressSpace(target: DeviceTarget, secureContext: boolean): boolean {
  if (!secureContext || isByGateway(target)) return false;
  return isPlainLanName(new URL(target.origin).hostname);
}

/**
 * The login for a device that asks for a user and password instead of a token. A token that is kept for it is the
 * password of the usual user. Null: there is none.
 */
export function loginFor({ token, login = null }: Pick<DeviceTarget, 'token' | 'login'>, traits: Traits): Login | null {
  const { usualUser = '' } = traits;
  if (login === null) return token === '' ? null : { user: usualUser, password: token };
  return login.user === '' ? { user: usualUser, password: login.password } : login;
}

/** The secrets that must not come back to a screen, or get into a report, in a device's own words. */
export function secretsOf({ token, login = null }: Pick<DeviceTarget, 'token' | 'login'>): readonly string[] {
  return login === null ? [token] : [token, login.password];
}
