/** What the gateway sends to something that may speak no HTTP. */
import { expect } from 'chai';
import { createServer as createTcpServer } from 'node:net';
import type { Answer, TestHost } from '../test-host.ts';
import { listening } from '../closing.ts';
import { TOKEN, useGateway, fromPage, ok, statusOf } from './gateway-host.ts';

describe('the gateway', () => {
  const { closing, hostWith, device } = useGateway();

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
});
