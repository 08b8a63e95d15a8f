import type { RequestRecord } from '../model/device/request-record.ts';
import type { Login } from '../model/device/login.ts';
import type { Clock } from '../model/clock.ts';
import type { RequestOptions } from '../model/device/link.ts';
import type { UpdateErrorCode } from '../model/update/error-codes.ts';
import { UpdateError } from '../model/update/update-error.ts';
import {
  ANSWER_LIMIT_BYTES,
  errorIn,
  GatewaysOwn,
  parseAnswer,
  REDIRECT,
  wordsOf,
  type Answer,
  type RequestKind,
} from './answer.ts';
import { supervised, type Watch } from './supervision.ts';
import { deviceUrl, hasLogin, isByGateway, needsLocalAddressSpace, secretsOf, type DeviceTarget } from './target.ts';

/** Tells the gateway that its own page asks, and which header carries the token: that one passes. It ends there itself. */
const GATEWAY_MARK = 'X-Moult';
/** There is no such header. */
const NO_HEADER = '1';

/** What the gateway says in this header was not the device's answer. */
const GATEWAY_SAYS = 'Moult-Gateway';
/** It carries no such request, so that no device was asked. Its 404 must not pass for a device without such a route. */
const NOT_CARRIED: ReadonlySet<string> = new Set(['not-paired', 'no-such-path', 'wrong-method', 'header-refused']);

/** An answer up to this comes in one piece or not at all: Ethernet's 1,500 less the headers of IP and TCP. */
const ONE_PACKET_BYTES = 1400;

/** What is handed to `fetch`; the same shape fits the browser's and Node's. */
export interface FetchInit {
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly mode: 'cors' | 'no-cors';
  readonly redirect: 'manual' | 'follow';
  readonly credentials: 'omit';
  /**
   * Of a GET only. Browsers keep no answer to a POST anyway, and with this word Chromium asks its preflight cache for
   * nothing: each chunk from another origin would cost a preflight of its own, at a constant URL too.
   */
  readonly cache?: 'no-store';
  readonly referrerPolicy: 'no-referrer';
  readonly signal: AbortSignal;
  /** Chromium's; unknown to TypeScript's `lib.dom` as of 6.0. */
  readonly targetAddressSpace?: 'local';
}

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
 * Which header carries the token. `both`: only before the dialect is known. `login`: no token, only what the device asks
 * for before any route. A login goes along with the token header too, and takes the place of a Bearer in `both`.
 */
export type Credentials = 'bearer' | 'token-header' | 'both' | 'login' | 'none';

