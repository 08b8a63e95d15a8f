import type { RequestRecord } from '../model/device/request-record.ts';
import type { Clock } from '../model/clock.ts';
import type { RequestOptions } from '../model/device/link.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';
import { parseAnswer, type Answer } from './answer.ts';
import { errorIn, REDIRECT } from './answer-error.ts';
import { fetchInit, pathOf, sizeOf, type DeviceRequest, type FetchInit } from './device-request.ts';
import { gatewayWord, notCarried } from './gateway-word.ts';
import { readBody } from './read-body.ts';
import { supervised } from './supervision.ts';
import { deviceUrl, isByGateway, secretsOf, type DeviceTarget } from './target.ts';
import { STATUS_ROUTE } from '../model/device/status-route.ts';

export type FetchLike = (url: string, init: FetchInit) => Promise<Response>;

/** Called with each request once it is over, for the help report. */
export type RequestObserver = (record: RequestRecord) => void;

/** What requests need from outside. */
export interface RequestDeps {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly observe?: RequestObserver;
  /** Whether the page is a secure context; asked of the runtime where absent. */
  readonly secureContext?: boolean;
}

/**
 * Sends one request and reads its answer whole, up to its limit (64 KiB). Rejects with an `UpdateError`, also for every
 * status but 2xx; only a defect of ours is thrown as it is. `timeoutMs: Infinity` sets no time limit, for a time in
 * which the browser may be asking the person.
 */
export async function send(
  target: DeviceTarget,
  request: DeviceRequest,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<Answer> {
  const startedAt = deps.clock.now();
  let status: number | null = null;
  let code: UpdateErrorCode | null = null;
  try {
    const init = fetchInit(target, request, deps.secureContext);
    return await supervised(options, deps.clock, async (watch) => {
      const response = await watch.race(
        call(deps.fetch, deviceUrl(target, pathOf(target, request)), { ...init, signal: watch.signal }),
      );
      watch.sign();
      status = response.status;
      const { text, truncated } = await readBody(response, watch, request.limitBytes);
      const challenge = response.headers.get('www-authenticate');
      const server = response.headers.get('server');
      const answer = {
        ...parseAnswer(response.status, text, truncated, response.headers.get('content-type')),
        ...(challenge === null ? {} : { challenge }),
        ...(server === null ? {} : { server }),
      };
      // Behind a redirect that was followed anyway, by a worker or a proxy, it is not the device that answered.
      if (response.redirected || response.type === 'opaque') {
        throw new UpdateError('garbled', { status: response.status, byOtherServer: response.redirected });
      }
      const own = isByGateway(target) ? gatewayWord(response.headers) : null;
      if (own?.code === 'redirect' || isRedirect(response)) {
        throw new UpdateError('garbled', { byOtherServer: true, cause: REDIRECT });
      }
      const uncarried = own && notCarried(own, answer, secretsOf(target));
      if (uncarried !== null) throw uncarried;
      if (request.anyAnswer === true) return answer;
      const error = errorIn(answer, request.kind, secretsOf(target), response.headers, deps.clock.date());
      if (error !== null) throw error;
      // No device answers its update routes with an HTML page. Another server does, or a network that wants a sign-in.
      if (answer.html) throw new UpdateError('web-page', { status: answer.status });
      return answer;
    });
  } catch (error) {
    if (error instanceof UpdateError) code = error.code;
    throw error;
  } finally {
    deps.observe?.({
      kind: request.kind,
      method: request.method,
      path: pathOf(target, request),
      bytes: sizeOf(request.body),
      startedAt,
      durationMs: deps.clock.now() - startedAt,
      status,
      code,
    });
  }
}

/** A browser hides the status of a redirect that it does not follow; Node shows it. */
function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/**
 * Whether anything answers at the address at all. The request has no token, and its answer cannot be read. `false`: the
 * browser says that nothing came. A redirect is followed, without token, cookies or referrer. Rejects with `aborted` or
 * `silent` only.
 */
export async function probe(target: DeviceTarget, options: RequestOptions, deps: RequestDeps): Promise<boolean> {
  const request: DeviceRequest = { kind: 'probe', method: 'GET', route: STATUS_ROUTE, credentials: 'none' };
  const startedAt = deps.clock.now();
  let code: UpdateErrorCode | null = null;
  try {
    return await supervised(options, deps.clock, async (watch) => {
      const init = {
        ...fetchInit(target, request, deps.secureContext),
        mode: 'no-cors',
        signal: watch.signal,
      } as const;
      // With `no-cors` the Fetch standard allows no other redirect mode (docs/browsers.md). The request has no token
      // that could be carried elsewhere.
      const response = await watch.race(
        call(deps.fetch, deviceUrl(target, pathOf(target, request)), { ...init, redirect: 'follow' }),
      );
      watch.sign();
      await readBody(response, watch);
      return true;
    });
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    code = error.code;
    if (code === 'unreachable') return false;
    throw error;
  } finally {
    const path = pathOf(target, request);
    const durationMs = deps.clock.now() - startedAt;
    deps.observe?.({ kind: 'probe', method: 'GET', path, bytes: 0, startedAt, durationMs, status: null, code });
  }
}

/**
 * Called as a plain function: `window.fetch` refuses any other `this` than the window. It rejects with the same
 * TypeError for every reason, which becomes `unreachable` here, and for a body that breaks off; an error from anywhere
 * else is a defect of ours and stays one.
 */
async function call(fetch: FetchLike, url: string, init: FetchInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new UpdateError('unreachable', { cause });
  }
}
