/** A server on a real port, with the sockets that it has. Node only. */
import type { AddressInfo, Server, Socket } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Ends its connections, as the reset of a device does. */
  readonly drop: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Resolves with the port once the server listens. Rejects with Node's error where that is not possible. `port` 0: any
 * free one.
 */
export async function bind(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** The same, and keeps track of its sockets. */
export async function listen(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const bound = await bind(server, port, host);
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: bound,
    drop,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      drop();
      await closed;
    },
  };
}

/** Serves at `port`; where that is taken, and `orAnyPort`, at any free one. */
export async function serveSomewhere<Served>(
  serve: (port: number) => Promise<Served>,
  port: number,
  orAnyPort: boolean,
): Promise<Served> {
  try {
    return await serve(port);
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!orAnyPort || !isTaken) throw error;
    return serve(0);
  }
}
