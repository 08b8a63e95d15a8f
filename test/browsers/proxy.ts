/** Leads a browser that takes no made-up names to where they are on this machine; nothing gets further. */
import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

export async function startProxy(addresses: Readonly<Record<string, string>>): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const url = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : null;
    const host = addresses[url?.hostname ?? ''];
    if (url === null || host === undefined) {
      outgoing.writeHead(502).end();
      return;
    }
    const { method, headers } = incoming;
    const onward = request({ host, port: url.port, path: url.pathname + url.search, method, headers, agent: false });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    // As a closed port looks without a proxy.
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    const { hostname, port } = new URL(`https://${incoming.url ?? ''}`);
    const host = addresses[hostname];
    socket.on('error', () => undefined);
    if (host === undefined) {
      socket.destroy();
      return;
    }
    const onward = connect({ host, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
