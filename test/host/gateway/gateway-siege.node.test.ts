/** Hostile and broken devices and clients: the gateway frees whatever it used for them. */
import { expect } from 'chai';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, Socket, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Authority } from '../../../src/host/data/authority.ts';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { call, LAN_ADDRESS, type Answer, type TestHost } from '../test-host.ts';
import { hostOf, useClosing, listening } from '../closing.ts';

const REFUSAL = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}';
/** Requests that one address may have under way. */
const OF_ONE_CLIENT = 32;

describe('the gateway under siege', () => {
  const closing = useClosing();

  const hostWith = (options: Partial<HostOptions> = {}): Promise<TestHost> =>
    hostOf(closing, { logLevel: 'silent', ...options });

  /** A device that writes `text` at the first byte of every request, and never hangs up by itself. */
  const says = (text: string | Buffer, ended: () => void = () => undefined): Promise<number> =>
    listening(
      closing,
      createTcpServer((socket) => {
        socket.on('error', () => undefined).on('close', ended);
        socket.on('data', () => void socket.write(text));
      }),
    );

  const good = (): Promise<number> =>
    listening(
      closing,
      createHttpServer((request, response) => void request.resume().on('end', () => response.end('{}'))),
    );

  const status = (host: TestHost, port: number, scheme = 'http'): Promise<Answer> =>
    call({
      port: host.port,
      path: `/device/${scheme}/127.0.0.1:${port}/ota/status`,
      headers: { origin: `http://localhost:${host.port}` },
    });

  /** Sends the first `bytes` of a chunk of 60,000 through `host`. */
  function begun(host: TestHost, port: number, bytes: number): Socket {
    const client = connect({ host: '127.0.0.1', port: host.port });
    const own = `localhost:${host.port}`;
    client.write(
      `POST /device/http/127.0.0.1:${port}/ota/chunk?offset=0 HTTP/1.1\r\nHost: ${own}\r\nOrigin: http://${own}\r\nContent-Length: 60000\r\n\r\n${'0'.repeat(bytes)}`,
    );
    return client;
  }

  /** Sends a chunk through `host`, and leaves as soon as there is an answer. */
  function aChunk(host: TestHost, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const client = begun(host, port, 60_000);
      client.on('error', reject).on('close', () => resolve());
      client.on('data', () => client.destroy());
    });
  }

  it('asks a device nothing for a page that stopped in the middle of a chunk', async () => {
    const got: string[] = [];
    const port = await listening(
      closing,
      createHttpServer((request, response) => {
        got.push(request.method ?? '');
        request.resume().on('end', () => response.end('{}'));
      }),
    );
    const host = await hostWith({ relayLimits: { silence: 10_000, first: 40, answer: 10_000 } });
    const client = begun(host, port, 30_000);
    const refusal = await new Promise<Buffer>((resolve) => client.once('data', resolve));
    expect(refusal.toString())
      .to.match(/^HTTP\/1\.1 408 /)
      .and.match(/^moult-gateway: body-late\r$/im);
    client.destroy();
    expect((await status(host, port)).status).to.equal(200);
    expect(got).to.deep.equal(['GET']);
  });

  it('lets go of a device that answers before it has the whole body', async () => {
    /** Takes the head of a request, and then no byte more. */
    class Clogged extends Socket {
      override _writev([head]: readonly { chunk: Buffer; encoding: BufferEncoding }[]): void {
        if (head !== undefined) this._write(head.chunk, head.encoding, () => undefined);
      }
    }
    let ended = 0;
    let onEnd: () => void = () => undefined;
    const port = await says(REFUSAL, () => {
      ended += 1;
      onEnd();
    });
    const host = await hostWith({ connect: (address, at) => new Clogged().connect({ host: address, port: at }) });
    // More than one device may have at a time.
    for (let i = 1; i <= 5; i += 1) {
      await aChunk(host, port);
      if (ended < i) await new Promise<void>((resolve) => (onEnd = resolve));
    }
    expect((await status(host, port)).status).to.equal(401);
  });

  it('takes the answer that a device ends by hanging up', async () => {
    const port = await listening(
      closing,
      createTcpServer((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n{"supported":true}'));
      }),
    );
    const answer = await status(await hostWith(), port);
    expect([answer.status, answer.text]).to.deep.equal([200, '{"supported":true}']);
  });

  for (const [line, code] of [
    ['600 Odd', 'not-http'],
    ['999 Odd', 'not-http'],
    ['101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade', 'unreachable'],
  ] as const) {
    it(`takes “${line.split('\r')[0]}” for no answer, and at once`, async () => {
      const port = await says(`HTTP/1.1 ${line}\r\n\r\n`);
      const answer = await status(await hostWith(), port);
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, code]);
    });
  }

  it('leaves room for others, however much one client asks', async () => {
    let arrived = 0;
    let onArrive: () => void = () => undefined;
    const silent = await listening(
      closing,
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => {
          arrived += 1;
          onArrive();
        });
      }),
    );
    const port = await good();
    const host = await hostWith({
      lan: { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench'], now: () => Date.now(), open: true },
      connect: (address, at) => connect({ host: '127.0.0.1', port: address.startsWith('10.') ? silent : at }),
    });
    const own = `${LAN_ADDRESS}:${host.port}`;
    /** A device for each request, so that none waits for another; some on one connection, since one client has few. */
    const askSilent = (...devices: readonly number[]): Socket => {
      const socket = connect({ host: LAN_ADDRESS, port: host.port, localAddress: LAN_ADDRESS }).on(
        'error',
        () => undefined,
      );
      const asked = devices.map(
        (device) =>
          `GET /device/http/10.0.0.${device}:80/ota/status HTTP/1.1\r\nHost: ${own}\r\nOrigin: http://${own}\r\n\r\n`,
      );
      socket.write(asked.join(''));
      return socket;
    };
    const clients = Array.from({ length: OF_ONE_CLIENT / 4 }, (_, i) =>
      askSilent(...[1, 2, 3, 4].map((n) => i * 4 + n)),
    );
    while (arrived < OF_ONE_CLIENT) await new Promise<void>((resolve) => (onArrive = resolve));

    const oneMore = askSilent(99);
    const refusal = await new Promise<Buffer>((resolve) => oneMore.once('data', resolve));
    expect(refusal.toString())
      .to.match(/^HTTP\/1\.1 503 /)
      .and.match(/^moult-gateway: busy\r$/im)
      .and.match(/^retry-after: 1\r$/im);
    expect((await status(host, port)).status).to.equal(200);
    for (const client of [...clients, oneMore]) client.destroy();
  });

  it('remembers a certificate only of a device that did what it was asked', async () => {
    const host = await hostWith();
    const leafOf = async (name: string): Promise<{ key: string; cert: string }> =>
      (await Authority.make([name], Date.now())).authority.leaf([], ['127.0.0.1'], Date.now());
    let code = 401;
    const server = createHttpsServer(await leafOf('first'), (request, response) => {
      request.resume();
      response.writeHead(code, { connection: 'close' }).end('{}');
    });
    const port = await listening(closing, server);
    expect((await status(host, port, 'https')).status).to.equal(401);
    server.setSecureContext(await leafOf('second'));
    code = 200;
    expect((await status(host, port, 'https')).status).to.equal(200);
    server.setSecureContext(await leafOf('third'));
    const answer = await status(host, port, 'https');
    expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, 'certificate-changed']);
  });

  it('keeps neither memory nor sockets of what it has carried or refused', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    let open = 0;
    let all = 0;
    let onEnd: () => void = () => undefined;
    const counted = createTcpServer((socket) => {
      open += 1;
      socket
        .on('error', () => undefined)
        .on('close', () => {
          open -= 1;
          onEnd();
        });
      // In turn: an early refusal, an answer too large, half an answer.
      const size = [2, 70_000, 64_000][(all += 1) % 3] ?? 2;
      socket.once('data', () => {
        socket.write(`HTTP/1.1 401 No\r\nContent-Length: ${size}\r\n\r\n`);
        if (size === 64_000) socket.end('half');
        else if (size === 2) socket.end('{}');
        else socket.write(Buffer.alloc(size));
      });
    });
    const port = await listening(closing, counted);
    const host = await hostWith();
    const attack = async (rounds: number): Promise<number> => {
      for (let i = 0; i < rounds; i += 1) {
        await Promise.all([aChunk(host, port), aChunk(host, port)]);
        expect((await status(host, await portOfNobody())).headers['moult-gateway']).to.equal('unreachable');
      }
      while (open > 0) await new Promise<void>((resolve) => (onEnd = resolve));
      // What the first one lets go of is given back by the second.
      collectGarbage();
      collectGarbage();
      // Bodies and answers, and not what the engine makes of code that runs often.
      return process.memoryUsage().arrayBuffers;
    };
    const before = await attack(40);
    const after = await attack(160);
    // Kept, the answers alone would be ten megabytes.
    expect(after - before).to.be.lessThan(3 * 1024 * 1024);
  });

  /** A port that was free a moment ago. */
  async function portOfNobody(): Promise<number> {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
});
