/** A simulated ESPHome device on real sockets: its port for updates, and its native API. Node only. */
import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { realisticCosts } from '../clock.ts';
import { type Connection, Stream } from '../esphome/connection.ts';
import type { EsphomeRoute } from '../esphome/faults.ts';
import type { EsphomeOptions } from '../esphome/options.ts';
import { SimulatedEsphome } from '../esphome/simulated-esphome.ts';
import type { Hashes } from '../esphome/take-update.ts';
import { ConnectionDropped } from '../power.ts';

/** Where every such device has its API. */
const API_PORT = 6053;

export const nodeHashes: Hashes = {
  md5: (bytes) => createHash('md5').update(bytes).digest('hex'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

export interface ServedEsphome {
  /** "http://127.0.0.1:51234": as people write where it takes updates. */
  readonly origin: string;
  readonly port: number;
  /** Whether its API is there: another device on this machine may have its port. */
  readonly hasApi: boolean;
  readonly close: () => Promise<void>;
}

/**
 * Rejects with Node's error where the port for updates cannot be had. `port` 0: any free one. `host`: an address of this
 * machine's own; each has one API.
 */
export async function serveEsphome(
  device: SimulatedEsphome,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<ServedEsphome> {
  const sockets = new Set<Socket>();
  const serve = (route: EsphomeRoute): Server =>
    createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      if (!device.listens(route)) {
        socket.resetAndDestroy();
        return;
      }
      void device.serve(route, connectionOf(socket));
    });
  const ota = serve('ota');
  const api = serve('api');
  await listening(ota, port, host);
  const hasApi = await listening(api, API_PORT, host).then(
    () => true,
    () => false,
  );
  const bound = (ota.address() as AddressInfo).port;
  return {
    ...{ origin: `http://${host}:${bound}`, port: bound, hasApi },
    close: async () => {
      const closed = [ota, ...(hasApi ? [api] : [])].map(
        (server) => new Promise<void>((resolve) => server.close(() => resolve())),
      );
      sockets.forEach((socket) => socket.destroy());
      await Promise.all(closed);
    },
  };
}

/** One device as people meet them, with no password. @param orAnyPort whether it gets a free one where `port` is taken */
export async function startEsphome(
  port: number,
  orAnyPort: boolean,
  options: Partial<EsphomeOptions> = {},
): Promise<{ readonly name: string; readonly origin: string; readonly token: string; close(): Promise<void> }> {
  const device = new SimulatedEsphome(nodeHashes, { costs: realisticCosts, ...options });
  const served = await serveEsphome(device, { port }).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!orAnyPort || !isTaken) throw error;
    return serveEsphome(device, { port: 0 });
  });
  const { friendlyName, password } = device.options;
  return { name: friendlyName, origin: served.origin, token: password ?? '', close: () => served.close() };
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function connectionOf(socket: Socket): Connection {
  const heard = new Stream();
  socket.on('data', (bytes) => heard.push(bytes));
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.once('close', () => heard.end());
  socket.once('end', () => heard.end());
  return {
    read: (bytes) => heard.take(bytes),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new ConnectionDropped());
        else socket.write(bytes, (error) => (error ? reject(new ConnectionDropped()) : resolve()));
      }),
    // What was written last is on its way.
    close: () => socket.end(() => socket.destroy()),
    gone,
  };
}
