/**
 * What a device tells of itself without a token: `/openapi.json`, which ViperHTTP serves unless the app switched it
 * off. It settles whether updates are on, under which prefix, and in which dialect. Never needed: null is an ordinary answer.
 */
import type { ChunkedDialect } from '../../model/device/dialect.ts';
import type { RequestOptions } from '../../model/device/link.ts';
import { UpdateError } from '../../model/update/update-error.ts';
import { objectIn, oneLine, type Answer } from '../answer.ts';
import type { LocalNetworkPermission } from '../link-deps.ts';
import { send, type World } from '../request.ts';
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
/** From first to last: nothing waits longer for what it can do without. */
const WHOLE_MS = 10_000;
/** A device's name has as many characters at most in the dialog. */
const LONGEST_TEXT = 100;

/** What a gateway and a form take for a prefix, and no more. */
const PREFIX = /^(?:\/[A-Za-z0-9_~.-]{1,64}){1,8}$/;

/**
 * Asks once. Null where no answer came that can be read as one, for whatever reason. Rejects with `aborted` only, where
 * `options.signal` ended it.
 */
export async function askOpenApi(
  target: DeviceTarget,
  options: RequestOptions,
  world: World,
): Promise<SelfDescription | null> {
  const late = new AbortController();
  const done = new AbortController();
  // The clock rejects as soon as the answer is there: then nothing is late any more.
  world.clock.sleep(WHOLE_MS, done.signal).then(
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
      // No token, and no header where there is no login: so that a page elsewhere needs no preflight, and whatever answers there is shown none.
      credentials: 'login',
    } as const;
    return readOpenApi(await send(target, request, { signal, timeoutMs }, world));
  } catch (error) {
    if (!(error instanceof UpdateError) || options.signal.aborted) throw error;
    return null;
  } finally {
    done.abort();
  }
}

/** A device that is not saved yet, or whose way is not known: asked by the gateway, where there is one, else straight. */
export async function askOpenApiByAnyRoute(
  target: Pick<DeviceTarget, 'origin' | 'login'>,
  gateway: string | null,
  options: RequestOptions,
  deps: World & { readonly permission: () => Promise<LocalNetworkPermission> },
): Promise<SelfDescription | null> {
  // Nothing of these is used: the question is below no prefix, and carries no token.
  const unused = { prefix: '', protocol: 'automatic', dialect: null, tokenHeader: '', token: '' } as const;
  const told = gateway === null ? null : await askOpenApi({ ...target, ...unused, viaGateway: gateway }, options, deps);
  if (told !== null) return told;
  switch (await deps.permission()) {
    // The browser's question belongs to a tap, with a word before it; and where it said no, nothing is sent.
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
  if (top === null || paths === null || typeof top['openapi'] !== 'string') return null;
  const info = objectIn(top['info']);
  return {
    isViper: objectIn(top['x-viperhttp'])?.['generator'] === 'viperhttp_autodocs',
    title: textIn(info?.['title']),
    version: textIn(info?.['version']),
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

/** The tag is the device's own word for it: another app may have a "begin" and a "write" of its own. */
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

function textIn(value: unknown): string | null {
  const text = typeof value === 'string' ? oneLine(value, LONGEST_TEXT) : '';
  return text === '' ? null : text;
}
