/** The ways of this page to its devices: where each of them is, what is asked of it, and by which route. Loaded with the first need. */
import type { LocalNetworkPermission } from './device/link-deps.ts';
import { LocalNetwork } from './device/doctor/local-network.ts';
import { thisPage } from './device/doctor/page-surroundings.ts';
import type { RoutedTarget } from './device/route.ts';
import { setupLines } from './device/viperhttp/device-lines.ts';
import type { Device } from './model/device/device.ts';
import { lazy } from './model/lazy.ts';
import { UpdateError } from './model/update/update-error.ts';
import { isInTab } from './model/page/in-tab.ts';
import type { HostKey } from './page/host/host-key.ts';
import type { AskHost } from './model/device/whole-image-link.ts';
import type { UploadRequest, UploadResponse } from './model/device/upload.ts';
import { pageClock } from './page/clock.ts';
import { uploadByXhr } from './page/upload.ts';
import type { HostState } from './state/host.ts';
import type { DevicesState } from './state/device/devices.ts';
import type { DoctorParts } from './state/device/doctor/doctor.ts';
import { firstRoute, routeLearned } from './state/device/first-route.ts';
import { NO_SECRETS, type Secrets } from './state/device/secrets/secrets.ts';
import type { AskSelf } from './state/device/check/ask-self.ts';
import type { LinesAsked, LinkTo } from './state/tools.ts';
import type { Recorder } from './state/update/recorder.ts';
import type { TabFleet } from './simulator/tab-fleet.ts';

export interface DeviceWaysParts {
  readonly key: HostKey;
  readonly host: HostState;
  readonly devices: DevicesState;
  readonly recorder: Recorder;
  readonly today: () => number;
}

export interface DeviceWays extends Pick<DoctorParts, 'diagnose' | 'allow'> {
  readonly linkTo: LinkTo;
  readonly askSelf: AskSelf;
  /** What a device's program needs for this page: of use to views that are loaded on demand themselves. */
  readonly linesFor: (asked: LinesAsked) => string;
  /** The devices that are simulated in this tab; made when they are first wanted. */
  readonly simulator: () => Promise<TabFleet>;
}

export function deviceWays({ key, host, devices, recorder, today }: DeviceWaysParts): DeviceWays {
  const page = thisPage();
  const localNetwork = new LocalNetwork(page);
  const simulator = lazy(async () => (await import('./simulator/tab-fleet.ts')).tabFleet());
  const world = {
    fetch: async (url: string, init: RequestInit): Promise<Response> =>
      isInTab(new URL(url, page.origin)) ? (await simulator()).fetch(url, init) : key.fetch(url, init),
    clock: pageClock,
    upload: async (request: UploadRequest): Promise<UploadResponse> => {
      if (!isInTab(new URL(request.url))) return uploadByXhr(request);
      const { uploadByFetch } = await import('./device/whole-image/upload.ts');
      return uploadByFetch((await simulator()).fetch)(request);
    },
  };
  const askHost: AskHost = async (target, options) => {
    // Of use with the host alone, so it is not kept without a network.
    const { askHostBy } = await import('./page/host/ask-host.ts').catch((cause: unknown) => {
      throw new UpdateError('host-gone', { cause });
    });
    return askHostBy(key.fetch)(target, options);
  };
  const ofHost = (): { readonly askHost?: AskHost } => (host.$offers.get().jobs === true ? { askHost } : {});
  /** Nothing stands between the page and what is in it. */
  const gatewayTo = (device: Pick<Device, 'origin'>): string | null =>
    host.$offers.get().gateway && !isInTab(device) ? '' : null;
  const permissionFor = async (device: Pick<Device, 'origin'>): Promise<LocalNetworkPermission> =>
    isInTab(device) ? 'none' : localNetwork.permission(device);
  const targetOf = (device: Device, { token, login }: Secrets): RoutedTarget => {
    const { origin, prefix, protocol, dialect, tokenHeader } = device;
    return {
      ...{ origin, prefix, protocol, dialect, tokenHeader },
      route: firstRoute(device, { secure: window.isSecureContext, now: today() }),
      token: token ?? '',
      login,
      gateway: gatewayTo(device),
      reachedBy: device.route,
    };
  };
  const linkTo: LinkTo = (device, secrets) => async (options) => {
    const { openByAnyRoute } = await import('./device/route.ts');
    if (device.route === 'gateway') await host.look();
    const open = openByAnyRoute(
      targetOf(device, secrets),
      {
        ...{ ...world, ...ofHost() },
        observe: (request) => recorder.seeRequest(device.id, request),
        permission: () => permissionFor(device),
      },
      (worked, gatewayFailed) => void devices.learn(device.id, routeLearned(worked, gatewayFailed, today())),
    );
    return open(options);
  };
  const askSelf: AskSelf = async ({ origin, login, orElse }, signal) => {
    if (orElse !== undefined) {
      const other = await askKind([origin, ...(orElse === null ? [] : [orElse])], signal);
      if (other === 'nobody') return null;
      if (other !== null) return { isViper: false, title: null, version: null, otas: [], other };
    }
    const { askOpenApiByAnyRoute } = await import('./device/viperhttp/openapi.ts');
    const permission = (): Promise<LocalNetworkPermission> => permissionFor({ origin });
    return askOpenApiByAnyRoute(
      { origin, login },
      gatewayTo({ origin }),
      { signal, timeoutMs: Infinity },
      { ...world, permission },
    );
  };
  /** The first of these origins where a device of another kind answers. `nobody`: nothing answered at any. */
  const askKind = async (origins: readonly string[], signal: AbortSignal) => {
    const { probeWholeByAnyRoute } = await import('./device/whole-image/open-whole.ts');
    let answers = false;
    for (const origin of origins) {
      const deps = { ...world, permission: () => permissionFor({ origin }) };
      const found = await probeWholeByAnyRoute(origin, gatewayTo({ origin }), signal, { ...deps, ...ofHost() });
      if (found !== null && found !== 'nobody') return { origin, ...found };
      answers ||= found === null;
      // A name or an address where nobody is: another port of it would take as long.
      if (found === 'nobody') break;
    }
    return answers ? null : ('nobody' as const);
  };
  return {
    linkTo,
    askSelf,
    linesFor: (asked) => setupLines({ ...asked, pageOrigin: page.origin }),
    simulator,
    diagnose: async (device, secrets, after, signal) => {
      const { examineFromPage } = await import('./device/doctor/page-doctor.ts');
      const seenFrom = isInTab(device) ? { ...page, isSecureContext: false, queryPermission: null } : page;
      const deps = { ...world, signal, permission: permissionFor };
      return examineFromPage(targetOf(device, secrets), seenFrom, deps, after);
    },
    allow: (device, signal) => localNetwork.ask(targetOf(device, NO_SECRETS), { ...world, signal }),
  };
}
