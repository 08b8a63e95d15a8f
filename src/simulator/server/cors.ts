/**
 * Cross-origin rules as the C server applies them, before any route and any token. There is no
 * `Access-Control-Expose-Headers`: the published middleware takes no such list, so a page never reads `Retry-After`.
 */
import { plain, SERVER_WORDS } from '../answers.ts';
import { firstHeader, type WireRequest } from './wire-request.ts';

export interface CorsOptions {
  /** Origins that may read answers; an entry that begins with `*` matches by its end. */
  readonly origins: readonly string[] | '*';
  /** `Access-Control-Allow-Headers`, sent as it is: a `*` in it does not cover `Authorization`. */
  readonly headers: readonly string[];
  /** 0: no `Access-Control-Max-Age` is sent. */
  readonly maxAgeSeconds: number;
}

/** The CORS of a device that was set up by the README's lines, for pages of `origins`. */
export function asPrepared(origins: CorsOptions['origins']): CorsOptions {
  return { origins, headers: ['Authorization', 'Content-Type', 'X-OTA-Token'], maxAgeSeconds: 600 };
}

/** What a device's app has to allow for OTA; no route uses another. */
const METHODS = 'GET, POST';

/** The answer to a preflight; null where the request is not one, or CORS is off (then it is handled as any other). */
export function answerPreflight(cors: CorsOptions | null, request: WireRequest): Response | null {
  const origin = originOf(request);
  if (cors === null || origin === '' || request.method !== 'OPTIONS') return null;
  if ((firstHeader(request, 'access-control-request-method') ?? '') === '') return null;
  if (!allows(cors, origin)) return plain(403, SERVER_WORDS[403]);
  const response = plain(204, '');
  share(cors, origin, response.headers);
  response.headers.set('Access-Control-Allow-Methods', METHODS);
  response.headers.set('Access-Control-Allow-Headers', cors.headers.includes('*') ? '*' : cors.headers.join(', '));
  if (cors.maxAgeSeconds > 0) response.headers.set('Access-Control-Max-Age', String(cors.maxAgeSeconds));
  return response;
}

/**
 * Lets the page that asked read the answer, where the rules allow it. A request from another origin is served all the
 * same.
 */
export function withCors(cors: CorsOptions | null, request: WireRequest, response: Response): Response {
  const origin = originOf(request);
  if (cors !== null && origin !== '' && allows(cors, origin)) share(cors, origin, response.headers);
  return response;
}

function originOf(request: WireRequest): string {
  return firstHeader(request, 'origin') ?? '';
}

function share(cors: CorsOptions, origin: string, headers: Headers): void {
  headers.set('Access-Control-Allow-Origin', cors.origins === '*' ? '*' : origin);
  if (cors.origins !== '*') headers.set('Vary', 'Origin');
}

function allows(cors: CorsOptions, origin: string): boolean {
  if (cors.origins === '*') return true;
  return cors.origins.some((entry) =>
    entry.startsWith('*') ? origin.endsWith(entry.slice('*'.length)) : entry === origin,
  );
}
