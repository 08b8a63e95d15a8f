/** Reads a gateway path: `/device/<scheme>/<host>:<port>/<prefix…>/<route>`. Strict on purpose: what is not known is refused. */
import ipaddr from 'ipaddr.js';
import type { ChunkedDialect } from '../../model/device/dialect.ts';

export interface Target {
  readonly scheme: 'http' | 'https';
  /** A name in lower case, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly method: 'GET' | 'POST';
  /** What the device is asked for: "/ota/chunk?offset=4096". */
  readonly path: string;
}

type Routes = Readonly<Record<string, Target['method']>>;

/** The routes that the app uses, and how each is asked (docs/protocol.md). */
const ROUTES_OF: Readonly<Record<ChunkedDialect, Routes>> = {
  shipped: {
    status: 'GET',
    begin: 'POST',
    chunk: 'POST',
    finalize: 'POST',
    abort: 'POST',
    'mark-valid': 'POST',
  },
  documented: { status: 'GET', begin: 'POST', write: 'POST', finalize: 'POST' },
};
const ROUTES: ReadonlyMap<string, Target['method']> = new Map(
  Object.values(ROUTES_OF).flatMap((routes) => Object.entries(routes)),
);

/** What a device tells of itself without a secret, at its root (src/device/viperhttp/openapi.ts, src/device/wled/). */
export const OPENAPI = '/openapi.json';
const AT_ROOT: ReadonlySet<string> = new Set([OPENAPI, '/json/info']);
/** What the host itself asks devices that take an image whole, where it runs their updates. No page is carried there. */
const OF_JOBS: ReadonlyMap<string, readonly Target['method'][]> = new Map([
  ['/', ['GET']],
  ['/json/state', ['POST']],
  ['/update', ['GET', 'POST']],
  ['/json', ['GET']],
  ['/ota/upload', ['POST']],
  ['/reset', ['GET']],
  // Tasmota (src/device/tasmota/).
  ['/cm?cmnd=Status%200', ['GET']],
  ['/cm?cmnd=Restart%201', ['GET']],
  ['/up', ['GET']],
  ['/u3', ['GET']],
  ['/u4?u4=fct&api=', ['GET']],
  ['/u4?u4=ota&api=', ['GET']],
  // PrettyOTA (src/device/pretty-ota/).
  ['/prettyota/queryPrettyOTAInfo', ['GET']],
  ['/prettyota/queryInfo', ['GET']],
  ['/prettyota/upload', ['POST']],
  // OpenBeken (src/device/openbeken/).
  ['/api/info', ['GET']],
  ['/api/ota', ['POST']],
  ['/api/reboot', ['POST']],
]);
/** How ElegantOTA is asked to begin, with the hash of the file. */
const OTA_START = /^\/ota\/start\?mode=fr&hash=[0-9a-f]{32}$/;
/** How PrettyOTA is. */
const PRETTY_START = /^\/prettyota\/start\?mode=fw&reboot=(?:true|false)&hash=[0-9a-f]{32}$/;
/** Where PrettyOTA is signed in to: its author chooses, and the device says so. */
const PRETTY_LOGIN = /^(?:\/[A-Za-z0-9_-]{1,64}){1,4}$/;
/** Where Tasmota takes an upload, with the bytes of the file. */
const UPLOAD_OF_JOBS = /^\/u2\?fsz=\d{1,10}$/;
/**
 * Where the first line of an answer may end by a line feed alone, as OpenBeken's does, and as RFC 9112 (2.2) lets a client take it.
 * Node's parser does so only where it is told to be lenient in all: so nowhere that a page is carried to.
 */
export function endsLinesLoosely(path: string): boolean {
  return path.startsWith('/api/') && OF_JOBS.has(path);
}

/** The path that cannot exist (src/device/viperhttp/control.ts). */
const CONTROL = /^no-such-route-[0-9a-f]{12}$/;

const SHAPE = /^\/device\/(https?)\/(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):(\d{1,5})(\/.*)$/;
/** Nothing percent-encoded, no dot segments, no empty ones: there is one way to write each path. */
const PATH = /^((?:\/[A-Za-z0-9_~.-]{1,64}){1,8})\/([a-z0-9-]+)(?:\?(.*))?$/;
/** Only `chunk` takes a query, and only where the chunk starts. Tokens are never in one. */
const QUERY = /^offset=\d{1,10}$/;
const NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

export type TargetResult =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'no-such-path' }
  /** `allow`: the methods that the path is asked by, as the header of that name has them (RFC 9110, 10.2.1). */
  | { readonly kind: 'wrong-method'; readonly allow: string };

const NO_SUCH_PATH = { kind: 'no-such-path' } as const;

/**
 * `url` as it came over the wire: path and query, undecoded.
 *
 * @param by who asks: a job of the host may ask for more than a page
 */
export function readTarget(method: string, url: string, by: 'page' | 'job' = 'page'): TargetResult {
  const match = SHAPE.exec(url);
  if (match === null) return NO_SUCH_PATH;
  const [, scheme = '', hostText = '', portText = '', path = ''] = match;
  const host = readHost(hostText);
  const port = Number(portText);
  const methods = by === 'job' ? methodsOfJobs(path) : methodsOf(path);
  if (host === null || port < 1 || port > 65_535 || methods.length === 0) return NO_SUCH_PATH;
  const wanted = methods.find((one) => one === method);
  if (wanted === undefined) return { kind: 'wrong-method', allow: methods.join(', ') };
  const target = { scheme: scheme === 'https' ? 'https' : 'http', host, port, method: wanted, path } as const;
  return { kind: 'target', target };
}

function methodsOfJobs(path: string): readonly Target['method'][] {
  if (OTA_START.test(path) || PRETTY_START.test(path)) return ['GET'];
  if (UPLOAD_OF_JOBS.test(path)) return ['POST'];
  const methods = OF_JOBS.get(path) ?? methodsOf(path);
  return methods.length === 0 && PRETTY_LOGIN.test(path) ? ['POST'] : methods;
}

/** How a device is asked for `path`; empty where the app asks for no such thing. */
function methodsOf(path: string): readonly Target['method'][] {
  if (AT_ROOT.has(path)) return ['GET'];
  const match = PATH.exec(path);
  if (match === null) return [];
  const [, prefix = '', route = '', query] = match;
  if (prefix.split('/').some((segment) => segment === '.' || segment === '..')) return [];
  if (query !== undefined && (route !== 'chunk' || !QUERY.test(query))) return [];
  // The answer to a GET is compared with that to the status, the answer to a POST with that to a POST.
  if (CONTROL.test(route)) return ['GET', 'POST'];
  const method = ROUTES.get(route);
  return method === undefined ? [] : [method];
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
