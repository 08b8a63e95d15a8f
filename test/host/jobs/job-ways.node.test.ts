/** What a job of the host may say to a device, and hear, that no page may. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect } from 'chai';
import { RELAY_LIMITS } from '../../../src/host/gateway/relay.ts';
import { JobWays } from '../../../src/host/jobs/run/job-fetch.ts';
import { CertificatePins } from '../../../src/host/reach/certificate-pins.ts';
import { type DeviceAgents, deviceAgents, systemConnect } from '../../../src/host/reach/device-agents.ts';

describe('the ways of a job', () => {
  let server: Server;
  let seen: IncomingHttpHeaders[];
  let agents: DeviceAgents;

  beforeEach(async () => {
    seen = [];
    agents = deviceAgents(systemConnect, new CertificatePins(null, () => undefined));
    server = createServer((request, response) => {
      seen.push(request.headers);
      request.resume();
      const headers = { 'WWW-Authenticate': 'Basic realm="r"', 'Set-Cookie': 'sessionID=1-a; Path=/' };
      request.on('end', () => response.writeHead(401, headers).end('no'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    agents.http.destroy();
    agents.https.destroy();
    server.closeAllConnections();
    server.close();
  });

  const ways = () =>
    new JobWays({
      resolve: () => Promise.resolve([]),
      ownAddresses: () => [],
      ...{ agents, limits: RELAY_LIMITS },
    });
  const port = () => (server.address() as AddressInfo).port;
  const url = () => `/device/http/127.0.0.1:${port()}/update`;
  const signal = new AbortController().signal;
  const own = { origin: 'http://evil.example', referer: 'http://evil.example/', authorization: 'Basic eDp5' };

  async function ask(headers: Record<string, string>, path = '/update'): Promise<Response> {
    return ways().fetchFor('here')(`/device/http/127.0.0.1:${port()}${path}`, {
      ...{ method: 'GET', headers: new Headers(headers), mode: 'cors', redirect: 'manual' },
      ...{ credentials: 'omit', referrerPolicy: 'no-referrer', signal },
    });
  }

  it('tell what a device asks for', async () => {
    expect((await ask({})).headers.get('WWW-Authenticate')).to.equal('Basic realm="r"');
  });

  it('name the device’s own page where a question names any, and no other', async () => {
    await ask(own);
    const origin = `http://127.0.0.1:${port()}`;
    expect(seen.at(-1)).to.include({ origin, referer: `${origin}/`, authorization: 'Basic eDp5' });
    await ask({});
    expect(seen.at(-1)).to.not.have.any.keys('origin', 'referer', 'authorization');
  });

  it('hand a cookie over, and send one to where a device is signed in to by it, and to no other path', async () => {
    expect((await ask({})).headers.get('Set-Cookie')).to.equal('sessionID=1-a; Path=/');
    await ask({ cookie: 'sessionID=1-a' }, '/prettyota/queryInfo');
    expect(seen.at(-1)).to.include({ cookie: 'sessionID=1-a' });
    for (const [cookie, path] of [
      ['sessionID=1-a', '/update'],
      ['sessionID=1-a; other=x', '/prettyota/queryInfo'],
      ['other=x', '/prettyota/queryInfo'],
    ] as const) {
      await ask({ cookie }, path);
      expect(seen.at(-1), `${cookie} ${path}`).to.not.have.property('cookie');
    }
  });

  it('take a first line that ends by a line feed alone where OpenBeken is asked, and nowhere else', async () => {
    const loose = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\nContent-Type: text/plain\r\nConnection: close\r\n\r\nhere'),
      );
    });
    loose.listen(0, '127.0.0.1');
    await once(loose, 'listening');
    const at = (loose.address() as AddressInfo).port;
    const asked = async (path: string): Promise<string> => {
      const answer = await ways().fetchFor('here')(`/device/http/127.0.0.1:${at}${path}`, {
        ...{ method: 'GET', headers: new Headers(), mode: 'cors', redirect: 'manual' },
        ...{ credentials: 'omit', referrerPolicy: 'no-referrer', signal },
      });
      return answer.headers.get('moult-gateway') ?? answer.text();
    };
    expect(await asked('/api/info')).to.equal('here');
    for (const path of ['/update', '/json/info', '/api/status', '/cm?cmnd=Status%200'])
      expect(await asked(path), path).to.equal('not-http');
    loose.close();
  });

  it('do the same for an upload', async () => {
    const upload = ways();
    const headers = { ...own, Cookie: 'x' };
    await upload.fetchFor('here')(url(), {
      ...{ method: 'GET', headers: new Headers(), mode: 'cors', redirect: 'manual' },
      ...{ credentials: 'omit', referrerPolicy: 'no-referrer', signal },
    });
    const parts = [new Uint8Array(10)];
    const contentType = 'multipart/form-data; boundary=x';
    const answer = await upload.uploadFor('here')({ url: url(), contentType, headers, parts, signal, onSent: () => 0 });
    expect(answer.status).to.equal(401);
    const origin = `http://127.0.0.1:${port()}`;
    expect(seen.at(-1)).to.include({
      origin,
      referer: `${origin}/`,
      authorization: 'Basic eDp5',
      'content-length': '10',
    });
  });

  it('invite a device at its own port alone, and never at one that another protocol has', async () => {
    const heard: string[] = [];
    const other = createSocket('udp4', (message) => heard.push(message.toString()));
    other.bind(0, '127.0.0.1');
    await once(other, 'listening');
    const { invite } = ways().rawFor('here');
    if (invite === undefined) throw new Error('there are no such ways');
    const { port: at } = other.address();
    for (const [origin, to] of [
      ['http://127.0.0.1:3232', at],
      ['http://127.0.0.1:25', 25],
      ['http://8.8.8.8:3232', 3232],
    ] as const) {
      for (const work of [
        invite.ask(origin, to, 'x', signal),
        invite.listen(origin, to, signal),
        invite.isThere(origin, to, signal),
      ])
        expect(
          await work.then(
            () => 'done',
            (error: unknown) => (error as { code?: string }).code,
          ),
          origin,
        ).to.equal('forbidden');
    }
    other.on('message', (_message, from) => other.send('OK', from.port, from.address));
    expect(await invite.ask(`http://127.0.0.1:${at}`, at, 'hello', signal)).to.equal('OK');
    expect(heard).to.deep.equal(['hello']);
    other.close();
  });
});
