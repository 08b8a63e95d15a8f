import { expect } from 'chai';
import { call, LAN_ADDRESS } from '../test-host.ts';
import { useHosts, get, fromPhone, fromTrustingPhone } from './serve-host.ts';

describe('the host', () => {
  const start = useHosts();

  describe('with simulated devices', () => {
    const simulate = { simulate: { count: 2, port: 0 } };

    it('tells a page on this machine where they are, and they answer it', async () => {
      const host = await start(simulate);
      const { simulated } = JSON.parse((await get(host, '/moult.json')).text) as {
        simulated: { name: string; address: string; token: string }[];
      };
      expect(simulated).to.deep.equal(host.host.simulated).and.to.have.length(2);
      expect(new Set(simulated.map(({ name }) => name)).size).to.equal(2);
      const [device] = simulated;
      const origin = `http://localhost:${host.port}`;
      const headers = { origin, 'x-ota-token': device?.token ?? '' };
      const port = Number(new URL(device?.address ?? '').port);
      const status = await call({ port, path: '/ota/status', headers });
      expect(status.status).to.equal(200);
      expect(status.headers['access-control-allow-origin']).to.be.oneOf([origin, '*']);
      const foreign = await call({ port, path: '/ota/status', headers: { ...headers, origin: 'http://evil.example' } });
      expect(foreign.headers).not.to.have.property('access-control-allow-origin');
    });

    it('serves firmware for them, and only where there are any', async () => {
      const answer = await get(await start(simulate), '/sample-firmware.bin');
      expect(answer.status).to.equal(200);
      expect(answer.headers['content-type']).to.equal('application/octet-stream');
      expect((await get(await start(), '/sample-firmware.bin')).status).to.equal(404);
    });

    it('tells nobody else their tokens', async () => {
      const host = await start({
        ...simulate,
        lan: { port: 0, addresses: () => [LAN_ADDRESS], names: [], now: () => Date.now() },
      });
      const answers = [
        await fromPhone(host, '/moult.json'),
        await fromTrustingPhone(host, '/moult.json'),
        await get(host, '/moult.json', { headers: { origin: 'http://evil.example' } }),
        await get(host, '/moult.json', { headers: { 'sec-fetch-site': 'cross-site' } }),
        await get(host, '/moult.json', { headers: { host: `evil.example:${host.port}` } }),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 403, 403, 421]);
      for (const { token } of host.host.simulated) {
        for (const { text } of answers) expect(text).not.to.contain(token);
        expect(host.log.join('')).not.to.contain(token);
      }
    });
  });
});
