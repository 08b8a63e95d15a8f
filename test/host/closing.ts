/** What a test opens, and has to close whether it passes or fails. */
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { HostOptions } from '../../src/host/serve/serve.ts';
import { testHost, type TestHost } from './test-host.ts';

export type Closing = (() => unknown)[];

/** After each test of this suite all that was pushed is called, the last one first. */
export function useClosing(): Closing {
  const closing: Closing = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return closing;
}

export async function hostOf(closing: Closing, options: Partial<HostOptions> = {}): Promise<TestHost> {
  const host = await testHost(options);
  closing.push(() => host.stop());
  return host;
}

/** Its port on loopback. What is connected to it when the test ends is cut off. */
export async function listening(closing: Closing, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** Answers the first request on each connection, and hangs up at the second one. @param got told of each: "GET /ota/status" */
export function hangingUp(got: string[]): Server {
  return createServer((socket) => {
    let first = true;
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      got.push(part.toString('latin1').split(' HTTP', 1)[0] ?? '');
      if (first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
      else socket.resetAndDestroy();
      first = false;
    });
  });
}
