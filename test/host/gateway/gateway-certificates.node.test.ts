/** Devices with a certificate of their own. */
import { expect } from 'chai';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import { openAuthority } from '../../../src/host/data/authority-file.ts';
import { Authority } from '../../../src/host/data/authority.ts';
import type { Answer } from '../test-host.ts';
import { listening } from '../closing.ts';
import { TOKEN, useGateway, fromPage, ok } from './gateway-host.ts';

describe('the gateway', () => {
  const { closing, hostWith } = useGateway();

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
});
