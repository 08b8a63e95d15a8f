/** A broker in this process, aedes, which this project did not write. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { Aedes } from 'aedes';

export interface BrokerOptions {
  /** Null: no login is asked for. */
  readonly login?: { readonly user: string; readonly password: string } | null;
  /** PEM; null: no TLS. */
  readonly tls?: { readonly key: string; readonly cert: string } | null;
}

export interface TestBroker {
  readonly port: number;
  /** "mqtt://127.0.0.1:18830" */
  readonly url: string;
  /** Ends it, with all that it kept. Its port stays reserved. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good. */
  close(): Promise<void>;
}

export type StartBroker = (options?: BrokerOptions) => Promise<TestBroker>;

export const startAedes: StartBroker = async ({ login = null, tls = null } = {}) => {
  let server: Server | null = null;
  let broker: Aedes | null = null;
  let port = 0;
  const sockets = new Set<Socket>();
  const start = async (): Promise<void> => {
    const started = await Aedes.createBroker({
      authenticate: (_client, user, password, done) =>
        done(null, login === null || (user === login.user && password?.toString() === login.password)),
    });
    broker = started;
    const take = (socket: Socket): void => {
      sockets.add(socket);
      started.handle(socket);
    };
    const made = tls === null ? createServer(take) : createSecureServer(tls, take);
    server = made;
    await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve));
    ({ port } = made.address() as AddressInfo);
  };
  const stop = async (): Promise<void> => {
    const [ended, left] = [server, broker];
    [server, broker] = [null, null];
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    if (ended !== null) await new Promise((resolve) => ended.close(resolve));
    await new Promise<void>((resolve) => (left === null ? resolve() : left.close(resolve)));
  };
  await start();
  return { port, url: `${tls === null ? 'mqtt' : 'mqtts'}://127.0.0.1:${port}`, start, stop, close: stop };
};
