/** What stands between the page and the device, with the facts of this device and page, and the one thing to do. */
import type { Diagnosis, Remedy, WayCause } from '../../model/device/diagnosis.ts';
import { corsLines, hostHint, hostsOf } from '../viperhttp/device-lines.ts';
import { isIpAddress } from '../host-name.ts';
import { dialectOf, hasLogin, type DeviceTarget } from '../target.ts';
import { traitsOf } from '../../model/device/dialect.ts';

interface Surroundings {
  readonly page: { readonly origin: string };
  readonly gateway: boolean;
}

export const AGAIN: Remedy = { kind: 'try-again' };
export const EDIT_ADDRESS: Remedy = { kind: 'edit-device', field: 'address' };
export const USE_GATEWAY: Remedy = { kind: 'use-gateway' };

/** @param port the one that answers (`wrong-port`) */
export function blocked(
  kind: WayCause['kind'],
  target: DeviceTarget,
  around: Surroundings,
  port = 0,
): Diagnosis<WayCause> {
  const url = new URL(target.origin);
  return { ...causeOf(kind, target, url, around, port), host: url.host, remedy: remedyOf(kind, target, around, port) };
}

function causeOf(
  kind: WayCause['kind'],
  target: DeviceTarget,
  { hostname, port: own }: URL,
  { page }: Surroundings,
  port: number,
): WayCause {
  switch (kind) {
    case 'cors-missing': {
      const mayLackStatus = traitsOf(dialectOf(target))?.isRecognised !== true;
      return { kind, page: page.origin, hosts: hostsOf(target.origin), mayLackStatus };
    }
    case 'header-not-passed':
      return { kind, tokenHeader: target.tokenHeader };
    case 'bad-port':
      return { kind, port: own };
    case 'wrong-port':
      return { kind, port, hostname };
    case 'port-closed':
      return { kind, isIpAddress: isIpAddress(hostname) };
    case 'no-such-name':
      return { kind, hostname };
    case 'no-answer':
    case 'gateway-refused':
      return { kind, gatewaySaid: null };
    case 'offline':
    case 'mixed-content':
    case 'page-not-secure':
    case 'permission-not-asked':
    case 'permission-denied':
    case 'blocked-by-policy':
    case 'header-missing':
    case 'header-refused':
    case 'not-http':
    case 'redirects':
    case 'certificate':
    case 'busy':
    case 'gateway-gone':
      return { kind };
  }
}

function remedyOf(kind: WayCause['kind'], target: DeviceTarget, around: Surroundings, port: number): Remedy {
  switch (kind) {
    case 'offline':
    case 'no-answer':
    case 'busy':
    case 'gateway-gone':
      return AGAIN;
    case 'bad-port':
    case 'port-closed':
    case 'no-such-name':
    case 'not-http':
    case 'redirects':
    case 'gateway-refused':
      return EDIT_ADDRESS;
    case 'mixed-content':
      return elsewhere(around);
    case 'page-not-secure':
      return { kind: 'open-in-tab', what: 'page', url: around.page.origin.replace('http:', 'https:') };
    case 'permission-not-asked':
      return { kind: 'allow-local-network' };
    case 'permission-denied':
      return { kind: 'site-settings' };
    case 'blocked-by-policy':
      return around.gateway ? USE_GATEWAY : { kind: 'copy-policy', text: "connect-src 'self' http: https:" };
    case 'cors-missing':
    case 'header-missing':
    case 'header-refused':
      return cors(target, around);
    case 'header-not-passed':
      return { kind: 'edit-device', field: 'tokenHeader' };
    case 'wrong-port':
      return { kind: 'try-port', port, origin: withPort(target.origin, port) };
    case 'certificate':
      return around.gateway ? USE_GATEWAY : { kind: 'open-in-tab', what: 'device', url: `${target.origin}/` };
  }
}

/** The README's own line. */
const HOST_COMMAND = 'npm ci && npm start';

/** The way around the browser: the gateway where there is one, else the command that brings one. */
function elsewhere(around: Surroundings): Remedy {
  return around.gateway ? USE_GATEWAY : { kind: 'run-host', text: HOST_COMMAND };
}

function cors(target: DeviceTarget, around: Surroundings): Remedy {
  if (around.gateway) return USE_GATEWAY;
  const lines = corsLines(around.page.origin, dialectOf(target), target.tokenHeader, hasLogin(target));
  return { kind: 'copy-cors-lines', text: `${lines}\n\n${hostHint(target.origin)}` };
}

function withPort(origin: string, port: number): string {
  const url = new URL(origin);
  url.port = String(port);
  return url.origin;
}
