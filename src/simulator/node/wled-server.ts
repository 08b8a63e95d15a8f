/** A simulated WLED lamp on a real socket. Unlike ViperHTTP's server, of which each byte is known, its own is like any other. Node only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { realisticCosts } from '../clock.ts';
import { SimulatedWled } from '../wled/simulated-wled.ts';

export interface ServedLamp {
  /** "http://127.0.0.1:51234" */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Rejects with Node's error where the port cannot be had. `port` 0: any free one. */
export async function serveLamp(
  lamp: SimulatedWled,
  { port, host = '127.0.0.1' }: { readonly port: number; readonly host?: string },
): Promise<ServedLamp> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => void answer(lamp, request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (lamp.away) socket.destroy();
  });
  const forget = lamp.onRestart(() => sockets.forEach((socket) => socket.destroy()));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      forget();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

/** One lamp as people meet them, with no PIN. @param orAnyPort whether it gets a free one where `port` is taken */
export async function startLamp(
  port: number,
  orAnyPort: boolean,
): Promise<{ readonly name: string; readonly origin: string; readonly token: string; close(): Promise<void> }> {
  const lamp = new SimulatedWled({ costs: realisticCosts });
  const served = await serveLamp(lamp, { port }).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!orAnyPort || !isTaken) throw error;
    return serveLamp(lamp, { port: 0 });
  });
  return { name: lamp.options.name, origin: served.origin, token: '', close: () => served.close() };
}

async function answer(lamp: SimulatedWled, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers, socket } = message;
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const hasBody = method === 'POST';
  try {
    const told = await lamp.handle(
      new Request(`http://lamp${url}`, {
        method,
        headers: { 'Content-Type': headers['content-type'] ?? '' },
        signal: gone.signal,
        ...(hasBody ? { body: Readable.toWeb(message) as ReadableStream, duplex: 'half' } : {}),
      }),
    );
    // It closes each connection after its answer.
    response.writeHead(told.status, { ...Object.fromEntries(told.headers), Connection: 'close' });
    response.end(new Uint8Array(await told.arrayBuffer()));
  } catch {
    // No answer: the lamp was reset, or was told to lose it, or the client is gone.
    socket.destroy();
  }
}
