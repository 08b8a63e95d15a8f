/** A simulated ESPHome device on real sockets: its port for updates, and its native API. Node only. */
import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { realisticCosts } from '../clock.ts';
import { type Connection, Stream } from '../esphome/connection.ts';
import type { EsphomeRoute } from '../esphome/faults.ts';
import { SimulatedEsphome } from '../esphome/simulated-esphome.ts';
import type { Hashes } from '../esphome/take-update.ts';
import { SimulatedEsphomeWeb } from '../esphome/esphome-web.ts';
import { ConnectionDropped } from '../power.ts';
import { listen, serveSomewhere, type Listening } from './listen.ts';
import { serveWhole } from './whole-server.ts';
import type { ShelfMember } from './shelf-member.ts';

/** Where every such device has its API. */
const API_PORT = 6053;

export const nodeHashes: Hashes = {
  md5: (bytes) => createHash('md5').update(bytes).digest('hex'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
};

export interface ServedEsphome {
  /** "http://127.0.0.1:51234": the address of its port for updates, as people type it. */
  readonly origin: string;
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
  const ota = await listenFor(device, 'ota', { port, host });
  const api = await apiOf(device, host);
  return {
    ...{ origin: `http://${host}:${ota.port}`, hasApi: api !== null },
    close: async () => {
      await Promise.all([ota.close(), api?.close()]);
    },
  };
}

/** The same for its web page, which is HTTP. */
export async function serveEsphomeWeb(
  device: SimulatedEsphomeWeb,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<ServedEsphome> {
  const page = await serveWhole(device, { port, host });
  const api = await apiOf(device, host);
  return {
    ...{ origin: page.origin, hasApi: api !== null },
    close: async () => {
      await Promise.all([page.close(), api?.close()]);
    },
  };
}

/** Null where another device on this machine has its port. */
function apiOf(device: SimulatedEsphome, host: string): Promise<Listening | null> {
  return listenFor(device, 'api', { port: API_PORT, host }).catch(() => null);
}

function listenFor(
  device: SimulatedEsphome,
  route: EsphomeRoute,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Listening> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (device.listens(route)) void device.serve(route, connectionOf(socket));
    else socket.resetAndDestroy();
  });
  return listen(server, { port, host });
}

/**
 * Starts a usual device, without a password.
 *
 * @param orAnyPort whether it gets a free port where `port` is taken
 */
export function startEsphome(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const device = new SimulatedEsphome(nodeHashes, { costs: realisticCosts });
  return started(device, (at) => serveEsphome(device, { port: at }), { port, orAnyPort, what: 'ESPHome' });
}

/** The same for a device with only its web page. */
export function startEsphomeWeb(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const device = new SimulatedEsphomeWeb(nodeHashes, { costs: realisticCosts, friendlyName: 'Shelf heater' });
  const what = 'ESPHome, by its web page';
  return started(device, (at) => serveWhole(device, { port: at }), { port, orAnyPort, what });
}

async function started(
  device: SimulatedEsphome,
  serve: (port: number) => Promise<Pick<ServedEsphome, 'origin' | 'close'>>,
  { port, orAnyPort, what }: { readonly port: number; readonly orAnyPort: boolean; readonly what: string },
): Promise<ShelfMember> {
  const served = await serveSomewhere(serve, port, orAnyPort);
  return { name: device.options.friendlyName, what, origin: served.origin, token: '', close: () => served.close() };
}

export function connectionOf(socket: Socket): Connection {
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
    // What was written last is still sent.
    close: () => socket.end(() => socket.destroy()),
    gone,
  };
}
