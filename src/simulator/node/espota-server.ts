/** A simulated sketch with ArduinoOTA on real sockets: its port for invitations, and the connection that it makes. Node only. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { realisticCosts } from '../clock.ts';
import type { Connection } from '../esphome/connection.ts';
import { SimulatedEspota } from '../espota/simulated-espota.ts';
import { connectionOf } from './esphome-server.ts';
import type { ShelfMember } from './shelf-member.ts';

export interface ServedEspota {
  /** "http://127.0.0.1:51234": the address of its port for invitations, as people type it. */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** How often to try: a port that is free for UDP may be taken for TCP. */
const TRIES = 20;

/** Rejects with Node's error where the port cannot be had, for datagrams or for connections. `port` 0: any free one. */
export async function serveEspota(
  device: SimulatedEspota,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<ServedEspota> {
  for (let tries = port === 0 ? TRIES : 1; ; tries -= 1) {
    try {
      return await serve(device, port, host);
    } catch (error) {
      if (tries === 1 || !isTaken(error)) throw error;
    }
  }
}

async function serve(device: SimulatedEspota, port: number, host: string): Promise<ServedEspota> {
  const udp = createSocket('udp4');
  udp.on('message', (bytes: Buffer, from: RemoteInfo) => {
    void device.hear(bytes.toString('latin1'), {
      answer: (text) => udp.send(text, from.port, from.address),
      connect: (to) => connected(to, from.address),
    });
  });
  udp.bind(port, host);
  await once(udp, 'listening');
  // A device refuses TCP connections to that port, and while it starts nothing answers there. Without a server of our
  // own the system would refuse them even then.
  const held = new Set<Socket>();
  const tcp = createServer((socket) => {
    socket.on('error', () => undefined);
    held.add(socket);
    socket.once('close', () => held.delete(socket));
    if (!device.away) socket.resetAndDestroy();
  });
  const at = udp.address().port;
  try {
    tcp.listen(at, host);
    await once(tcp, 'listening');
  } catch (error) {
    udp.close();
    throw error;
  }
  return {
    origin: `http://${host}:${at}`,
    close: async () => {
      const closed = Promise.all([once(tcp, 'close'), once(udp, 'close')]);
      tcp.close();
      held.forEach((socket) => socket.destroy());
      udp.close();
      await closed;
    },
  };
}

/**
 * Starts a usual device, with a password.
 *
 * @param orAnyPort whether it gets a free port where `port` is taken
 */
export async function startEspota(port: number, orAnyPort: boolean): Promise<ShelfMember> {
  const device = new SimulatedEspota({ costs: realisticCosts, password: 'shelf' });
  const served = await serveEspota(device, { port }).catch((error: unknown) => {
    if (!orAnyPort || !isTaken(error)) throw error;
    return serveEspota(device, { port: 0 });
  });
  const { name } = device.options;
  return { name, what: 'ArduinoOTA', origin: served.origin, token: 'shelf', close: () => served.close() };
}

function connected(port: number, host: string): Promise<Connection | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, noDelay: true });
    socket.once('connect', () => resolve(connectionOf(socket)));
    socket.on('error', () => resolve(null));
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
