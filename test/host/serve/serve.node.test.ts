import { expect } from 'chai';
import { aFoundDevice } from '../../a-found-device.ts';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { PortError } from '../../../src/host/serve/listeners.ts';
import { serveCommand } from '../../../src/host/cli/serve-command.ts';
import type { HostOptions } from '../../../src/host/serve/serve.ts';
import { call, LAN_ADDRESS, raw, testHost, type Answer, type Call, type TestHost } from '../test-host.ts';

describe('the host', () => {
  const hosts: TestHost[] = [];
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop();
  });

  async function start(options: Partial<HostOptions> = {}): Promise<TestHost> {
    const host = await testHost(options);
    hosts.push(host);
    return host;
  }

  let addresses: string[];
  beforeEach(() => (addresses = [LAN_ADDRESS]));
  const onLan = (): Promise<TestHost> =>
    start({ lan: { port: 0, addresses: () => addresses, names: ['bench', 'bench.local'], now: () => Date.now() } });

  const get = ({ port }: TestHost, path: string, more: Partial<Call> = {}): Promise<Answer> =>
    call({ port, path, ...more });

  /** A request of a phone to the plain-http page. */
  const fromPhone = (host: TestHost, path: string, more: Partial<Call> = {}): Promise<Answer> =>
    get(host, path, {
      address: LAN_ADDRESS,
      ...more,
      headers: { host: `${LAN_ADDRESS}:${host.port}`, ...more.headers },
    });

  /** A request of a phone that trusts the authority. */
  async function fromTrustingPhone(host: TestHost, path: string): Promise<Answer> {
    const url = new URL(host.host.lan()?.secure[0] ?? '');
    const ca = readFileSync(join(host.dataDir, 'authority-and-key.pem'), 'utf8');
    return call({ address: LAN_ADDRESS, port: Number(url.port), path, ca, headers: { host: url.host } });
  }

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

    it('has a worker let go that something else left behind at its address, and serves its own', async () => {
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

    const everything = [
      '/',
      '/assets/app-1234.js',
      '/moult.json',
      '/nothing-here',
      '/%',
      '/device/http/x',
      '/discover',
    ];
    for (const path of everything) {
      it(`puts its security headers on ${path}`, async () => {
        const { headers } = await get(await start(), path);
        expect(headers['content-security-policy'])
          .to.contain("default-src 'none'")
          .and.contain("frame-ancestors 'none'");
        expect(headers).to.include({
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
        });
        expect(headers['permissions-policy']).to.contain('camera=(self)').and.contain('geolocation=()');
      });
    }

    it('holds the page to Trusted Types and to its own scripts, and lets it reach any device', async () => {
      const policy = String((await get(await start(), '/')).headers['content-security-policy']);
      const directives = new Map(
        policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1).join(' ')]),
      );
      expect(directives.get('script-src')).to.equal("'self'");
      expect(directives.get('connect-src')).to.equal("'self' http: https:");
      expect(directives.get('require-trusted-types-for')).to.equal("'script'");
      expect(directives.get('trusted-types')).to.equal('lit-html moult moult-hash');
      expect(policy).not.to.contain('unsafe').and.not.to.contain('upgrade-insecure-requests');
    });

    it('leaves on what the page uses, switches off what Chromium knows, and names nothing else', async () => {
      const policy = String((await get(await start(), '/')).headers['permissions-policy']);
      const features = new Map(policy.split(', ').map((one) => [one.split('=')[0] ?? '', one.split('=')[1] ?? '']));
      const on = [...features].filter(([, who]) => who !== '()');
      expect(on.map(([feature]) => feature)).to.have.members([...['camera', 'clipboard-write', 'screen-wake-lock']]);
      expect(new Set(on.map(([, who]) => who))).to.deep.equal(new Set(['(self)']));
      // Asked of Chromium 156: `document.featurePolicy.allowedFeatures()` on a page without this header.
      const known = [
        ...['local-fonts', 'window-management', 'storage-access', 'gamepad', 'compute-pressure'],
        ...['otp-credentials', 'clipboard-read', 'keyboard-map', 'translator', 'unload', 'sync-xhr', 'microphone'],
        ...[
          'publickey-credentials-create',
          'identity-credentials-get',
          'private-state-token-issuance',
          'deferred-fetch',
        ],
      ];
      expect(known.filter((feature) => features.get(feature) !== '()')).to.deep.equal([]);
      // Chromium has taken these out, and complains of them on every page.
      const gone = ['private-aggregation', 'attribution-reporting', 'join-ad-interest-group', 'run-ad-auction'];
      for (const feature of [...gone, 'shared-storage', 'shared-storage-select-url'])
        expect(features.has(feature), feature).to.equal(false);
      // Chromium 143 on Linux does not know these, and warns of them on every page. Their default is `self`, so leaving them
      // out takes nothing from the page.
      const unknown = ['bluetooth', 'web-share', 'speaker-selection', 'local-network', 'loopback-network'];
      const onTrial = ['media-playback-while-not-visible', 'digital-credentials-create', 'language-model'];
      for (const feature of [...unknown, ...onTrial]) expect(features.has(feature), feature).to.equal(false);
    });

    it('puts them on answers to what is no proper request, too', async () => {
      const host = await start();
      const own = `Host: localhost:${host.port}\r\n`;
      for (const [status, request] of [
        [400, 'BREW / HTTP/1.1\r\n\r\n'],
        [421, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
        [417, `GET / HTTP/1.1\r\n${own}Expect: nonsense\r\nConnection: close\r\n\r\n`],
        [431, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${own}\r\n`],
      ] as const) {
        const text = await raw(host.port, request);
        const what = request.slice(0, 40);
        expect(text, what).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
        for (const name of ['content-security-policy', 'x-content-type-options', 'permissions-policy']) {
          expect(text, what).to.match(new RegExp(`^${name}: `, 'im'));
        }
      }
    });

    it('tells a foreign page nothing of this machine’s names and addresses', async () => {
      const host = await onLan();
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

    it('names the commands that take another port, also for who has no moult on the path', async () => {
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

    it('has no trust page where it keeps to this machine', async () => {
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

    it('brings firmware for them, and only where they are', async () => {
      const answer = await get(await start(simulate), '/sample-firmware.bin');
      expect(answer.status).to.equal(200);
      expect(answer.headers['content-type']).to.equal('application/octet-stream');
      expect((await get(await start(), '/sample-firmware.bin')).status).to.equal(404);
    });

    it('tells nobody else their tokens', async () => {
      const host = await start({
        ...simulate,
        lan: { port: 0, addresses: () => addresses, names: [], now: () => Date.now() },
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

  describe('on the LAN', () => {
    it('serves the app over https, to a phone that trusts the authority', async () => {
      const host = await onLan();
      const page = await fromTrustingPhone(host, '/');
      expect(page.status).to.equal(200);
      expect(page.text).to.contain('<title>Moult</title>');
    });

    it('explains over plain http how to trust it, shows the fingerprint and goes on without', async () => {
      const host = await onLan();
      const page = await fromPhone(host, '/');
      expect(page.headers['content-type']).to.contain('text/html');
      const lan = host.host.lan();
      for (const part of [
        lan?.fingerprint,
        lan?.secure[0],
        'Android',
        'iPhone',
        'Windows',
        'Linux',
        'href="/moult-ca.crt"',
      ]) {
        expect(page.text).to.contain(part);
      }
      expect(page.text).to.contain('href="/index.html"').and.contain('<svg');
      expect(page.text.match(/<script/g), 'takes a pairing code along').to.have.length(1);
      expect((await fromPhone(host, '/index.html')).text).to.contain('<title>Moult</title>');
    });

    it('lets the page’s own policy allow its own style', async () => {
      const page = await fromPhone(await onLan(), '/');
      const style = /<style>([^]*)<\/style>/.exec(page.text)?.[1] ?? '';
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
      const hash = Buffer.from(digest).toString('base64');
      expect(page.headers['content-security-policy']).to.contain(`style-src 'self' 'sha256-${hash}'`);
    });

    it('hands out the certificate whose fingerprint it shows', async () => {
      const host = await onLan();
      const response = await fetch(`http://${LAN_ADDRESS}:${host.port}/moult-ca.crt`);
      expect(response.headers.get('content-type')).to.equal('application/x-x509-ca-cert');
      const certificate = new X509Certificate(Buffer.from(await response.arrayBuffer()));
      expect(certificate.fingerprint256).to.equal(host.host.lan()?.fingerprint);
    });

    it('follows the machine to another network, and back', async () => {
      const host = await onLan();
      const reachable = (): Promise<boolean> =>
        fromPhone(host, '/').then(
          () => true,
          () => false,
        );
      expect(await reachable()).to.equal(true);
      addresses = [];
      await host.host.refresh();
      expect(await reachable()).to.equal(false);
      expect(host.host.lan()?.plain).to.deep.equal([]);
      addresses = [LAN_ADDRESS, '127.0.0.3'];
      await host.host.refresh();
      expect(await reachable()).to.equal(true);
      expect(host.host.lan()?.plain).to.have.length(2);
      expect((await fromTrustingPhone(host, '/')).status).to.equal(200);
    });

    it('tells the code that pairs a phone once it comes to a network, where it began on none', async () => {
      addresses = [];
      const host = await onLan();
      const said = (): readonly string[] => host.notices.filter((notice) => notice.includes('on the LAN now'));
      await host.host.refresh();
      expect(said()).to.deep.equal([]);
      addresses = [LAN_ADDRESS];
      await host.host.refresh();
      await host.host.refresh();
      const [sentence = '', ...more] = said();
      expect(sentence).to.contain(`http://${LAN_ADDRESS}:${host.port}/#pair=${host.host.pairingCode()}`);
      expect(more).to.deep.equal([]);
    });

    it('goes on after an address where its port is taken, and listens there once it is free', async () => {
      const host = await onLan();
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(host.port, '127.0.0.3', resolve));
      addresses = ['127.0.0.3', '127.0.0.4', LAN_ADDRESS];
      const plain = (address: string): string => `http://${address}:${host.port}/`;
      const trouble = await host.host.refresh().then(
        () => null,
        (error: unknown) => error,
      );
      expect(trouble).to.be.instanceOf(PortError);
      expect(host.host.lan()?.plain).to.deep.equal([plain('127.0.0.4'), plain(LAN_ADDRESS)]);
      expect((await fromTrustingPhone(host, '/')).status).to.equal(200);
      await new Promise((resolve) => taken.close(resolve));
      await host.host.refresh();
      expect(host.host.lan()?.plain).to.deep.equal(addresses.map(plain));
    });

    it('renews its certificate, whatever went wrong before', async () => {
      let now = Date.now();
      let fails = false;
      const lan = { port: 0, names: ['bench', 'bench.local'], now: () => now };
      const host = await start({
        lan: {
          ...lan,
          addresses: () => {
            if (fails) throw new Error('no interfaces');
            return addresses;
          },
        },
      });
      const ends = async (): Promise<number> => {
        const url = new URL(host.host.lan()?.secure[0] ?? '');
        const socket = connectTls({ host: LAN_ADDRESS, port: Number(url.port), rejectUnauthorized: false });
        await new Promise((resolve) => socket.once('secureConnect', resolve));
        const { valid_to: to } = socket.getPeerCertificate();
        socket.destroy();
        return Date.parse(to);
      };
      const first = await ends();
      fails = true;
      expect(
        await host.host.refresh().then(
          () => 'done',
          (error: unknown) => String(error),
        ),
      ).to.contain('no interfaces');
      fails = false;
      // 89 days on: one before the first certificate ends.
      now += 89 * 86_400_000;
      await host.host.refresh();
      expect(await ends()).to.be.greaterThan(first);
    });

    it('does not listen at an address that the machine has not', async () => {
      addresses = ['192.0.2.77', LAN_ADDRESS];
      const host = await onLan();
      expect(host.host.lan()?.plain).to.deep.equal([`http://${LAN_ADDRESS}:${host.port}/`]);
    });
  });

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

    it('says so where mDNS is not to be had', async () => {
      const host = await start({ discover: () => Promise.reject(new Error('EACCES')) });
      const headers = { origin: `http://localhost:${host.port}` };
      expect((await get(host, '/discover', { method: 'POST', headers })).status).to.equal(503);
    });
  });
});
