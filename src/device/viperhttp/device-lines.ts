/** The Python lines that a person puts on the device. Each keyword in them is one that published ViperHTTP takes. */
import { DEFAULT_PORT, DEFAULT_PREFIX } from '../../model/device/address-reading.ts';
import { type Dialect, type Protocol, traitsOf } from '../../model/device/dialect.ts';
import type { Traits } from '../../model/device/traits.ts';
import { DEFAULT_TOKEN_HEADER } from '../../model/device/secrets/token-header.ts';
import { parseAddress, parsePrefix } from '../address.ts';

/** How long browsers may cache a preflight. Every chunk has a URL of its own, so more would not save much. */
const MAX_AGE_SECONDS = 600;

/** Stands for an address that cannot be read yet. Only the port counts. */
const SOME_ORIGIN = `http://device.local:${DEFAULT_PORT}`;

/** `app.run` opens the port and returns: without the loop the C server answers every request with 504. */
const LOOP = 'asyncio.get_event_loop().run_forever()  # app.run(…) returns at once: this answers, and never ends';

/** What the lines depend on. */
export interface LinesFor {
  readonly pageOrigin: string;
  readonly token: string;
  readonly protocol: Protocol;
  readonly tokenHeader: string;
  /** As it was typed; where it cannot be read yet, the lines have the usual port and path. */
  readonly address: string;
  readonly prefix: string;
  /** Whether a user and password go along with the token. */
  readonly withLogin?: boolean;
}

/**
 * Lets a page of `pageOrigin` read the device's answers. Headers are listed by name, since a `*` does not cover
 * `Authorization` (Fetch standard); with the dialect unknown, or a login besides the token, both are. No header is
 * exposed: the published source has no keyword for it, and the program would end with an error.
 */
export function corsLines(pageOrigin: string, dialect: Dialect | null, tokenHeader: string, withLogin = false): string {
  return [
    'from viperhttp import middleware as mw',
    '',
    '# Above app.run(…), and once: another CORSMiddleware replaces the first, so list every page in this one.',
    ...middleware(pageOrigin, traitsOf(dialect), tokenHeader, withLogin),
  ].join('\n');
}

/** All that a new device needs: CORS for the page of `pageOrigin`, updates with this token, and a loop that runs. */
export function setupLines(asked: LinesFor): string {
  const { pageOrigin, protocol, tokenHeader, withLogin = false } = asked;
  return [
    'import asyncio',
    'from viperhttp import middleware as mw',
    '',
    ...middleware(pageOrigin, traitsOf(protocol), tokenHeader, withLogin),
    '',
    runLine(asked),
    LOOP,
  ].join('\n');
}

/** The same for a device that lets the page in already. */
export function updateLines(asked: Omit<LinesFor, 'pageOrigin'>): string {
  return ['import asyncio', '', runLine(asked), LOOP].join('\n');
}

/** Keeps a program running that opens its port and ends. */
export function loopLines(): string {
  return ['import asyncio', '', '# Below app.run(…), as the last line:', LOOP].join('\n');
}

function middleware(
  pageOrigin: string,
  traits: Traits | null,
  tokenHeader: string,
  withLogin: boolean,
): readonly string[] {
  const tokenIn = traits?.tokenIn ?? 'either';
  const headers = [
    // A login goes in this header, too.
    ...(tokenIn === 'token-header' && !withLogin ? [] : ['Authorization']),
    'Content-Type',
    ...(tokenIn === 'bearer' ? [] : [tokenHeader]),
  ];
  return [
    'app.add_middleware(',
    '    mw.CORSMiddleware,',
    `    allow_origins=[${python(pageOrigin)}],`,
    '    allow_methods=["GET", "POST"],',
    `    allow_headers=[${headers.map(python).join(', ')}],`,
    `    max_age=${MAX_AGE_SECONDS},`,
    ')',
  ];
}

function runLine({ token, tokenHeader, protocol, address, prefix }: Omit<LinesFor, 'pageOrigin'>): string {
  const { origin, path } = readWhere(address, prefix);
  const { protocol: scheme, port } = new URL(origin);
  const tls = scheme === 'https:';
  const words = [
    // `URL` leaves the default port out.
    `port=${port || (tls ? '443' : '80')}`,
    // The person has these files.
    ...(tls ? ['https=True', 'tls_cert_path="…"', 'tls_key_path="…"'] : []),
    'ota=True',
    `ota_token=${python(token)}`,
    ...(path === DEFAULT_PREFIX ? [] : [`ota_prefix=${python(path)}`]),
    ...(traitsOf(protocol)?.tokenIn === 'bearer' || tokenHeader === DEFAULT_TOKEN_HEADER
      ? []
      : [`ota_token_header=${python(tokenHeader)}`]),
  ];
  return `app.run(${words.join(', ')})`;
}

function readWhere(address: string, prefix: string): { readonly origin: string; readonly path: string } {
  const where = parseAddress(address);
  const field = parsePrefix(prefix);
  const path =
    where.kind === 'address' && where.hasPath ? where.prefix : field.kind === 'prefix' ? field.prefix : DEFAULT_PREFIX;
  return { origin: where.kind === 'address' ? where.origin : SOME_ORIGIN, path };
}

/** The values of `Host` for a device at this origin: with a port, both forms are needed. */
export function hostsOf(origin: string): readonly string[] {
  const { hostname, host } = new URL(origin);
  return hostname === host ? [hostname] : [hostname, host];
}

/** Lets the device accept this host, too. Only the program itself knows the names in its list. */
export function hostLines(origin: string): string {
  return [
    '# Into the list that the program has: app.add_middleware(mw.TrustedHostMiddleware, allowed_hosts=[…]).',
    '# A second TrustedHostMiddleware would replace it, and shut out the names that work now.',
    ...hostsOf(origin).map((host) => `${python(host)},`),
  ].join('\n');
}

/** The same as a comment, for a device that may not have such a list. */
export function hostHint(origin: string): string {
  return [
    '# If the program has a TrustedHostMiddleware, these belong in its allowed_hosts, too:',
    `# ${hostsOf(origin).map(python).join(', ')}`,
  ].join('\n');
}

/** A Python string; JSON's escapes are among Python's. */
function python(text: string): string {
  return JSON.stringify(text);
}
