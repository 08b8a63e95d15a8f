/** The sockets the host listens on. One request handler serves them all; each request knows where it came in. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { portTroubleInWords } from '../../words/host/lan.ts';
import { SECURITY_HEADERS } from './headers.ts';

/**
 * Where a request came in: `here` from this machine over loopback (http), `lan-http` and `lan-https` from the network.
 * A socket bound to a loopback address takes no packet from elsewhere, so the place needs no trust in headers.
 */
export type Place = 'here' | 'lan-http' | 'lan-https';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Listener {
  readonly place: Place;
  readonly address: string;
  readonly port: number;
  /** Takes a renewed certificate for the connections to come; nothing for http. */
  renew(context: SecureContextOptions): void;
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly place: Place;
  /** An address of this machine; never a wildcard. */
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly handler: Handler;
  /** Key and certificate, for `lan-https`. */
  readonly context?: SecureContextOptions;
  /** Shorter ones in tests. */
  readonly limits?: ConnectionTimeouts;
}

/** Milliseconds for what a client has to begin with. */
export interface ConnectionTimeouts {
  /** From the connection to the end of the TLS handshake. */
  readonly handshake: number;
  /** From there, or from the last answer, to the last header. */
  readonly headers: number;
  /** From the last header to the last byte. A firmware has longer, for as long as somebody takes it. */
  readonly request: number;
}

/** A whole firmware has longer: the largest one at 110 KiB a second. Its route ends sooner where nothing comes. */
const UPLOAD_MS = 600_000;
/** Where one is handed over (src/host/jobs/routes/job-routes.ts). */
const UPLOADS = '/jobs/firmware/';
/** A handshake is two ways there and back, and headers fit in one packet: generous for a phone at the edge of the Wi-Fi. */
export const CONNECTION_TIMEOUTS: ConnectionTimeouts = {
  handshake: 10_000,
  headers: 10_000,
  // A chunk over weak Wi-Fi takes seconds; half a minute without the whole request is no upload any more.
  request: 30_000,
};
/** How often Node looks for connections that are over these limits; by default it does twice a minute. */
const LOOK_MS = 1_000;
/** Pages send chunk after chunk; ten idle seconds mean that they stopped. */
const IDLE_MS = 10_000;
/** A browser opens six connections; this is for some forty browsers, and an end to a flood. */
const MAX_CONNECTIONS = 256;
/** Two browsers of one person on the LAN, and some. Nobody takes all places alone. This machine may. */
const MAX_OF_ONE_ADDRESS = 16;
/** Answers under way may end at a stop, and a refusal may arrive; then the sockets are cut. */
const GRACE_MS = 2_000;

/** The port cannot be had; the message is for people. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly port: number;

  constructor(port: number, code: 'EADDRINUSE' | 'EACCES', cause: unknown) {
    super(portTroubleInWords(port, code === 'EADDRINUSE' ? 'taken' : 'not-allowed'), { cause });
    this.port = port;
  }

  /** Node's own complaint about a port, put in words; null for any other error. */
  static from(error: unknown): PortError | null {
    if (!(error instanceof Error) || !('code' in error) || !('port' in error)) return null;
    const { code, port } = error;
    if (typeof port !== 'number' || (code !== 'EADDRINUSE' && code !== 'EACCES')) return null;
    return new PortError(port, code, error);
  }
}

/** By Node's code for what is wrong; all else is 400. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
]);

const places = new WeakMap<IncomingMessage, Place>();

/** Where the request came in. Throws for a request that no listener of ours took. */
export function placeOf(request: IncomingMessage): Place {
  const place = places.get(request);
  if (place === undefined) throw new Error('a request from nowhere');
  return place;
}

/**
 * Listens on one address. Null where this machine does not have the address (any more).
 * Throws `PortError` where the port is taken or not allowed.
 */
export async function listen(options: ListenOptions): Promise<Listener | null> {
  const { place, address, handler } = options;
  const silence = options.limits ?? CONNECTION_TIMEOUTS;
  const take: Handler = (request, response) => {
    places.set(request, place);
    answering.add(request.socket);
    response.once('close', () => answering.delete(request.socket));
    limitBody(request, response, silence.request);
    handler(request, response);
  };
  const limits = {
    // Without a Host header it is refused like a foreign name, by the app.
    requireHostHeader: false,
    requestTimeout: UPLOAD_MS,
    headersTimeout: silence.headers,
    connectionsCheckingInterval: Math.min(LOOK_MS, silence.headers),
    keepAliveTimeout: IDLE_MS,
  };
  const secure = { ...limits, handshakeTimeout: silence.handshake, ...options.context };
  const https = place === 'lan-https' ? createHttpsServer(secure, take) : null;
  const server: Server = https ?? createHttpServer(limits, take);
  server.maxConnections = MAX_CONNECTIONS;
  if (place !== 'here') shareOut(server);
  server.on('clientError', refuse);
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { ...SECURITY_HEADERS, 'Content-Length': 0 }).end();
  });
  if (!(await bound(server, address, options.port))) return null;
  const told = server.address();
  if (told === null || typeof told === 'string') throw new Error('a listener without a port');
  return {
    place,
    address,
    port: told.port,
    renew: (context) => https?.setSecureContext(context),
    close: () => closed(server),
  };
}

/** Closes what one address opens beyond its share. */
function shareOut(server: Server): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const client = socket.remoteAddress ?? GONE;
    const own = (open.get(client) ?? 0) + 1;
    open.set(client, own);
    socket.once('close', () => {
      const left = (open.get(client) ?? 0) - 1;
      if (left > 0) open.set(client, left);
      else open.delete(client);
    });
    if (own > MAX_OF_ONE_ADDRESS) socket.destroy();
  });
}

/** In place of the address of a client that has hung up already: its socket knows it no more. */
export const GONE = 'gone';

/** Connections with an answer under way: nothing may be written between its parts. */
const answering = new WeakSet<Duplex>();

/** What Node's parser could not read gets no further; its own short answer would have no security headers. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || answering.has(socket)) {
    socket.destroy();
    return;
  }
  const status = REFUSALS.get(error.code ?? '') ?? '400 Bad Request';
  const headers = { ...SECURITY_HEADERS, 'Content-Length': '0', Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`);
  // Cut at once, the answer would be lost with what was not read yet.
  setTimeout(() => socket.destroy(), GRACE_MS).unref();
}

/** Ends a request that does not come whole: after `ms`, or, where it is an upload, soon after its answer. */
function limitBody(request: IncomingMessage, response: ServerResponse, ms: number): void {
  const cut = (): void => {
    if (!request.complete) request.socket.destroy();
  };
  const isUpload = request.method === 'PUT' && request.url?.startsWith(UPLOADS) === true;
  const late = isUpload ? undefined : setTimeout(cut, ms);
  // It has come whole, also after an answer that did not wait for it, or never will. Else each refusal would be kept for `ms`.
  request.once('close', () => clearTimeout(late));
  if (!isUpload) return;
  response.once('close', () => {
    // The answer may arrive first, while the rest of the file is thrown away.
    if (!request.complete) setTimeout(cut, GRACE_MS).unref();
  });
}

function bound(server: Server, address: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(false);
      else reject(PortError.from(error) ?? error);
    });
    server.listen({ host: address, port, ipv6Only: isIPv6(address), exclusive: true }, () => resolve(true));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