export interface DeviceRequest {
  readonly kind: RequestKind;
  readonly method: 'GET' | 'POST';
  /** Below the prefix: "/status", "/chunk?offset=0". */
  readonly route: string;
  /** The route is below the device's root instead, wherever its updates live. */
  readonly atRoot?: true;
  /** Reads more of the answer than `ANSWER_LIMIT_BYTES`. */
  readonly limitBytes?: number;
  readonly credentials: Credentials;
  /** A string is JSON. */
  readonly body?: Uint8Array<ArrayBuffer> | string;
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
    const init = requestInit(target, request, world);
    return await supervised(options, world.clock, async (watch) => {
      const response = await watch.race(
        call(world.fetch, deviceUrl(target, pathOf(target, request)), { ...init, signal: watch.signal }),
      );
      watch.sign();
      status = response.status;
      const { text, truncated } = await readBody(response, watch, request.limitBytes);
      const answer = parseAnswer(response.status, text, truncated, response.headers.get('content-type'));
      // A redirect that was followed anyway, by a worker or a proxy, is not the device that was asked.
      if (response.redirected || response.type === 'opaque') {
        throw new UpdateError('garbled', { status: response.status, byStranger: response.redirected });
      }
      const gateway = isByGateway(target) ? response.headers.get(GATEWAY_SAYS) : null;
      if (gateway === 'redirect' || isRedirect(response)) {
        throw new UpdateError('garbled', { byStranger: true, cause: REDIRECT });
      }
      if (gateway !== null && NOT_CARRIED.has(gateway)) throw notCarried(answer, gateway, target);
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

function notCarried(answer: Answer, gateway: string, target: DeviceTarget): UpdateError {
  const said = wordsOf(answer, secretsOf(target));
  const cause = new GatewaysOwn(gateway);
  return new UpdateError('unreachable', { status: answer.status, cause, ...(said === null ? {} : { said }) });
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
  const request: DeviceRequest = { kind: 'probe', method: 'GET', route: '/status', credentials: 'none' };
  const startedAt = world.clock.now();
  let code: UpdateErrorCode | null = null;
  try {
    return await supervised(options, world.clock, async (watch) => {
      const init = { ...requestInit(target, request, world), mode: 'no-cors', signal: watch.signal } as const;
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

async function readWhole(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new UpdateError('unreachable', { cause });
  }
}

async function readPart<T>(reader: ReadableStreamDefaultReader<T>): Promise<ReadableStreamReadResult<T>> {
  try {
    return await reader.read();
  } catch (cause) {
    throw new UpdateError('unreachable', { cause });
  }
}

function pathOf({ prefix }: DeviceTarget, { route, atRoot }: DeviceRequest): string {
  return atRoot === true ? route : `${prefix}${route}`;
}

function requestInit(target: DeviceTarget, request: DeviceRequest, world: World): Omit<FetchInit, 'signal'> {
  return {
    method: request.method,
    headers: headersOf(target, request),
    ...(request.body === undefined ? {} : { body: request.body }),
    mode: 'cors',
    // Not followed, and known for what it is; `error` would be one more way of no answer.
    redirect: 'manual',
    credentials: 'omit',
    ...(request.method === 'GET' ? { cache: 'no-store' } : {}),
    referrerPolicy: 'no-referrer',
    ...(needsLocalAddressSpace(target, world.secureContext ?? runsInSecureContext())
      ? { targetAddressSpace: 'local' }
      : {}),
  };
}

/** False in Node, which has no such notion and needs none of what hangs on it. */
function runsInSecureContext(): boolean {
  const secure: unknown = Reflect.get(globalThis, 'isSecureContext');
  return secure === true;
}

function headersOf(target: DeviceTarget, request: DeviceRequest): Headers {
  const headers = new Headers();
  const { credentials, body } = request;
  // A page on plain http says nothing of itself at a GET of its own origin. A foreign page could not send this unasked.
  if (isByGateway(target)) headers.set(GATEWAY_MARK, isName(target.tokenHeader) ? target.tokenHeader : NO_HEADER);
  const login = hasLogin(target) && credentials !== 'bearer' && credentials !== 'none' ? (target.login ?? null) : null;
  if (login !== null) headers.set('Authorization', authorization(login));
  if (target.token !== '') {
    try {
      const bearer = credentials === 'bearer' || (credentials === 'both' && login === null);
      if (bearer) headers.set('Authorization', `Bearer ${target.token}`);
      if (credentials === 'token-header' || credentials === 'both') headers.set(target.tokenHeader, target.token);
    } catch (cause) {
      // A token with a line break, or a header name with a space: no device can have asked for it.
      throw new UpdateError('unauthorised', { cause });
    }
  }
  if (body !== undefined) {
    headers.set('Content-Type', typeof body === 'string' ? 'application/json' : 'application/octet-stream');
  }
  return headers;
}

/** What is none cannot be sent, and is answered for below. */
function isName(header: string): boolean {
  return /^[!-~]+$/.test(header);
}

/** RFC 7617, with the device's UTF-8; RFC 6750 where there is no user. */
function authorization({ user, password }: Login): string {
  if (user === '') return `Bearer ${password}`;
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

function sizeOf(body: Uint8Array | string | undefined): number {
  if (body === undefined) return 0;
  return typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;
}

/** Reads the body to its end, or cancels it at the limit, so that the connection is free for the next request. */
async function readBody(
  response: Response,
  watch: Watch,
  limitBytes = ANSWER_LIMIT_BYTES,
): Promise<{ text: string; truncated: boolean }> {
  if (response.body === null) return { text: '', truncated: false };
  // The turns of a reader cost a chunk more than its answer does, and one packet has no parts to watch.
  if (Number(response.headers.get('content-length') ?? NaN) <= ONE_PACKET_BYTES) {
    const text = await watch.race(readWhole(response));
    // It may have been compressed, which nobody tells a page from another origin.
    return { text: text.slice(0, limitBytes), truncated: text.length > limitBytes };
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let left = limitBytes;
  try {
    for (;;) {
      const part = await watch.race(readPart(reader));
      if (part.done) return { text: text + decoder.decode(), truncated: false };
      watch.sign();
      const bytes: Uint8Array = part.value;
      text += decoder.decode(bytes.subarray(0, left), { stream: true });
      if (bytes.length > left) return { text, truncated: true };
      left -= bytes.length;
    }
  } finally {
    // After the end it does nothing. Not waited for: the rest of the stream is nobody's concern, nor is how it ends.
    reader.cancel().catch(() => undefined);
  }
}
