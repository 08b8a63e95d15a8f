/** What is asked of a device, and what is handed to `fetch` for it. */
import type { Login } from '../model/device/secrets/login.ts';
import { UpdateError } from '../model/update/update-error.ts';
import type { RequestKind } from './answer.ts';
import { hasLogin, isByGateway, needsLocalAddressSpace, type DeviceTarget } from './target.ts';

/**
 * Tells the gateway that its own page asks, and which header carries the token, so that it lets that header pass. The
 * gateway does not pass this one on.
 */
const GATEWAY_MARK = 'X-Moult';
/** Its value where the device has no token header. */
const NO_HEADER = '1';

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
  /** What else goes along, from a host alone: the answer to a challenge, `Origin`, `Referer` (`whole-image/signed-in.ts`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** The caller reads every answer itself, whatever its status, even an HTML page. */
  readonly anyAnswer?: true;
  /** A string is JSON. */
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

/** What is handed to `fetch`; the same shape fits the browser's and Node's. */
export interface FetchInit {
  readonly method: 'GET' | 'POST';
  readonly headers: Headers;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly mode: 'cors' | 'no-cors';
  readonly redirect: 'manual' | 'follow';
  readonly credentials: 'omit';
  /**
   * For GET only. Browsers keep no answer to a POST anyway, and with `no-store` Chromium does not use its preflight
   * cache: each chunk from another origin would cost a preflight of its own, even at a constant URL.
   */
  readonly cache?: 'no-store';
  readonly referrerPolicy: 'no-referrer';
  readonly signal: AbortSignal;
  /** Chromium's; unknown to TypeScript's `lib.dom` as of 6.0. */
  readonly targetAddressSpace?: 'local';
}

export function pathOf({ prefix }: DeviceTarget, { route, atRoot }: DeviceRequest): string {
  return atRoot === true ? route : `${prefix}${route}`;
}

/** @param secureContext whether the page is one; asked of the runtime where absent */
export function fetchInit(
  target: DeviceTarget,
  request: DeviceRequest,
  secureContext = runsInSecureContext(),
): Omit<FetchInit, 'signal'> {
  return {
    method: request.method,
    headers: headersOf(target, request),
    ...(request.body === undefined ? {} : { body: request.body }),
    mode: 'cors',
    // A redirect is not followed, but recognised; with `error` it would look like no answer.
    redirect: 'manual',
    credentials: 'omit',
    ...(request.method === 'GET' ? { cache: 'no-store' } : {}),
    referrerPolicy: 'no-referrer',
    ...(needsLocalAddressSpace(target, secureContext) ? { targetAddressSpace: 'local' } : {}),
  };
}

/** False in Node, which has no secure contexts and needs nothing that depends on them. */
export function runsInSecureContext(): boolean {
  const secure: unknown = Reflect.get(globalThis, 'isSecureContext');
  return secure === true;
}

function headersOf(target: DeviceTarget, request: DeviceRequest): Headers {
  const headers = new Headers();
  const { credentials, body } = request;
  // A page on plain http sends no Origin with a GET to its own origin. Another page could not send this header without
  // a preflight.
  if (isByGateway(target)) headers.set(GATEWAY_MARK, isName(target.tokenHeader) ? target.tokenHeader : NO_HEADER);
  for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name, value);
  const login = hasLogin(target) && credentials !== 'bearer' && credentials !== 'none' ? (target.login ?? null) : null;
  if (login !== null) headers.set('Authorization', loginHeader(login));
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

/** Whether a header name can be sent. One that cannot is reported where the token is set. */
function isName(header: string): boolean {
  return /^[!-~]+$/.test(header);
}

/** RFC 6750 where there is no user. */
function loginHeader(login: Login): string {
  return login.user === '' ? `Bearer ${login.password}` : basicAuthorization(login);
}

/** RFC 7617, with the device's UTF-8. */
export function basicAuthorization({ user, password }: Login): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}

export function sizeOf(body: Uint8Array | string | undefined): number {
  if (body === undefined) return 0;
  return typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;
}
