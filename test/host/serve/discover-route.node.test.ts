import { expect } from 'chai';
import { aFoundDevice } from '../../a-found-device.ts';
import { raw } from '../test-host.ts';
import { useHosts, get } from './serve-host.ts';

describe('the host', () => {
  const start = useHosts();

  describe('asked to look for devices', () => {
    const found = [aFoundDevice()];

    it('looks once for all who ask at the same time', async () => {
      let looks = 0;
      const host = await start({
        discover: async () => {
          looks += 1;
          // Two requests that came in one packet are both in the host's hands by then.
          await new Promise(setImmediate);
          return found;
        },
      });
      const own = `localhost:${host.port}`;
      const ask = `POST /discover HTTP/1.1\r\nHost: ${own}\r\nOrigin: http://${own}\r\nContent-Length: 0\r\n`;
      const text = await raw(host.port, `${ask}\r\n${ask}Connection: close\r\n\r\n`);
      expect(text.split(JSON.stringify({ found }))).to.have.length(3);
      expect(looks).to.equal(1);
    });

    it('refuses foreign pages, and does nothing by a GET', async () => {
      let looks = 0;
      const host = await start({
        discover: () => {
          looks += 1;
          return Promise.resolve(found);
        },
      });
      const foreign = await get(host, '/discover', { method: 'POST', headers: { origin: 'http://evil.example' } });
      expect(foreign.status).to.equal(403);
      expect((await get(host, '/discover', { method: 'POST' })).status).to.equal(403);
      expect((await get(host, '/discover')).status).to.equal(404);
      expect(looks).to.equal(0);
    });

    it('counts only what its own page asks for', async () => {
      const host = await start();
      const ask = async (origin: string): Promise<number> =>
        (await get(host, '/discover', { method: 'POST', headers: { origin } })).status;
      for (let i = 0; i < 30; i += 1) expect(await ask('http://evil.example')).to.equal(403);
      expect(await ask(`http://localhost:${host.port}`)).to.equal(200);
    });

    it('says so where mDNS is not available', async () => {
      const host = await start({ discover: () => Promise.reject(new Error('EACCES')) });
      const headers = { origin: `http://localhost:${host.port}` };
      expect((await get(host, '/discover', { method: 'POST', headers })).status).to.equal(503);
    });
  });
});
