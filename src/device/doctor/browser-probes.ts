/** The doctor's probes in a real page. Window only; the ladder itself is in `reach.ts`. */
import type { Clock } from '../../model/clock.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { objectIn, type Answer, type RequestKind } from '../answer.ts';
import { HTML_PAGE, REDIRECT } from '../answer-error.ts';
import { GatewaysOwn } from '../gateway-word.ts';
import { controlRoute } from '../viperhttp/control.ts';
import type { LocalNetworkPermission } from '../link-deps.ts';
import { askOpenApi, type SelfDescription } from '../viperhttp/openapi.ts';
import { localNetworkPermission, permissionState, type PageSurroundings } from './page-surroundings.ts';
import type { AnswerBody, Asked, Probes } from './probes.ts';
import type { Credentials } from '../device-request.ts';
import { probe, send, type FetchLike, type RequestObserver } from '../request.ts';
import { readSnapshot } from '../viperhttp/shipped.ts';
import { deviceUrl, isByGateway, type DeviceTarget } from '../target.ts';
import { STATUS_ROUTE } from '../../model/device/status-route.ts';

export interface ProbeDeps {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly gateway: boolean;
  /** Ends the requests. */
  readonly signal: AbortSignal;
  /** Ends the watch for blocked requests; absent: `signal` does. */
  readonly until?: AbortSignal;
  readonly observe?: RequestObserver;
  /** Whether the browser's permission question stands in the way. Absent: as the browser itself says. */
  readonly permission?: (target: DeviceTarget) => Promise<LocalNetworkPermission>;
}

/** A device in the same network answers a status within a second even while it erases; a lost packet costs 3 more. */
const PROBE_TIMEOUT_MS = 6000;
/** The browser reports a blocked request in a task of its own, after the request has failed. */
const VIOLATION_DELAY_MS = 50;

/** Starts listening for blocked requests at once, so make the probes before the requests that they are to explain. */
export function browserProbes(page: PageSurroundings, deps: ProbeDeps): Probes {
  const blocked: string[] = [];
  page.onPolicyViolation((directive, uri) => {
    if (directive === 'connect-src') blocked.push(uri);
  }, deps.until ?? deps.signal);
  const limits = { signal: deps.signal, timeoutMs: PROBE_TIMEOUT_MS };
  const requestDeps = { ...deps, secureContext: page.isSecureContext };
  /** By URL: the direct route may be closed where the gateway's is open. */
  const told = new Map<string, Promise<SelfDescription | null>>();
  const ask = async (
    target: DeviceTarget,
    kind: RequestKind,
    route: string,
    credentials: Credentials,
  ): Promise<Asked> => {
    try {
      return whatCame(await send(target, { kind, method: 'GET', route, credentials }, limits, requestDeps));
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
    ask: (target, credentials) => ask(target, 'status', STATUS_ROUTE, credentials),
    control: (target, credentials) => ask(target, 'control', controlRoute(), credentials),
    describe: (target) => {
      const url = deviceUrl(target, '');
      const asked = told.get(url) ?? askOpenApi(target, limits, requestDeps);
      told.set(url, asked);
      return asked;
    },
    probe: async (target) => {
      const start = deps.clock.now();
      let reached = false;
      try {
        reached = await probe(target, limits, requestDeps);
      } catch (error) {
        // Silence up to the time limit is a “no”, only slower.
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
    gatewaySays: null,
  };
}

function bodyOf({ json, text, truncated }: Answer): AnswerBody {
  if (objectIn(json) !== null) return 'json';
  return text.trim() === '' && !truncated ? 'empty' : 'text';
}

function howItFailed({ code, status, said, cause }: UpdateError, target: DeviceTarget): Asked {
  const page = cause === HTML_PAGE || code === 'web-page';
  const body = status === null ? null : page ? 'page' : said === null ? 'empty' : 'text';
  const gatewaySays = isByGateway(target) && cause instanceof GatewaysOwn ? cause.code : null;
  return { code, status, said, body, gatewaySays, ...(cause === REDIRECT ? { redirects: true } : {}) };
}

/**
 * Lets the browser ask its permission question, from a tap. Resolves once the person or the device has answered,
 * without a time limit: whether anything answered.
 */
export function askForLocalNetwork(
  target: DeviceTarget,
  page: PageSurroundings,
  deps: Pick<ProbeDeps, 'fetch' | 'clock' | 'signal'>,
): Promise<boolean> {
  const requestDeps = { ...deps, secureContext: page.isSecureContext };
  return probe(target, { signal: deps.signal, timeoutMs: Infinity }, requestDeps);
}
