import { expect } from 'chai';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { PortError } from '../../../src/host/serve/listeners.ts';
import { LAN_ADDRESS, type TestHost } from '../test-host.ts';
import { useHosts, lanOf, fromPhone, fromTrustingPhone } from './serve-host.ts';

describe('the host', () => {
  const start = useHosts();
  let addresses: string[];
  beforeEach(() => (addresses = [LAN_ADDRESS]));
  const onLan = (): Promise<TestHost> => start({ lan: lanOf(() => addresses) });

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
});
