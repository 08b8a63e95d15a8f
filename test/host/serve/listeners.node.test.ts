import { expect } from 'chai';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Authority } from '../../../src/host/data/authority.ts';
import { listen, CONNECTION_TIMEOUTS, type Listener, type ListenOptions } from '../../../src/host/serve/listeners.ts';
import { LAN_ADDRESS } from '../test-host.ts';
import { useClosing } from '../closing.ts';

/** What one address may have open. */
const SHARE = 16;

describe('A socket of the host', () => {
  const closing = useClosing();

  async function listening(options: Partial<ListenOptions>): Promise<Listener> {
    const listener = await listen({
      ...{ place: 'lan-http', address: LAN_ADDRESS, port: 0 },
      handler: (_request, response) => response.end('ok'),
      ...options,
    });
    if (listener === null) throw new Error('no listener');
    closing.push(() => listener.close());
    return listener;
  }

  /** A connection of the client at `localAddress`. */
  function client({ address, port }: Listener, localAddress = '127.0.0.1'): Socket {
    const socket = connect({ host: address, port, localAddress }).on('error', () => undefined);
    closing.push(() => socket.destroy());
    return socket;
  }

  /** Whether a request on it is answered, or it is closed. */
  async function isAnswered(socket: Socket): Promise<boolean> {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  }

  it('on the LAN has a place for others when one address has taken its own', async () => {
    const listener = await listening({});
    const own = Array.from({ length: SHARE }, () => client(listener));
    for (const socket of own) expect(await isAnswered(socket)).to.equal(true);
    expect(await isAnswered(client(listener))).to.equal(false);
    expect(await isAnswered(client(listener, '127.0.0.3'))).to.equal(true);
    // What was closed is free again.
    const [first] = own;
    first?.end();
    if (first !== undefined) await once(first, 'close');
    expect(await isAnswered(client(listener))).to.equal(true);
  });

  it('on this machine has no share for each address', async () => {
    const listener = await listening({ place: 'here', address: '127.0.0.1' });
    for (const socket of Array.from({ length: SHARE * 2 }, () => client(listener)))
      expect(await isAnswered(socket)).to.equal(true);
  });

  it('disconnects a client whose request does not come whole, answered or not', async () => {
    const limits = { ...CONNECTION_TIMEOUTS, request: 30 };
    const half = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf';
    for (const handler of [
      (): void => undefined,
      (_request: unknown, response: ServerResponse) => response.end('no'),
    ]) {
      const socket = client(await listening({ limits, handler }));
      socket.resume().write(half);
      await once(socket, 'close');
    }
  });

  it('gives a firmware longer, and not once it was refused', async () => {
    const limits = { ...CONNECTION_TIMEOUTS, request: 1 };
    const upload = 'PUT /jobs/firmware/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n';
    const taken = client(
      await listening({
        limits,
        handler: (request, response) => request.resume().on('end', () => response.end('ok')),
      }),
    );
    taken.write(upload);
    await new Promise((resolve) => setImmediate(resolve));
    taken.write('123456789');
    expect(String(((await once(taken, 'data')) as [Buffer])[0])).to.match(/^HTTP\/1.1 200 /);
    const refused = client(await listening({ limits, handler: (_request, response) => response.end('no') }));
    refused.resume().write(upload);
    await once(refused, 'close');
  });

  it('disconnects a client that says nothing, before the handshake and after it', async () => {
    const { authority } = await Authority.make([], Date.now());
    const context = await authority.leaf([], [LAN_ADDRESS], Date.now());
    expect(CONNECTION_TIMEOUTS).to.deep.equal({ handshake: 10_000, headers: 10_000, request: 30_000 });
    const limits = { ...CONNECTION_TIMEOUTS, handshake: 20, headers: 20 };
    for (const listener of [await listening({ limits }), await listening({ place: 'lan-https', limits, context })]) {
      const silent = client(listener).resume();
      await once(silent, 'close');
      const half = client(listener).resume();
      half.write(listener.place === 'lan-http' ? 'GET / HT' : '\u0016\u0003\u0001');
      await once(half, 'close');
    }
  });
});
