/** How much the gateway takes, how long it waits, and how often one client may ask. */
import { expect } from 'chai';
import { createServer as createTcpServer } from 'node:net';
import { raw } from '../test-host.ts';
import { listening } from '../closing.ts';
import { useGateway, fromPage, ok, statusOf } from './gateway-host.ts';

describe('the gateway', () => {
  const { closing, hostWith, device } = useGateway();

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
});
