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

/** Told of each request once it is over, for the help report. */
export type RequestObserver = (record: RequestRecord) => void;

/** What requests need of the world. */
export interface World {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly observe?: RequestObserver;
  /** Whether the page is a secure context; asked of the runtime where absent. */
  readonly secureContext?: boolean;
}

/**
 * Sends one request and reads its answer whole, up to its limit (64 KiB). Rejects with an `UpdateError` only; anything but 2xx
 * is one; a defect of ours is thrown as it is. `timeoutMs: Infinity` sets no time limit, for while the browser may be asking the person.
 */
export async function send(
  target: DeviceTarget,
  request: DeviceRequest,
  options: RequestOptions,
  world: World,
): Promise<Answer> {
  const startedAt = world.clock.now();
  let status: number | null = null;
  let code: UpdateErrorCode | null = null;
  try {
    const init = fetchInit(target, request, world.secureContext);
    return await supervised(options, world.clock, async (watch) => {
      const response = await watch.race(
        call(world.fetch, deviceUrl(target, pathOf(target, request)), { ...init, signal: watch.signal }),
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
      // A redirect that was followed anyway, by a worker or a proxy, is not the device that was asked.
      if (response.redirected || response.type === 'opaque') {
        throw new UpdateError('garbled', { status: response.status, byStranger: response.redirected });
      }
      const own = isByGateway(target) ? gatewayWord(response.headers) : null;
      if (own?.code === 'redirect' || isRedirect(response)) {
        throw new UpdateError('garbled', { byStranger: true, cause: REDIRECT });
      }
      const uncarried = own && notCarried(own, answer, secretsOf(target));
      if (uncarried !== null) throw uncarried;
      if (request.anyAnswer === true) return answer;
      const error = errorIn(answer, request.kind, secretsOf(target), response.headers, world.clock.date());
      if (error !== null) throw error;
      // No device answers its update routes with one. Who does is another server, or a network that wants a sign-in.
      if (answer.html) throw new UpdateError('web-page', { status: answer.status });
      return answer;
    });
  } catch (error) {
    if (error instanceof UpdateError) code = error.code;
    throw error;
  } finally {
    world.observe?.({
      kind: request.kind,
      method: request.method,
      path: pathOf(target, request),
      bytes: sizeOf(request.body),
      startedAt,
      durationMs: world.clock.now() - startedAt,
      status,
      code,
    });
  }
}

/** A browser shows nothing of one that it does not follow; Node shows the status. */
function isRedirect({ type, status }: Response): boolean {
  return type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/**
 * Whether anything answers at the address at all: sent without a token, and the answer cannot be read. `false`: the
 * browser says that nothing came. Where it points elsewhere the browser goes there, without token, cookies or referrer.
 * Rejects with `aborted` or `silent` only.
 */
export async function probe(target: DeviceTarget, options: RequestOptions, world: World): Promise<boolean> {
  const request: DeviceRequest = { kind: 'probe', method: 'GET', route: STATUS_ROUTE, credentials: 'none' };
  const startedAt = world.clock.now();
  let code: UpdateErrorCode | null = null;
  try {
    return await supervised(options, world.clock, async (watch) => {
      const init = {
        ...fetchInit(target, request, world.secureContext),
        mode: 'no-cors',
        signal: watch.signal,
      } as const;
      // The Fetch standard allows `no-cors` no other redirect mode (docs/browsers.md). There is no token in it to be carried elsewhere.
      const response = await watch.race(
        call(world.fetch, deviceUrl(target, pathOf(target, request)), { ...init, redirect: 'follow' }),
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
    const durationMs = world.clock.now() - startedAt;
    world.observe?.({ kind: 'probe', method: 'GET', path, bytes: 0, startedAt, durationMs, status: null, code });
  }
}

/**
 * Called as a plain function: `window.fetch` refuses any other `this` than the window. Whatever it rejects with is the
 * same TypeError for every reason, so here, and for a body that breaks off, it becomes `unreachable`; an error from
 * anywhere else is a defect of ours and stays one.
 */
async function call(fetch: FetchLike, url: string, init: FetchInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new UpdateError('unreachable', { cause });
  }
}
