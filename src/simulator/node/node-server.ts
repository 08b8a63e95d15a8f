/** Puts a simulated device on a real socket, with the C server's limits on connections. Node only. */
import { constants, performServerHandshake } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { IDLE_MS, KEEP_ALIVE_IDLE_MS, MAX_CONNECTIONS, REQUESTS_PER_CONNECTION } from '../server/server-limits.ts';
import type { SimulatedDevice } from '../simulated-device.ts';
import { SocketConnection, type ConnectionLimits } from './socket-connection.ts';
import { bind } from './listen.ts';

export interface ServeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Default: this machine only. */
  readonly host?: string;
  /** PEM texts; a device speaks http or https, never both. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** As with the app's `http2=True`: a client that offers HTTP/2 gets it, and only refusals. Needs `tls`. */
  readonly http2?: boolean;
  /** After so many requests the connection closes. Default: 16, as in the published server. */
  readonly requestsPerConnection?: number;
  /**
   * Milliseconds after which an idle connection is closed: one without a request so far, and one that was used.
   * Default: as in the published server.
   */
  readonly idle?: { readonly freshMs: number; readonly usedMs: number };
}

export interface ServedDevice {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

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
  const { port, host = '127.0.0.1', tls, http2 = false, requestsPerConnection, idle } = options;
  const connections = new Connections(device, {
    requests: requestsPerConnection ?? REQUESTS_PER_CONNECTION,
    idleMs: idle?.freshMs ?? IDLE_MS,
    keepAliveIdleMs: idle?.usedMs ?? KEEP_ALIVE_IDLE_MS,
  });
  const ALPNProtocols = http2 ? ['h2', 'http/1.1'] : ['http/1.1'];
  const server: Server = tls ? createTlsServer({ ...tls, ALPNProtocols }, accept) : createServer(accept);
  if (tls) server.on('connection', (socket: Socket) => connections.watch(socket));
  function accept(socket: Socket | TLSSocket): void {
    if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') refuseStreams(socket);
    else connections.accept(socket);
  }
  const forget = device.onRestart(() => connections.reset());

  const bound = await bind(server, port, host);
  return {
    origin: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: async () => {
      forget();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.closeAll();
      await closed;
    },
  };
}

/**
 * The published server's decoder of headers only understands what it would write itself, so that every stream of a
 * browser is reset.
 */
function refuseStreams(socket: TLSSocket): void {
  const session = performServerHandshake(socket);
  // How a refused client closes its connection does not matter.
  session.on('error', () => undefined);
  session.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.close(constants.NGHTTP2_COMPRESSION_ERROR);
  });
}

/** The open sockets of one device. */
class Connections {
  readonly #device: SimulatedDevice;
  readonly #limits: ConnectionLimits;
  /** The connections that the device has room for. */
  readonly #open = new Map<Socket, SocketConnection>();
  /** All sockets, including those in a handshake, and those that were refused for lack of room. */
  readonly #sockets = new Set<Socket>();

  constructor(device: SimulatedDevice, limits: ConnectionLimits) {
    this.#device = device;
    this.#limits = limits;
  }

  watch(socket: Socket): void {
    // A client that goes away in the middle is nothing to report; the socket closes by itself.
    socket.on('error', () => undefined);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  accept(socket: Socket): void {
    this.watch(socket);
    if (this.#device.away) {
      socket.destroy();
    } else if (this.#open.size >= MAX_CONNECTIONS) {
      socket.end(SERVER_BUSY);
      socket.resume();
    } else {
      this.#open.set(socket, new SocketConnection(socket, this.#device, this.#limits));
      // There is room again as soon as the device has closed its side.
      const leave = (): void => void this.#open.delete(socket);
      socket.once('finish', leave);
      socket.once('close', leave);
    }
  }

  /** The device was reset. */
  reset(): void {
    for (const connection of this.#open.values()) connection.reset();
  }

  closeAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
