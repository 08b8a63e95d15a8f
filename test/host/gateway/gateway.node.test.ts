import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { openAuthority } from '../../../src/host/data/authority-file.ts';
import { Authority } from '../../../src/host/data/authority.ts';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { serveDevice } from '../../../src/simulator/node/node-server.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { call, LAN_ADDRESS, LAN_NETWORKS, raw, type Answer, type Call, type TestHost } from '../test-host.ts';
import { hostOf, useClosing, listening, hangingUp } from '../closing.ts';

const TOKEN = 'a'.repeat(64);
const DEVICE_IP = '192.168.77.50';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

describe('the gateway', () => {
  const closing = useClosing();

  const hostWith = (options: Partial<HostOptions> = {}): Promise<TestHost> => hostOf(closing, options);

  /** A device that answers with `answer`, and the requests it got. */
  async function device(answer: RequestListener): Promise<{ port: number; got: IncomingMessage[] }> {
    const got: IncomingMessage[] = [];
    const port = await listening(
      closing,
      createHttpServer((request, response) => {
        got.push(request);
        answer(request, response);
      }),
    );
    return { port, got };
  }

  const ok: RequestListener = (request, response) => {
    request.resume();
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{"supported":true}'));
  };

  /** As our own page on this machine would call. */
  function fromPage({ port }: TestHost, path: string, more: Partial<Call> = {}): Promise<Answer> {
    const headers = {
      origin: `http://localhost:${port}`,
      'x-moult': 'X-OTA-Token',
      'x-ota-token': TOKEN,
      ...more.headers,
    };
    return call({ port, path, ...more, headers });
  }

  const statusOf = (port: number, host = '127.0.0.1'): string => `/device/http/${host}:${port}/ota/status`;

  it('carries an update request to a device without CORS, and its answer back', async () => {
    const simulated = new SimulatedDevice({ dialect: 'shipped', token: TOKEN, cors: null });
    const served = await serveDevice(simulated, { port: 0 });
    closing.push(() => served.close());
    const host = await hostWith();

    const status = await fromPage(host, statusOf(served.port));
    expect(status.status).to.equal(200);
    expect(JSON.parse(status.text)).to.include({ supported: true });
    expect(status.headers['moult-gateway']).to.equal(undefined);

    const refused = await fromPage(host, statusOf(served.port), { headers: { 'x-ota-token': 'wrong' } });
    expect(refused.status).to.equal(401);
  });

  it('passes on token, login, type and length, and nothing else of the browser', async () => {
    const { port, got } = await device(ok);
    const host = await hostWith();
    await fromPage(host, statusOf(port));
    await fromPage(host, `/device/http/127.0.0.1:${port}/ota/chunk?offset=0`, {
      method: 'POST',
      body: 'x'.repeat(100),
      headers: {
        authorization: 'Bearer t',
        'content-type': 'application/octet-stream',
        cookie: 'session=1',
        referer: 'http://localhost/secret',
        'x-forwarded-for': '8.8.8.8',
        'x-http-method-override': 'DELETE',
        'proxy-authorization': 'Basic x',
        'user-agent': 'browser',
        'x-remote-user': 'root',
        'api-key': 'of another device',
        'x-hop': 'gone',
        'moult-key': 'the key of this page',
        connection: 'keep-alive, x-hop',
      },
    });
    expect(got.map(({ url }) => url)).to.deep.equal(['/ota/status', '/ota/chunk?offset=0']);
    expect(got[0]?.headers).to.deep.equal({ host: `127.0.0.1:${port}`, 'x-ota-token': TOKEN });
    expect(got[1]?.headers).to.deep.equal({
      host: `127.0.0.1:${port}`,
      authorization: 'Bearer t',
      'x-ota-token': TOKEN,
      'content-type': 'application/octet-stream',
      'content-length': '100',
    });
  });

  for (const name of ['OTA-Password', 'Otatoken', 'X_OTA_TOKEN', 'Device-Pin', 'X-API-Key']) {
    it(`passes on the token in ${name}, where the page names it, and no other one beside it`, async () => {
      const { port, got } = await device(ok);
      const headers = { 'x-moult': name, [name.toLowerCase()]: 'secret' };
      expect((await fromPage(await hostWith(), statusOf(port), { headers })).status).to.equal(200);
      expect(got[0]?.headers).to.deep.equal({ host: `127.0.0.1:${port}`, [name.toLowerCase()]: 'secret' });
    });
  }

  for (const name of ['X-Forwarded-For', 'X-Remote-User', 'Cookie', 'Host', 'Transfer-Encoding', 'Moult-Key', 'a b']) {
    it(`says so where the page names ${name}, which is none for a token`, async () => {
      const { port, got } = await device(ok);
      const answer = await fromPage(await hostWith(), statusOf(port), { headers: { 'x-moult': name } });
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([400, 'header-refused']);
      expect(got).to.have.length(0);
    });
  }

  it('leaves as much of a device’s request for the chunk as the device’s own client has', async () => {
    const [request, own] = [4_096, 3_840];
    const got: Buffer[] = [];
    const port = await listening(
      closing,
      createTcpServer((socket) => {
        socket.on('data', (part) => {
          if (part.toString().startsWith('GET')) {
            socket.write(ANSWER);
            return;
          }
          got.push(part);
          if (Buffer.concat(got).length >= own) socket.end(ANSWER);
        });
      }),
    );
    const host = await hostWith({ connect: () => connect({ host: '127.0.0.1', port }) });
    // Among the longest that a home has: address, prefix, offset of 16 MB, and a token of 64 characters.
    const chunk = `/device/http/192.168.178.150:8080/ota/chunk?offset=16000000`;
    const headers = {
      'content-type': 'application/octet-stream',
      accept: '*/*',
      'user-agent': 'browser',
    };
    const answer = await fromPage(host, chunk, { method: 'POST', body: new Uint8Array(own), headers });
    expect(answer.status).to.equal(200);
    expect(Buffer.concat(got).length).to.be.within(own, request);
  });

  describe('on a connection that the device has closed', () => {
    /** Answers the first request on each connection, and hangs up at the second one. */
    async function hangsUp(): Promise<{ host: TestHost; port: number; got: string[] }> {
      const got: string[] = [];
      const port = await listening(closing, hangingUp(got));
      const host = await hostWith();
      expect((await fromPage(host, statusOf(port))).status).to.equal(200);
      got.length = 0;
      return { host, port, got };
    }
    const post = (host: TestHost, port: number, route: string): Promise<Answer> =>
      fromPage(host, `/device/http/127.0.0.1:${port}/ota/${route}`, { method: 'POST', body: 'x' });

    it('asks again what does no harm twice, on a fresh one', async () => {
      const { host, port, got } = await hangsUp();
      expect((await fromPage(host, statusOf(port))).status).to.equal(200);
      expect(got).to.deep.equal(['GET /ota/status', 'GET /ota/status']);
      got.length = 0;
      expect((await post(host, port, 'chunk?offset=0')).status).to.equal(200);
      expect(got).to.deep.equal(['POST /ota/chunk?offset=0', 'POST /ota/chunk?offset=0']);
    });

    it('sends nothing twice that would be done twice', async () => {
      for (const route of ['begin', 'write', 'finalize', 'chunk']) {
        const { host, port, got } = await hangsUp();
        expect((await post(host, port, route)).headers['moult-gateway'], route).to.equal('unreachable');
        expect(got).to.deep.equal([`POST /ota/${route}`]);
      }
    });

    it('gives up where fresh ones are closed as well', async () => {
      let connections = 0;
      const port = await listening(
        closing,
        createTcpServer((socket) => {
          connections += 1;
          socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy());
        }),
      );
      expect((await fromPage(await hostWith(), statusOf(port))).headers['moult-gateway']).to.equal('unreachable');
      expect(connections).to.equal(1);
    });
  });

  it('serves a plain-http page that says nothing of itself but “X-Moult”, and no page that says nothing', async () => {
    const { port, got } = await device(ok);
    const host = await hostWith();
    const path = statusOf(port);
    expect((await call({ port: host.port, path, headers: { 'x-moult': '1' } })).status).to.equal(200);
    expect((await call({ port: host.port, path })).status).to.equal(403);
    expect(got.map(({ headers }) => 'x-moult' in headers)).to.deep.equal([false]);
  });

  it('takes nothing of the answer but status, kind, Retry-After and body, and makes it inert', async () => {
    const { port } = await device((request, response) => {
      request.resume();
      response.writeHead(503, {
        'content-type': 'text/html',
        'set-cookie': 'a=b',
        'retry-after': '3',
        'access-control-allow-origin': '*',
        'clear-site-data': '"*"',
        'content-security-policy': 'default-src *',
      });
      response.end('<script>alert(1)</script>');
    });
    const answer = await fromPage(await hostWith(), statusOf(port));
    expect(answer.status).to.equal(503);
    expect(answer.headers).to.include({
      'content-type': 'text/plain; charset=utf-8',
      'retry-after': '3',
      'x-content-type-options': 'nosniff',
      'content-disposition': 'attachment',
      'cache-control': 'no-store',
    });
    expect(answer.headers['content-security-policy']).to.contain('sandbox');
    for (const dropped of ['set-cookie', 'access-control-allow-origin', 'clear-site-data']) {
      expect(answer.headers, dropped).not.to.have.property(dropped);
    }
  });

  describe('serves its own page only', () => {
    const foreign: readonly (readonly [string, Record<string, string>])[] = [
      ['a foreign Origin', { origin: 'http://evil.example' }],
      ['an opaque Origin', { origin: 'null' }],
      ['another port of this machine', { origin: 'http://localhost:1' }],
      ['the right name with another scheme', { origin: 'https://localhost' }],
      ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }],
      ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }],
    ];
    for (const [who, headers] of foreign) {
      it(`not ${who}`, async () => {
        const { port, got } = await device(ok);
        const answer = await fromPage(await hostWith(), statusOf(port), { headers });
        expect(answer.status).to.equal(403);
        expect(answer.headers['moult-gateway']).to.equal('not-our-page');
        expect(got).to.have.length(0);
      });
    }

    it('not a foreign name that points at this machine', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      const headers = { host: `evil.example:${host.port}`, origin: `http://evil.example:${host.port}` };
      expect((await fromPage(host, statusOf(port), { headers })).status).to.equal(421);
      expect(got).to.have.length(0);
    });

    it('not a request that says nothing of where it comes from', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      expect((await call({ port: host.port, path: statusOf(port) })).status).to.equal(403);
      const post = { port: host.port, method: 'POST', path: `/device/http/127.0.0.1:${port}/ota/abort`, body: '' };
      expect((await call({ ...post, headers: { 'x-ota-token': TOKEN } })).status).to.equal(403);
      expect(got).to.have.length(0);
    });

    it('but a GET without Origin that no foreign page could send', async () => {
      const { port } = await device(ok);
      const host = await hostWith();
      const get = { port: host.port, path: statusOf(port) };
      expect((await call({ ...get, headers: { 'x-ota-token': TOKEN } })).status).to.equal(200);
      expect((await call({ ...get, headers: { 'sec-fetch-site': 'same-origin' } })).status).to.equal(200);
    });

    it('and grants no preflight', async () => {
      const answer = await fromPage(await hostWith(), statusOf(8080), {
        method: 'OPTIONS',
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(answer.status).to.equal(403);
      expect(answer.headers).not.to.have.property('access-control-allow-origin');
    });
  });

  describe('connects to private addresses only', () => {
    it('never to a public one, named or resolved', async () => {
      const connected: string[] = [];
      const host = await hostWith({
        resolve: () => Promise.resolve(['8.8.8.8']),
        connect: (address) => {
          connected.push(address);
          return connect({ host: '127.0.0.1', port: 1 });
        },
      });
      for (const name of ['8.8.8.8', 'dns.example', '[2606:4700::1]', '[::ffff:8.8.8.8]', '169.254.169.254']) {
        const answer = await fromPage(host, statusOf(80, name));
        expect([answer.status, answer.headers['moult-gateway']], name).to.deep.equal([403, 'not-private']);
      }
      expect(connected).to.deep.equal([]);
    });

    it('to the address it has judged, however the name resolves a moment later', async () => {
      const { port } = await device(ok);
      const answers = [[DEVICE_IP], ['8.8.8.8'], ['8.8.4.4']];
      const connected: string[] = [];
      const host = await hostWith({
        resolve: () => Promise.resolve(answers.shift() ?? []),
        connect: (address) => {
          connected.push(address);
          return connect({ host: '127.0.0.1', port });
        },
      });
      expect((await fromPage(host, statusOf(8080, 'rebind.example'))).status).to.equal(200);
      expect((await fromPage(host, statusOf(8080, 'rebind.example'))).status).to.equal(403);
      expect(connected).to.deep.equal([DEVICE_IP]);
    });

    it('to loopback for this machine, not for a phone', async () => {
      const { port, got } = await device(ok);
      const lan = { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench'], now: () => Date.now(), open: true };
      const host = await hostWith({ lan });
      const answer = await call({
        address: LAN_ADDRESS,
        port: host.port,
        path: statusOf(port),
        headers: { host: `${LAN_ADDRESS}:${host.port}`, origin: `http://${LAN_ADDRESS}:${host.port}` },
      });
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([403, 'not-on-link']);
      expect(got).to.have.length(0);
      expect((await fromPage(host, statusOf(port))).status).to.equal(200);
    });

    it('for a phone to what is on its own network, and to no other network and no address of this machine', async () => {
      const { port } = await device(ok);
      const connected: string[] = [];
      const host = await hostWith({
        lan: { port: 0, addresses: () => [LAN_ADDRESS], names: ['bench'], now: () => Date.now(), open: true },
        ownAddresses: () => [
          ...LAN_NETWORKS,
          { on: 'docker0', address: '172.17.0.1', networkBits: 16, zone: 'docker0' },
        ],
        connect: (address) => {
          connected.push(address);
          return connect({ host: '127.0.0.1', port });
        },
        resolve: () => Promise.resolve(['172.17.0.2', '10.0.0.254']),
      });
      const own = `${LAN_ADDRESS}:${host.port}`;
      const ask = (target: string): Promise<Answer> =>
        fromPage(host, statusOf(9002, target), {
          address: LAN_ADDRESS,
          headers: { host: own, origin: `http://${own}` },
        });
      for (const target of [
        '172.17.0.2',
        '[::ffff:172.17.0.2]',
        '172.17.0.1',
        '10.0.0.254',
        '192.168.1.1',
        'container.lan',
      ]) {
        const answer = await ask(target);
        expect([answer.status, answer.headers['moult-gateway']], target).to.deep.equal([403, 'not-on-link']);
      }
      expect(connected).to.deep.equal([]);
      expect((await ask('10.0.0.7')).status).to.equal(200);
      // The page of this machine itself has no such bounds.
      expect((await fromPage(host, statusOf(9002, '172.17.0.2'))).status).to.equal(200);
      expect(connected).to.deep.equal(['10.0.0.7', '172.17.0.2']);
    });

    it('to no port of another protocol, for nobody', async () => {
      const host = await hostWith({
        connect: () => {
          throw new Error('connected');
        },
      });
      for (const port of [22, 25, 6000, 6667, 10_080]) {
        const answer = await fromPage(host, statusOf(port, '10.0.0.9'));
        expect([answer.status, answer.headers['moult-gateway']], String(port)).to.deep.equal([403, 'bad-port']);
      }
    });
  });

  describe('sends a body only to where HTTP was answered', () => {
    const INTO_MEMCACHED = '\r\nset pwned 0 0 1\r\nx\r\nflush_all\r\n';
    const post = (host: TestHost, port: number, body = INTO_MEMCACHED): Promise<Answer> =>
      fromPage(host, `/device/http/127.0.0.1:${port}/x/begin`, { method: 'POST', body });

    it('and no line of one to a server of lines', async () => {
      const lines: string[] = [];
      const port = await listening(
        closing,
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          socket.on('data', (part) => {
            const said = part.toString('latin1').split('\r\n').slice(0, -1);
            lines.push(...said);
            socket.write(said.map(() => 'ERROR\r\n').join(''));
          });
        }),
      );
      const host = await hostWith();
      for (let i = 0; i < 2; i += 1) {
        const answer = await post(host, port);
        expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, 'not-http']);
      }
      expect(lines.filter((line) => line.startsWith('GET /x/status '))).to.have.length(2);
      for (const line of ['set pwned 0 0 1', 'flush_all']) expect(lines).not.to.include(line);
      for (const line of lines.filter((each) => each !== ''))
        expect(line).to.match(/^(GET \/x\/status HTTP\/1\.1$|[a-z-]+: )/);
    });

    it('after one question, and without another as long as it goes on answering', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      for (const body of ['{}', '{}', '{}']) expect((await post(host, port, body)).status).to.equal(200);
      expect(got.map(({ method, url }) => `${method} ${url}`)).to.deep.equal([
        'GET /x/status',
        'POST /x/begin',
        'POST /x/begin',
        'POST /x/begin',
      ]);
      expect(got[0]?.headers).to.deep.equal({ host: `127.0.0.1:${port}`, 'x-ota-token': TOKEN });
    });

    it('without a question of its own after one of the page', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      await fromPage(host, statusOf(port));
      await post(host, port, '{}');
      expect(got.map(({ method }) => method)).to.deep.equal(['GET', 'POST']);
    });

    it('to a device that has no status, or points elsewhere with it', async () => {
      for (const status of [404, 401, 307, 500]) {
        const { port, got } = await device((request, response) => {
          request.resume();
          if (request.method === 'GET') response.writeHead(status, { location: 'http://evil.example/' });
          response.end('{}');
        });
        expect((await post(await hostWith(), port, '{}')).status, String(status)).to.equal(200);
        expect(got.map(({ method }) => method)).to.deep.equal(['GET', 'POST']);
      }
    });
  });

  describe('keeps to its limits', () => {
    const begin = '/device/http/10.0.0.9:8080/ota/begin';

    it('of size and framing, before it connects', async () => {
      const host = await hostWith({
        connect: () => {
          throw new Error('connected');
        },
      });
      const large = await fromPage(host, begin, { method: 'POST', body: new Uint8Array(65_537) });
      expect(large.status).to.equal(413);
      const chunked = await fromPage(host, begin, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
      expect(chunked.status).to.equal(400);
      const withBody = await fromPage(host, statusOf(8080, '10.0.0.9'), { body: 'x' });
      expect(withBody.status).to.equal(400);
      const get = await fromPage(host, begin);
      expect(get.status).to.equal(405);
      expect((await fromPage(host, '/device/http/10.0.0.9:8080/ota/%2e%2e/status')).status).to.equal(404);
    });

    it('against two lengths, or a length beside chunks, in one request', async () => {
      const { port, got } = await device(ok);
      const host = await hostWith();
      for (const framing of [
        ['Content-Length: 5', 'Content-Length: 50'],
        ['Content-Length: 5', 'Transfer-Encoding: chunked'],
        ['Content-Length: 5', 'Transfer-Encoding : chunked'],
      ]) {
        const lines = [
          `POST /device/http/127.0.0.1:${port}/ota/begin HTTP/1.1`,
          `Host: localhost:${host.port}`,
          `Origin: http://localhost:${host.port}`,
          ...framing,
        ];
        const text = await raw(host.port, `${lines.join('\r\n')}\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`);
        expect(text, framing.join()).to.match(/^HTTP\/1\.1 400 /);
      }
      expect(got).to.have.length(0);
    });

    it('of an answer without end', async () => {
      let written = 0;
      const { port } = await device((request, response) => {
        request.resume();
        const more = (): void => {
          // Node 26 leaves the response's own flag unset when its client is gone.
          if (response.destroyed || request.socket.destroyed) return;
          written += 16_384;
          response.write(Buffer.alloc(16_384), more);
        };
        more();
      });
      const answer = await fromPage(await hostWith(), statusOf(port));
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, 'answer-too-large']);
      // What the sockets between hold is all that was taken beyond the limit.
      expect(written).to.be.lessThan(16 * 1024 * 1024);
    });

    it('of an answer longer than the app reads, which is more where a device tells of itself', async () => {
      const { port } = await device((request, response) => {
        request.resume();
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(Buffer.alloc(200_000, ' '));
      });
      const host = await hostWith();
      const told = await fromPage(host, `/device/http/127.0.0.1:${port}/openapi.json`);
      expect([told.status, told.text.length]).to.deep.equal([200, 200_000]);
      const answer = await fromPage(host, statusOf(port));
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, 'answer-too-large']);
    });

    it('of a device that never answers, or drips', async () => {
      const silent = await device((request) => request.resume());
      const drips = await device((request, response) => {
        request.resume();
        response.writeHead(200).write('x');
      });
      const host = await hostWith({ relayLimits: { silence: 40, first: 1_000, answer: 60 } });
      for (const { port } of [silent, drips]) {
        const answer = await fromPage(host, statusOf(port));
        expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([504, 'silent']);
      }
    });

    it('of a device that hangs up, or speaks something else', async () => {
      const host = await hostWith();
      for (const [says, code] of [
        ['', 'unreachable'],
        ['SSH-2.0-x\r\n', 'not-http'],
        // What a server of TLS says to plain HTTP: an alert.
        ['\x15\x03\x01\x00\x02\x02\x46', 'not-http'],
        ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', 'unreachable'],
      ] as const) {
        const port = await listening(
          closing,
          createTcpServer((socket) => socket.end(says).on('error', () => undefined)),
        );
        const answer = await fromPage(host, statusOf(port));
        expect([answer.status, answer.headers['moult-gateway']], says).to.deep.equal([502, code]);
      }
    });

    it('of where a device points', async () => {
      const { port, got } = await device((request, response) => {
        request.resume();
        response.writeHead(307, { location: 'http://evil.example/' }).end();
      });
      const answer = await fromPage(await hostWith(), statusOf(port));
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, 'redirect']);
      expect(answer.headers).not.to.have.property('location');
      expect(got).to.have.length(1);
    });
  });

  it('keeps the connection to a device, and ends the request when the page goes', async () => {
    const sockets = new Set<Socket>();
    let onGone: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (onGone = resolve));
    let onHang: () => void = () => undefined;
    const hangs = new Promise<void>((resolve) => (onHang = resolve));
    const { port } = await device((request, response) => {
      sockets.add(request.socket);
      if (request.method === 'GET') {
        ok(request, response);
        return;
      }
      request.resume();
      request.socket.once('close', onGone);
      onHang();
    });
    const host = await hostWith();
    for (let i = 0; i < 3; i += 1) expect((await fromPage(host, statusOf(port))).status).to.equal(200);
    expect(sockets.size).to.equal(1);

    const page = connect({ host: '127.0.0.1', port: host.port });
    const origin = `localhost:${host.port}`;
    page.write(
      `POST /device/http/127.0.0.1:${port}/ota/abort HTTP/1.1\r\nHost: ${origin}\r\nOrigin: http://${origin}\r\nContent-Length: 0\r\n\r\n`,
    );
    await hangs;
    page.destroy();
    await gone;
  });

  it('remembers a device’s own certificate, and sends no token to another one', async () => {
    const host = await hostWith();
    const leafOf = async (name: string): Promise<{ key: string; cert: string }> =>
      (await Authority.make([name], Date.now())).authority.leaf([], ['127.0.0.1'], Date.now());
    const requests: string[] = [];
    const server = createHttpsServer(await leafOf('first'), (request, response) => {
      requests.push(String(request.headers['x-ota-token']));
      ok(request, response.setHeader('connection', 'close'));
    });
    const port = await listening(closing, server);
    const status = `/device/https/127.0.0.1:${port}/ota/status`;
    expect((await fromPage(host, status)).status).to.equal(200);
    expect((await fromPage(host, status)).status).to.equal(200);

    server.setSecureContext(await leafOf('second'));
    const answer = await fromPage(host, status);
    expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([502, 'certificate-changed']);
    expect(requests).to.deep.equal([TOKEN, TOKEN]);
  });

  it('knows a device by its certificate however it is called', async () => {
    const host = await hostWith({ resolve: () => Promise.resolve(['127.0.0.1']) });
    const leafOf = async (name: string): Promise<{ key: string; cert: string }> =>
      (await openAuthority(`${host.dataDir}/${name}`, [], Date.now())).authority.leaf([], ['127.0.0.1'], Date.now());
    const [first, second] = [await leafOf('first'), await leafOf('second')];
    const spellings = ['127.0.0.1', '[::ffff:127.0.0.1]', '[::FFFF:7f00:1]', 'esp32.local', 'ESP32.Local.'];
    for (const spelling of spellings) {
      let tokens = 0;
      const server = createHttpsServer(first, (request, response) => {
        tokens += 1;
        ok(request, response.setHeader('connection', 'close'));
      });
      const port = await listening(closing, server);
      const ask = (name: string): Promise<Answer> => fromPage(host, `/device/https/${name}:${port}/ota/status`);
      expect((await ask(spelling)).status, spelling).to.equal(200);
      server.setSecureContext(second);
      for (const other of spellings) {
        const answer = await ask(other);
        expect(answer.headers['moult-gateway'], `${spelling}, then ${other}`).to.equal('certificate-changed');
      }
      expect(tokens).to.equal(1);
    }
  });

  it('knows a device by its name where its address has moved on to it from another device', async () => {
    let at = '10.0.0.1';
    const servers = new Map<string, number>();
    const host = await hostWith({
      resolve: () => Promise.resolve([at]),
      connect: (address) => connect({ host: '127.0.0.1', port: servers.get(address) ?? 0 }),
    });
    const leafOf = async (name: string): Promise<{ key: string; cert: string }> =>
      (await openAuthority(`${host.dataDir}/${name}`, [], Date.now())).authority.leaf([], ['127.0.0.1'], Date.now());
    const [hall, kitchen] = [await leafOf('hall'), await leafOf('kitchen')];
    const serveAt = async (address: string, leaf: typeof hall): Promise<void> => {
      const answer: RequestListener = (request, response) => ok(request, response.setHeader('connection', 'close'));
      servers.set(address, await listening(closing, createHttpsServer(leaf, answer)));
    };
    const ask = async (name: string): Promise<unknown> => {
      const answer = await fromPage(host, `/device/https/${name}:443/ota/status`);
      return answer.headers['moult-gateway'] ?? answer.status;
    };
    await serveAt('10.0.0.1', hall);
    await serveAt('10.0.0.2', kitchen);
    expect([await ask('hall.local'), await ask('10.0.0.2')]).to.deep.equal([200, 200]);
    // The router gives them each other's address.
    await serveAt('10.0.0.2', hall);
    at = '10.0.0.2';
    expect(await ask('hall.local')).to.equal(200);
    // And what is known of an address by itself stays.
    expect(await ask('10.0.0.2')).to.equal('certificate-changed');
    expect(await ask('new.local')).to.equal('certificate-changed');
  });

  it('limits how often one client asks, and says when to come again', async () => {
    const { port, got } = await device(ok);
    const host = await hostWith({ gatewayRate: { max: 3, timeWindow: 60_000 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await fromPage(host, statusOf(port))).status);
    expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
    expect(got).to.have.length(3);
    const refused = await fromPage(host, statusOf(port));
    expect(Number(refused.headers['retry-after'])).to.be.within(1, 60);
    expect(refused.headers['content-security-policy']).to.contain("default-src 'none'");
  });

  it('counts only what its own page asks for', async () => {
    const { port } = await device(ok);
    const host = await hostWith({ gatewayRate: { max: 1, timeWindow: 60_000 } });
    for (let i = 0; i < 5; i += 1) {
      const foreign = await fromPage(host, statusOf(port), { headers: { origin: 'http://evil.example' } });
      expect([foreign.status, foreign.headers['moult-gateway']]).to.deep.equal([403, 'not-our-page']);
    }
    expect((await fromPage(host, statusOf(port))).status).to.equal(200);
  });

  it('takes a page that hangs up for nothing to complain of', async () => {
    const { port } = await device(ok);
    const host = await hostWith();
    const own = `localhost:${host.port}`;
    const request = `GET ${statusOf(port)} HTTP/1.1\r\nHost: ${own}\r\nOrigin: http://${own}\r\n\r\n`;
    // In a process of its own: in this one, the host would not see the request before its end.
    const program = `
      import { connect } from 'node:net';
      for (let i = 0; i < 50; i += 1) {
        const socket = connect({ host: '127.0.0.1', port: ${host.port} }).on('error', () => undefined);
        await new Promise((resolve) => socket.once('connect', resolve));
        await new Promise((resolve) => socket.write(${JSON.stringify(request)}, resolve));
        socket.resetAndDestroy();
      }`;
    await once(spawn(process.execPath, ['--input-type=module', '-e', program]), 'close');
    // It has had them all when it answers one more.
    expect((await fromPage(host, statusOf(port))).status).to.equal(200);
    expect(host.log.filter((line) => line.includes('stack'))).to.deep.equal([]);
  });

  it('logs no token', async () => {
    const { port } = await device(ok);
    const host = await hostWith();
    await fromPage(host, statusOf(port), { headers: { authorization: `Bearer ${TOKEN}` } });
    await fromPage(host, `/device/http/127.0.0.1:${port}/ota/status?token=${TOKEN}`);
    const text = host.log.join('');
    expect(host.log).to.have.length(2);
    expect(text).to.contain('/ota/status');
    expect(text).not.to.contain(TOKEN);
  });
});
