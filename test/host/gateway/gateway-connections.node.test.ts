/** What the gateway does when the device or the page ends a connection. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import type { Answer, TestHost } from '../test-host.ts';
import { listening, hangingUp } from '../closing.ts';
import { useGateway, fromPage, ok, statusOf } from './gateway-host.ts';

describe('the gateway', () => {
  const { closing, hostWith, device } = useGateway();

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

  it('logs no error where a page hangs up', async () => {
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
});
