import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortError } from '../../../src/host/serve/listeners.ts';
import { serveCommand } from '../../../src/host/cli/serve-command.ts';
import { LAN_ADDRESS, testHost } from '../test-host.ts';
import { useHosts, get } from './serve-host.ts';

describe('the host', () => {
  const start = useHosts();

  describe('on this machine', () => {
    it('keeps nothing of a request that it refused before its body had come', async () => {
      const host = await start();
      const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const refused = async (): Promise<void> => {
        const headers = { origin: 'http://foreign.example', 'content-type': 'application/json' };
        const answer = await get(host, '/jobs', { method: 'POST', headers, body: 'x'.repeat(1_000) });
        expect(answer.status).to.be.within(400, 499);
      };
      await refused();
      const before = timers();
      for (let request = 0; request < 20; request += 1) await refused();
      expect(timers()).to.be.below(before + 10);
    });

    it('serves the page, asked for anew each time, and its hashed files for ever', async () => {
      const host = await start();
      const page = await get(host, '/');
      expect(page.status).to.equal(200);
      expect(page.text).to.contain('<title>Moult</title>');
      expect(page.headers['cache-control']).to.equal('no-cache');
      const script = await get(host, '/assets/app-1234.js');
      expect(script.headers['cache-control']).to.contain('immutable');
      expect(script.headers['content-type']).to.contain('javascript');
    });

    it('tells caches that a packed file and the file itself are not for the same browsers', async () => {
      const host = await start();
      for (const [accepts, encoding] of [
        ['br', 'br'],
        ['gzip', 'gzip'],
        ['identity', undefined],
      ] as const) {
        const { headers } = await get(host, '/assets/app-1234.js', { headers: { 'accept-encoding': accepts } });
        expect([headers['content-encoding'], headers.vary]).to.deep.equal([encoding, 'Accept-Encoding']);
      }
    });

    it('has the browser unregister a worker that something else left at its address, and serves its own files', async () => {
      const host = await start();
      const asks = { headers: { host: `localhost:${host.port}`, 'service-worker': 'script' } };
      const left = await get(host, '/sw.js', asks);
      expect(left).to.include({ status: 200 });
      expect(left.headers['content-type']).to.contain('javascript');
      expect(left.text).to.contain('registration.unregister()');
      expect((await get(host, '/sw.js')).status, 'what is no worker’s script').to.equal(404);
      expect((await get(host, '/assets/app-1234.js', asks)).text).to.equal('export {};');
    });

    it('serves nothing from outside of the page’s folder', async () => {
      const host = await start();
      const key = ['data', 'device-certificates.json'].join('/');
      for (const path of [
        `/../${key}`,
        `/%2e%2e/${key}`,
        `/..%2f${key}`,
        '/assets/../../data',
        '/%00',
        '//etc/passwd',
      ]) {
        expect((await get(host, path)).status, path).to.be.within(400, 404);
      }
    });

    it('says which port is taken', async () => {
      const host = await start();
      try {
        await start({ port: host.port });
        expect.fail('two hosts on one port');
      } catch (error) {
        expect(error).to.be.instanceOf(PortError);
        expect((error as PortError).message).to.contain(`Port ${host.port} is taken`);
      }
    });

    it('names the commands that take another port, also for people without moult on the path', async () => {
      const host = await start();
      const folder = await mkdtemp(join(tmpdir(), 'moult-taken-'));
      await writeFile(join(folder, 'index.html'), '');
      const said: unknown[] = [];
      /* eslint-disable no-console -- what the command says there is what this is about */
      const { error } = console;
      console.error = (words: unknown) => void said.push(words);
      try {
        const args = ['--port', String(host.port), '--app', folder, '--data', folder, '--no-lan'];
        expect(await serveCommand(args)).to.equal(1);
      } finally {
        console.error = error;
        /* eslint-enable no-console */
        await rm(folder, { recursive: true });
      }
      expect(said.join()).to.match(/npm start -- --port \d+, or moult serve --port \d+/);
    });

    it('stops while a browser keeps a connection open, and frees the port', async () => {
      const host = await testHost();
      const socket = connect({ host: '127.0.0.1', port: host.port });
      await new Promise((resolve) => socket.once('connect', resolve));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await host.stop();
      await closed;
      await start({ port: host.port });
    });

    it('stops at all its addresses at once, whoever still keeps one of them busy', async () => {
      const host = await testHost({
        lan: { port: 0, addresses: () => [LAN_ADDRESS], names: [], now: () => Date.now() },
      });
      const isOpen = (address: string): Promise<boolean> =>
        new Promise((resolve) => {
          const socket = connect({ host: address, port: host.port });
          socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
          socket.on('connect', () => socket.destroy());
        });
      // Half a request on each: it may still come whole.
      const busy = [LAN_ADDRESS, '127.0.0.1'].map((address) => connect({ host: address, port: host.port }));
      for (const socket of busy) {
        socket.on('error', () => undefined).write('GET / HTTP/1.1\r\n');
        await new Promise((resolve) => socket.once('connect', resolve));
      }
      expect([await isOpen(LAN_ADDRESS), await isOpen('127.0.0.1')]).to.deep.equal([true, true]);
      const stopped = host.stop();
      expect([await isOpen(LAN_ADDRESS), await isOpen('127.0.0.1')]).to.deep.equal([false, false]);
      await stopped;
    });

    it('has no trust page where it serves this machine alone', async () => {
      const host = await start();
      expect(host.host.lan()).to.equal(null);
      expect((await get(host, '/trust')).status).to.equal(404);
      expect(JSON.parse((await get(host, '/moult.json')).text)).to.deep.equal({
        gateway: true,
        discover: true,
        jobs: true,
        agent: false,
        pairing: 'not-needed',
        simulated: [],
        lan: null,
      });
    });
  });
});
