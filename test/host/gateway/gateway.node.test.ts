import { expect } from 'chai';
import { connect, createServer as createTcpServer } from 'node:net';
import { serveDevice } from '../../../src/simulator/node/node-server.ts';
import { SimulatedDevice } from '../../../src/simulator/simulated-device.ts';
import { listening } from '../closing.ts';
import { TOKEN, useGateway, fromPage, ok, statusOf } from './gateway-host.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

describe('the gateway', () => {
  const { closing, hostWith, device } = useGateway();

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
    it(`says so where the page names ${name}, which may carry no token`, async () => {
      const { port, got } = await device(ok);
      const answer = await fromPage(await hostWith(), statusOf(port), { headers: { 'x-moult': name } });
      expect([answer.status, answer.headers['moult-gateway']]).to.deep.equal([400, 'header-refused']);
      expect(got).to.have.length(0);
    });
  }

  it('leaves a chunk as much room in a device’s request as the device’s own client does', async () => {
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
