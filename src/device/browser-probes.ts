/** The doctor's probes in a real page. Window only; the ladder itself is in `reach.ts`. */
import type { Clock } from '../update/ports.ts';
import { UpdateError } from '../update/update-error.ts';
import { GATEWAYS_OWN, objectIn, PAGE_FOR_PEOPLE, type Answer, type RequestKind } from './answer.ts';
import { controlRoute } from './control.ts';
import type { LocalNetworkPermission } from './detect.ts';
import { isLocalByText, isLoopback } from './host-name.ts';
import { askOpenApi, type SelfDescription } from './openapi.ts';
import type { AnswerBody, Asked, Probes } from './probes.ts';
import { knock, send, type Credentials, type FetchLike, type RequestObserver } from './request.ts';
import { readSnapshot } from './shipped.ts';
import { deviceUrl, isByGateway, type DeviceTarget } from './target.ts';

/** What is used of the window, so that a test can stand in for it. */
export interface PageSurroundings {
  readonly origin: string;
  readonly hostname: string;
  readonly isSecureContext: boolean;
  /** Whether `fetch` takes a `targetAddressSpace`. Firefox has the permission by name, and still blocks http from https. */
  readonly knowsAddressSpaces: boolean;
  online(): boolean;
  /** `navigator.permissions.query`; null where the browser has none. */
  readonly queryPermission: ((name: string) => Promise<{ readonly state: string }>) | null;
  /** Calls back with the blocked URI of each request that the page's policy stopped. */
  onPolicyViolation(listener: (directive: string, blockedUri: string) => void, until: AbortSignal): void;
}

export interface ProbeDeps {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly gateway: boolean;
  /** Ends the requests. */
  readonly signal: AbortSignal;
  /** Ends the watch for blocked requests; absent: `signal` does. */
  readonly until?: AbortSignal;
  readonly observe?: RequestObserver;
  /** What is known of the browser's question beyond its own word. */
  readonly permission?: (target: DeviceTarget) => Promise<LocalNetworkPermission>;
}

/** A device in the same network answers a status within a second even while it erases; a lost packet costs 3 more. */
const PROBE_SILENCE_MS = 6000;
/** The browser reports a blocked request in a task of its own, after the request has failed. */
const VIOLATION_DELAY_MS = 50;

/** Names of the permission: the one in use, and the one it had at first. */
const PERMISSION_NAMES = ['local-network', 'local-network-access'];
/** Chromium asks a question of its own for devices on this very machine, since it knows the name. */
const LOOPBACK_NAMES = ['loopback-network', ...PERMISSION_NAMES];

/** The real page. */
export function thisPage(): PageSurroundings {
  return {
    origin: globalThis.location.origin,
    hostname: globalThis.location.hostname,
    isSecureContext: globalThis.isSecureContext,
    knowsAddressSpaces: 'targetAddressSpace' in Request.prototype,
    online: () => navigator.onLine,
    queryPermission:
      'permissions' in navigator
        ? // TypeScript's list of permission names lags behind the browsers'.
          (name) => navigator.permissions.query({ name: name as PermissionName })
        : null,
    onPolicyViolation: (listener, signal) =>
      document.addEventListener(
        'securitypolicyviolation',
        (event) => listener(event.effectiveDirective, event.blockedURI),
        { signal },
      ),
  };
}

/** The state as the browser tells it; null where it does not know the permission. */
async function permissionState(
  page: PageSurroundings,
  names = PERMISSION_NAMES,
): Promise<'granted' | 'denied' | 'prompt' | null> {
  if (page.queryPermission === null || !page.isSecureContext) return null;
  for (const name of names) {
    try {
      const { state } = await page.queryPermission(name);
      if (state === 'granted' || state === 'denied' || state === 'prompt') return state;
    } catch {
      // An unknown name rejects with a TypeError: this browser has no such permission under it.
    }
  }
  return null;
}

