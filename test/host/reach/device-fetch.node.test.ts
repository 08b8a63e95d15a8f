import { expect } from 'chai';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { DeviceFetch } from '../../../src/host/reach/device-fetch.ts';
import { hangingUp, listening, useClosing } from '../closing.ts';
import type { FetchInit } from '../../../src/device/device-request.ts';

const TOKEN = 'a'.repeat(64);

describe('Node’s way to a device', () => {
  const closing = useClosing();
  let way: DeviceFetch;
  beforeEach(() => {
    way = new DeviceFetch();
    closing.push(() => way.close());
  });

  const served = async (server: Server): Promise<string> => `http://127.0.0.1:${await listening(closing, server)}`;

  const init = (of: Partial<FetchInit> = {}): FetchInit => ({
    method: 'GET',
    headers: new Headers({ 'X-OTA-Token': TOKEN }),
    mode: 'cors',
    redirect: 'manual',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    signal: new AbortController().signal,
    ...of,
  });

  const failed = async (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => false,
      () => true,
    );

  it('sends what it is told, its length and the host, and no other header', async () => {
    const got: Record<string, unknown>[] = [];
    const echo: RequestListener = (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method, url, headers } = request;
        got.push({ method, url, headers, body: Buffer.concat(parts).toString() });
        response.setHeader('Retry-After', '3').end('{"ok":true}');
      });
    };
    const origin = await served(createHttpServer(echo));
    const headers = new Headers({ 'X-OTA-Token': TOKEN, 'Content-Type': 'application/octet-stream' });
    const body = new TextEncoder().encode('chunk');
    const answer = await way.fetch(`${origin}/ota/chunk?offset=4096`, init({ method: 'POST', headers, body }));
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).to.deep.equal([
      200,
      '3',
      { ok: true },
    ]);
    await (await way.fetch(`${origin}/ota/abort`, init({ method: 'POST' }))).text();
    await (await way.fetch(`${origin}/ota/status`, init())).text();
    const host = new URL(origin).host;
    expect(got).to.deep.equal([
      {
        method: 'POST',
        url: '/ota/chunk?offset=4096',
        headers: { host, 'x-ota-token': TOKEN, 'content-type': 'application/octet-stream', 'content-length': '5' },
        body: 'chunk',
      },
      { method: 'POST', url: '/ota/abort', headers: { host, 'x-ota-token': TOKEN, 'content-length': '0' }, body: '' },
      { method: 'GET', url: '/ota/status', headers: { host, 'x-ota-token': TOKEN }, body: '' },
    ]);
  });

  it('keeps one connection, and takes another one where the device says that it closes', async () => {
    const requests: number[] = [];
    const server = createHttpServer((request, response) => void request.resume().on('end', () => response.end('{}')));
    // As the published server: the sixteenth answer says "Connection: close".
    server.maxRequestsPerSocket = 16;
    const origin = await served(server);
    server.on('connection', () => requests.push(0));
    server.on('request', () => requests.push((requests.pop() ?? 0) + 1));
    for (let at = 0; at < 40; at += 1) {
      const answer = await way.fetch(`${origin}/ota/write`, init({ method: 'POST', body: '{}' }));
      expect([answer.status, await answer.text()]).to.deep.equal([200, '{}']);
    }
    expect(requests).to.deep.equal([16, 16, 8]);
  });

  describe('on a connection that the device has closed', () => {
    /** Answers the first request on each connection, and hangs up at the second one. */
    async function hangsUp(): Promise<{ origin: string; got: string[] }> {
      const got: string[] = [];
      const origin = await served(hangingUp(got));
      await (await way.fetch(`${origin}/ota/status`, init())).text();
      got.length = 0;
      return { origin, got };
    }

    it('asks again what does no harm twice, on a fresh one', async () => {
      const { origin, got } = await hangsUp();
      expect((await way.fetch(`${origin}/ota/status`, init())).status).to.equal(200);
      expect(got).to.deep.equal(['GET /ota/status', 'GET /ota/status']);
      const other = await hangsUp();
      const chunk = init({ method: 'POST', body: 'x' });
      expect((await way.fetch(`${other.origin}/ota/chunk?offset=0`, chunk)).status).to.equal(200);
      expect(other.got).to.deep.equal(['POST /ota/chunk?offset=0', 'POST /ota/chunk?offset=0']);
    });

    it('sends nothing twice that would be done twice', async () => {
      for (const route of ['begin', 'write', 'finalize']) {
        const { origin, got } = await hangsUp();
        expect(await failed(way.fetch(`${origin}/ota/${route}`, init({ method: 'POST', body: 'x' })))).to.equal(true);
        expect(got).to.deep.equal([`POST /ota/${route}`]);
      }
    });
  });

  it('takes no token to where a device points, and knows that something answers there', async () => {
    let asked = 0;
    const origin = await served(
      createHttpServer((_request, response) => {
        asked += 1;
        response.writeHead(302, { location: '/elsewhere' }).end();
      }),
    );
    for (const redirect of ['manual', 'follow'] as const)
      expect((await way.fetch(`${origin}/ota/status`, init({ redirect }))).status).to.equal(302);
    expect(asked).to.equal(2);
  });

  for (const line of ['600 Odd', '999 Odd', '101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade']) {
    it(`takes “${line.split('\r')[0]}” for no answer`, async () => {
      const origin = await served(
        createTcpServer((socket) => void socket.once('data', () => socket.write(`HTTP/1.1 ${line}\r\n\r\n`))),
      );
      expect(await failed(way.fetch(`${origin}/ota/status`, init()))).to.equal(true);
    });
  }

  it('takes an answer without a body', async () => {
    const origin = await served(createHttpServer((_request, response) => void response.writeHead(204).end()));
    const answer = await way.fetch(`${origin}/ota/status`, init());
    expect([answer.status, answer.body]).to.deep.equal([204, null]);
  });

  it('has no answer where it breaks off, where nobody listens, or once it is told to stop', async () => {
    const half = await served(
      createTcpServer((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
      }),
    );
    const answer = await way.fetch(`${half}/ota/status`, init());
    expect(await failed(answer.text())).to.equal(true);

    const nobody = createTcpServer();
    const origin = await served(nobody);
    await new Promise((resolve) => nobody.close(resolve));
    expect(await failed(way.fetch(`${origin}/ota/status`, init()))).to.equal(true);

    const stop = new AbortController();
    const silent = await served(createTcpServer((socket) => void socket.once('data', () => stop.abort())));
    expect(await failed(way.fetch(`${silent}/ota/status`, init({ signal: stop.signal })))).to.equal(true);
  });
});
