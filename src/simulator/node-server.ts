/** Puts a simulated device on a real socket, with the C server's limits on connections. Node only. */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { SERVER_WORDS, plain } from './answers.ts';
import { ConnectionDropped } from './power.ts';
import {
  IDLE_MS,
  KEEP_ALIVE_IDLE_MS,
  MAX_BODY_BYTES,
  MAX_CONNECTIONS,
  REQUESTS_PER_CONNECTION,
} from './server-limits.ts';
import type { SimulatedDevice } from './simulated-device.ts';

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Default: this machine only. */
  readonly host?: string;
  /** PEM texts; a device speaks http or https, never both. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** After so many the connection closes. Default: the published server's 16. */
  readonly requestsPerConnection?: number;
}

export interface ServedDevice {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A body over the limit is read to its end, so that the client sees the 413 instead of a connection reset; over this
 * many bytes, which no firmware has, nobody waits any more.
 */
const MAX_DISCARDED_BYTES = 32 * 1024 * 1024;

/** Answers over this are sent as they come, without a length. */
const MAX_BUFFERED_ANSWER = 65536;

const SERVER_BUSY = [
  'HTTP/1.1 503 Service Unavailable',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Length: 11',
  'Connection: close',
  '',
  'Server Busy',
].join('\r\n');

/** Starts serving `device`. Rejects with Node's own error (`EADDRINUSE`, …) where the port cannot be had. */
export async function serveDevice(device: SimulatedDevice, options: ServeOptions): Promise<ServedDevice> {
  const { port, host = '127.0.0.1', tls, requestsPerConnection = REQUESTS_PER_CONNECTION } = options;
  const scheme = tls ? 'https' : 'http';
  const server: Server = tls ? createHttpsServer(tls) : createHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_IDLE_MS;
  server.maxRequestsPerSocket = requestsPerConnection;

  const connections = new Connections(device);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => connections.accept(socket));
  server.on('request', (request, response) => {
    if (connections.accepted(request.socket)) void serve(device, connections, scheme, request, response);
  });
  const forget = device.onRestart(() => connections.reset());

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    origin: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: async () => {
      forget();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.closeAll();
      await closed;
    },
  };
}

/** The open sockets of one device, and which of them have a request under way. */
class Connections {
  /** Grows at every reset of the device. */
  resets = 0;
  readonly #open = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  readonly #device: SimulatedDevice;

  constructor(device: SimulatedDevice) {
    this.#device = device;
  }

  accept(socket: Socket): void {
    // A client that goes away in the middle is nothing to report; the socket closes by itself.
    socket.on('error', () => undefined);
    if (this.#device.away) {
      socket.destroy();
    } else if (this.#open.size >= MAX_CONNECTIONS) {
      socket.end(SERVER_BUSY);
    } else {
      socket.setTimeout(IDLE_MS);
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    }
  }

  accepted(socket: Socket): boolean {
    return this.#open.has(socket);
  }

  enter(socket: Socket): void {
    this.#busy.add(socket);
  }

  leave(socket: Socket): void {
    this.#busy.delete(socket);
  }

  /** Idle connections die with the device; the answer that may still be on its way is let out. */
  reset(): void {
    this.resets += 1;
    for (const socket of this.#open) if (!this.#busy.has(socket)) socket.destroy();
  }

  closeAll(): void {
    for (const socket of this.#open) socket.destroy();
  }
}

async function serve(
  device: SimulatedDevice,
  connections: Connections,
  scheme: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const arrivedAt = device.options.clock.now();
  const { socket } = incoming;
  const gone = new AbortController();
  connections.enter(socket);
  outgoing.once('close', () => {
    connections.leave(socket);
    gone.abort();
  });
  const { resets } = connections;
  try {
    const body = await readBody(incoming);
    const request = toRequest(scheme, incoming, body, gone.signal);
    if (request === null) {
      // What is no HTTP/1.1 request to the C server's parser: chunked bodies, and addresses that are none.
      await send(plain(400, SERVER_WORDS[400]), incoming, outgoing.setHeader('Connection', 'close'));
      return;
    }
    const response = await device.handle(request, arrivedAt);
    if (connections.resets !== resets) response.headers.set('Connection', 'close');
    await send(response, incoming, outgoing);
  } catch (error) {
    socket.destroy();
    if (!(error instanceof ConnectionDropped) && !gone.signal.aborted) throw error;
  }
}

/** The whole body, or its first bytes past the limit: enough for the device to refuse it. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  incoming.socket.setTimeout(IDLE_MS);
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    if (bytes <= MAX_BODY_BYTES) kept.push(part);
    bytes += part.length;
    if (bytes > MAX_DISCARDED_BYTES) throw new ConnectionDropped();
  }
  // From here on it is the device that takes its time.
  incoming.socket.setTimeout(0);
  return new Uint8Array(Buffer.concat(kept));
}

function toRequest(
  scheme: string,
  incoming: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Request | null {
  const { method = 'GET', url = '/', headers } = incoming;
  const base = `${scheme}://${headers.host ?? 'localhost'}`;
  if (headers['transfer-encoding'] !== undefined || !URL.canParse(url, base)) return null;
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, [value].flat().join(', ')]);
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
  return new Request(new URL(url, base), { method, headers: pairs, signal, ...(hasBody ? { body } : {}) });
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => outgoing.setHeader(name, value));
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let streaming = false;
  if (response.body !== null) {
    for await (const part of response.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes <= MAX_BUFFERED_ANSWER) {
        parts.push(part);
        continue;
      }
      for (const earlier of parts.splice(0)) outgoing.write(earlier);
      streaming = true;
      if (!outgoing.write(part)) await drained(outgoing);
      if (outgoing.destroyed) return;
    }
  }
  const lengthMatters = incoming.method !== 'HEAD' && response.status !== 204;
  if (!streaming && lengthMatters) outgoing.setHeader('Content-Length', bytes);
  outgoing.end(Buffer.concat(parts));
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('drain', done);
    outgoing.once('close', done);
  });
}