/** For `openLink` and the doctor: whether the browser's question stands between this page and a device at `host`. */
export async function localNetworkPermission(page: PageSurroundings, host: string): Promise<LocalNetworkPermission> {
  // From loopback or the same network the browser does not ask, whatever state it tells.
  if (isLoopback(page.hostname) || isLocalByText(page.hostname)) return 'none';
  return (await permissionState(page, isLoopback(host) ? LOOPBACK_NAMES : PERMISSION_NAMES)) ?? 'none';
}

/** Starts listening for blocked requests at once: make the probes before the requests that they shall explain. */
export function browserProbes(page: PageSurroundings, deps: ProbeDeps): Probes {
  const blocked: string[] = [];
  page.onPolicyViolation((directive, uri) => {
    if (directive === 'connect-src') blocked.push(uri);
  }, deps.until ?? deps.signal);
  const limits = { signal: deps.signal, silenceMs: PROBE_SILENCE_MS };
  const world = { ...deps, secureContext: page.isSecureContext };
  /** By the way to the device: the direct one may be shut where the gateway's is open. */
  const told = new Map<string, Promise<SelfDescription | null>>();
  const ask = async (
    target: DeviceTarget,
    kind: RequestKind,
    route: string,
    credentials: Credentials,
  ): Promise<Asked> => {
    try {
      return whatCame(await send(target, { kind, method: 'GET', route, credentials }, limits, world));
    } catch (error) {
      if (!(error instanceof UpdateError) || error.code === 'aborted') throw error;
      return howItFailed(error, target);
    }
  };
  return {
    page: { origin: page.origin, secure: page.isSecureContext },
    gateway: deps.gateway,
    online: () => page.online(),
    permission: (target) => deps.permission?.(target) ?? localNetworkPermission(page, new URL(target.origin).hostname),
    letsLocalHttp: async () => page.knowsAddressSpaces && (await permissionState(page)) !== null,
    ask: (target, credentials) => ask(target, 'status', '/status', credentials),
    control: (target, credentials) => ask(target, 'control', controlRoute(), credentials),
    describe: (target) => {
      const url = deviceUrl(target, '');
      const asked = told.get(url) ?? askOpenApi(target, limits, world);
      told.set(url, asked);
      return asked;
    },
    knock: async (target) => {
      const start = deps.clock.now();
      let reached = false;
      try {
        reached = await knock(target, limits, world);
      } catch (error) {
        // Silence up to the limit is a slow no.
        if (!(error instanceof UpdateError) || error.code !== 'silent') throw error;
      }
      return { reached, ms: deps.clock.now() - start };
    },
    blockedByPolicy: async (target) => {
      await deps.clock.sleep(VIOLATION_DELAY_MS, deps.signal);
      return blocked.some((uri) => uri === target.origin || uri.startsWith(`${target.origin}/`));
    },
  };
}

function whatCame(answer: Answer): Asked {
  const snapshot = readSnapshot(answer);
  return {
    code: snapshot?.supported === false ? 'unsupported' : null,
    status: answer.status,
    said: null,
    body: snapshot === null ? bodyOf(answer) : 'snapshot',
    fromGateway: false,
  };
}

function bodyOf({ json, text, truncated }: Answer): AnswerBody {
  if (objectIn(json) !== null) return 'json';
  return text.trim() === '' && !truncated ? 'empty' : 'text';
}

function howItFailed({ code, status, said, cause }: UpdateError, target: DeviceTarget): Asked {
  const page = cause === PAGE_FOR_PEOPLE || code === 'web-page';
  const body = status === null ? null : page ? 'page' : said === null ? 'empty' : 'text';
  return { code, status, said, body, fromGateway: isByGateway(target) && cause === GATEWAYS_OWN };
}

/**
 * Lets the browser ask its question, from a tap. Resolves when it is answered or the device is: no time limit runs.
 * Whether anything answered.
 */
export function askForLocalNetwork(
  target: DeviceTarget,
  page: PageSurroundings,
  deps: Pick<ProbeDeps, 'fetch' | 'clock' | 'signal'>,
): Promise<boolean> {
  const world = { ...deps, secureContext: page.isSecureContext };
  return knock(target, { signal: deps.signal, silenceMs: Infinity }, world);
}
