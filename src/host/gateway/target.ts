/** Reads a gateway path: `/device/<scheme>/<host>:<port>/<prefix…>/<route>`. Strict on purpose: what is not known is refused. */
import ipaddr from 'ipaddr.js';

export interface Target {
  readonly scheme: 'http' | 'https';
  /** A name in lower case, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly method: 'GET' | 'POST';
  /** What the device is asked for: "/ota/chunk?offset=4096". */
  readonly path: string;
}

/** The routes of both dialects that the app uses, and how each is asked (docs/protocol.md). */
const ROUTES: Readonly<Record<string, Target['method']>> = {
  status: 'GET',
  begin: 'POST',
  chunk: 'POST',
  write: 'POST',
  finalize: 'POST',
  abort: 'POST',
  'mark-valid': 'POST',
};

/** The one route that stands at the device's root (src/device/viperhttp/openapi.ts). */
export const OPENAPI = '/openapi.json';
/** The path that cannot exist (src/device/viperhttp/control.ts). */
const CONTROL = /^no-such-route-[0-9a-f]{12}$/;

const SHAPE = /^\/device\/(https?)\/(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):(\d{1,5})(\/.*)$/;
/** Nothing percent-encoded, no dot segments, no empty ones: there is one way to write each path. */
const PATH = /^((?:\/[A-Za-z0-9_~.-]{1,64}){1,8})\/([a-z0-9-]+)(?:\?(.*))?$/;
/** Only `chunk` takes a query, and only where the chunk starts. Tokens are never in one. */
const QUERY = /^offset=\d{1,10}$/;
const NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

export type TargetResult =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly why: 'path' | 'method'; readonly allow: Target['method'] | null };

const NO_SUCH_PATH = { ok: false, why: 'path', allow: null } as const;

/** `url` as it came over the wire: path and query, undecoded. */
export function readTarget(method: string, url: string): TargetResult {
  const match = SHAPE.exec(url);
  if (match === null) return NO_SUCH_PATH;
  const [, scheme = '', hostText = '', portText = '', path = ''] = match;
  const host = readHost(hostText);
  const port = Number(portText);
  const wanted = methodOf(path, method);
  if (host === null || port < 1 || port > 65_535 || wanted === null) return NO_SUCH_PATH;
  if (method !== wanted) return { ok: false, why: 'method', allow: wanted };
  return { ok: true, target: { scheme: scheme === 'https' ? 'https' : 'http', host, port, method: wanted, path } };
}

/** How a device is asked for `path`, where it was asked by `method`; null where the app asks for no such thing. */
function methodOf(path: string, method: string): Target['method'] | null {
  if (path === OPENAPI) return 'GET';
  const match = PATH.exec(path);
  if (match === null) return null;
  const [, prefix = '', route = '', query] = match;
  if (prefix.split('/').some((segment) => segment === '.' || segment === '..')) return null;
  if (query !== undefined && (route !== 'chunk' || !QUERY.test(query))) return null;
  // A status is held against the one, what is posted against the other.
  if (CONTROL.test(route)) return method === 'POST' ? 'POST' : 'GET';
  return Object.hasOwn(ROUTES, route) ? (ROUTES[route] ?? null) : null;
}

function readHost(text: string): string | null {
  if (text.startsWith('[')) {
    const address = text.slice(1, -1);
    return ipaddr.IPv6.isValid(address) ? address : null;
  }
  const name = text.toLowerCase().replace(/\.$/, '');
  if (ipaddr.IPv4.isValidFourPartDecimal(name)) return name;
  // "0x7f.1", "2130706433", "127.1": resolvers read these as addresses, people do not write them.
  if (/^(0x[0-9a-f]*|\d+)$/.test(name.split('.').at(-1) ?? '')) return null;
  return NAME.test(name) ? name : null;
}
