/**
 * What a device tells of itself without a token: `/openapi.json`, which ViperHTTP serves unless the app switched it
 * off. It settles whether updates are on, below which prefix, and in which dialect. It is never required: null is an
 * ordinary answer.
 */
import type { ChunkedDialect } from '../../model/device/dialect.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { objectIn, toldText, type Answer } from '../answer.ts';
import type { LocalNetworkPermission } from '../link-deps.ts';
import { send, type RequestDeps } from '../request.ts';
import type { DeviceTarget } from '../target.ts';

/** Where updates live on a device, and how it speaks there. */
export interface OtaRoutes {
  /** "/ota": starts with a slash, no trailing slash. */
  readonly prefix: string;
  readonly dialect: ChunkedDialect;
}

export interface SelfDescription {
  /** ViperHTTP's own generator wrote it. */
  readonly isViper: boolean;
  /** The app's name, in one line of plain text. */
  readonly title: string | null;
  /** The app's version, which an update over the air does not replace by itself. */
  readonly version: string | null;
  /** Empty: it lists no update routes. */
  readonly otas: readonly OtaRoutes[];
  /** Whether `POST /debug/reboot` is there, as in ViperHTTP's demo app. */
  readonly hasRestartRoute: boolean;
}

/** The device's router has room for 1,024 routes, and one takes about 230 bytes here. */
export const OPENAPI_LIMIT_BYTES = 256 * 1024;
/** The device makes it in Python, and answers 504 by itself where that takes more than 5 s. */
const TIMEOUT_MS = 6_000;
/** The limit for the whole answer: nothing waits longer for what is not required. */
const WHOLE_MS = 10_000;

/** The prefixes that the gateway and the form accept. */
const PREFIX = /^(?:\/[A-Za-z0-9_~.-]{1,64}){1,8}$/;

/**
 * Asks once. Null where no answer came that can be read as one, for whatever reason. Rejects with `aborted` only, where
 * `options.signal` ended it.
 */
export async function askOpenApi(
  target: DeviceTarget,
  options: RequestOptions,
  deps: RequestDeps,
): Promise<SelfDescription | null> {
  const late = new AbortController();
  const done = new AbortController();
  // `sleep` rejects as soon as the answer is there: then there is no time limit any more.
  deps.clock.sleep(WHOLE_MS, done.signal).then(
    () => late.abort(),
    () => undefined,
  );
  const signal = AbortSignal.any([options.signal, late.signal]);
  const timeoutMs = Math.min(options.timeoutMs, TIMEOUT_MS);
  try {
    const request = {
      kind: 'openapi',
      method: 'GET',
      route: '/openapi.json',
      atRoot: true,
      limitBytes: OPENAPI_LIMIT_BYTES,
      // No token, so that a page of another origin needs no preflight unless there is a login, and no unknown server
      // sees the token.
      credentials: 'login',
    } as const;
    return readOpenApi(await send(target, request, { signal, timeoutMs }, deps));
  } catch (error) {
    if (!(error instanceof UpdateError) || options.signal.aborted) throw error;
    return null;
  } finally {
    done.abort();
  }
}

/**
 * Asks a device that is not saved yet, or whose route is not known: through the gateway, where there is one, else
 * directly.
 */
export async function askOpenApiByAnyRoute(
  target: Pick<DeviceTarget, 'origin' | 'login'>,
  gateway: string | null,
  options: RequestOptions,
  deps: RequestDeps & { readonly permission: () => Promise<LocalNetworkPermission> },
): Promise<SelfDescription | null> {
  // None of these is used: the route is at the root, and carries no token.
  const unused = { prefix: '', protocol: 'automatic', dialect: null, tokenHeader: '', token: '' } as const;
  const told = gateway === null ? null : await askOpenApi({ ...target, ...unused, viaGateway: gateway }, options, deps);
  if (told !== null) return told;
  switch (await deps.permission()) {
    // The browser may only ask after a tap, once the person was told of it; and where it was denied, nothing is sent.
    case 'prompt':
    case 'denied':
      return null;
    case 'granted':
    case 'none':
      return askOpenApi({ ...target, ...unused }, options, deps);
  }
}

/** Null where the answer describes no routes. */
export function readOpenApi({ json }: Answer): SelfDescription | null {
  const top = objectIn(json);
  const paths = objectIn(top?.['paths']);
  if (paths === null || typeof top?.['openapi'] !== 'string') return null;
  const info = objectIn(top['info']);
  return {
    isViper: objectIn(top['x-viperhttp'])?.['generator'] === 'viperhttp_autodocs',
    title: toldText(info?.['title']),
    version: toldText(info?.['version']),
    otas: otaRoutes(paths),
    hasRestartRoute: posts(paths, '/debug/reboot') !== null,
  };
}

type Paths = Readonly<Record<string, unknown>>;

/** The prefixes under which a whole update can be posted: to begin, to write in one dialect, to finalize. */
function otaRoutes(paths: Paths): readonly OtaRoutes[] {
  return Object.keys(paths).flatMap((path) => {
    if (!path.endsWith('/begin')) return [];
    const prefix = path.slice(0, -'/begin'.length);
    const dialect = isOta(paths, `${prefix}/chunk`) ? 'shipped' : isOta(paths, `${prefix}/write`) ? 'documented' : null;
    const whole = isOta(paths, path) && isOta(paths, `${prefix}/finalize`);
    return dialect !== null && whole && isPrefix(prefix) ? [{ prefix, dialect }] : [];
  });
}

/** The tag marks update routes: an app may have a "begin" and a "write" of its own. */
function isOta(paths: Paths, path: string): boolean {
  const tags = posts(paths, path)?.['tags'];
  return Array.isArray(tags) && tags.includes('ota');
}

function posts(paths: Paths, path: string): Paths | null {
  return Object.hasOwn(paths, path) ? objectIn(objectIn(paths[path])?.['post']) : null;
}

function isPrefix(prefix: string): boolean {
  return PREFIX.test(prefix) && !prefix.split('/').some((segment) => segment === '.' || segment === '..');
}
