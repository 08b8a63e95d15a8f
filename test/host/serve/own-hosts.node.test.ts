/** Which names the host answers to. */
import { expect } from 'chai';
import { LAN_ADDRESS, raw } from '../test-host.ts';
import { useHosts, lanOf, get } from './serve-host.ts';

describe('the host', () => {
  const start = useHosts();

  describe('on this machine', () => {
    it('tells a foreign page nothing of this machine’s names and addresses', async () => {
      const host = await start({ lan: lanOf() });
      for (const address of ['127.0.0.1', LAN_ADDRESS]) {
        const answer = await get(host, '/', { address, headers: { host: 'evil.example' } });
        expect(answer.status).to.equal(421);
        expect(answer.text).not.to.contain('bench').and.not.to.contain('127.0.0.');
      }
    });

    it('answers to its own names only', async () => {
      const host = await start();
      for (const name of ['localhost', '127.0.0.1', '[::1]']) {
        expect((await get(host, '/', { headers: { host: `${name}:${host.port}` } })).status, name).to.equal(200);
      }
      for (const name of [
        'evil.example',
        'localhost.evil.example',
        'localhost@evil.example',
        '127.0.0.1.evil.example',
      ]) {
        expect((await get(host, '/moult.json', { headers: { host: name } })).status, name).to.be.oneOf([400, 421]);
      }
    });

    it('refuses a request that names two hosts, whichever of them is its own', async () => {
      const host = await start();
      const own = `localhost:${host.port}`;
      const asked = async (target: string, ...names: string[]): Promise<string> => {
        const lines = names.map((name) => `Host: ${name}\r\n`).join('');
        const text = await raw(host.port, `GET ${target} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
        return text.slice('HTTP/1.1 '.length, 'HTTP/1.1 400'.length);
      };
      expect(await asked('/moult.json', own)).to.equal('200');
      expect(await asked('/moult.json', own, 'evil.example')).to.equal('400');
      expect(await asked('/moult.json', 'evil.example', own)).to.equal('400');
      expect(await asked('/moult.json', own, own)).to.equal('400');
      expect(await asked('http://evil.example/moult.json', own)).to.equal('400');
      expect(await asked(`http://${own}/moult.json`, 'evil.example')).to.equal('400');
      expect(await asked(`http://127.0.0.1:${host.port}/moult.json`, own)).to.equal('400');
    });
  });
});
