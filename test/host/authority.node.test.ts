import { expect } from 'chai';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { Authority, type Leaf } from '../../src/host/authority.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 0, 15);

describe('the certificate authority', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-authority-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (names: readonly string[] = ['bench', 'bench.local'], now = NOW): Promise<Authority> =>
    Authority.open(join(folder, 'data'), names, now);

  it('is made once, and kept for this user alone', async () => {
    const first = await open();
    const again = await open();
    expect(again.der.equals(first.der)).to.equal(true);
    expect(statSync(join(folder, 'data')).mode & 0o777).to.equal(0o700);
    const files = readdirSync(join(folder, 'data'));
    expect(files).to.have.members(['authority-key.pem', 'authority.pem']);
    for (const file of files) expect(statSync(join(folder, 'data', file)).mode & 0o777, file).to.equal(0o600);
  });

  it('shows the fingerprint that systems show', async () => {
    const authority = await open();
    expect(await authority.fingerprint()).to.equal(new X509Certificate(authority.der).fingerprint256);
  });

  it('is an authority for web servers, and makes no further ones', async () => {
    const authority = await open();
    const certificate = new X509Certificate(authority.der);
    expect(certificate.ca).to.equal(true);
    // Named "keyUsage" in Node's types; it lists the extended ones.
    expect(certificate.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
  });

  it('vouches for the names and all addresses of the machine', async () => {
    const authority = await open();
    const { cert } = await authority.leaf(['bench', 'bench.local'], ['192.168.1.5', 'fd00::5'], NOW);
    const leaf = new X509Certificate(cert);
    expect(leaf.checkHost('bench.local')).to.equal('bench.local');
    expect(leaf.checkIP('192.168.1.5')).to.equal('192.168.1.5');
    expect(leaf.checkIP('fd00::5')).to.equal('fd00::5');
    expect(leaf.ca).to.equal(false);
    expect(leaf.verify(new X509Certificate(authority.der).publicKey)).to.equal(true);
  });

  it('renews a certificate by itself in time, and where the machine has another address', async () => {
    const authority = await open();
    const leafAt = (days: number, addresses = ['192.168.1.5']): Promise<Leaf> =>
      authority.leaf(['bench'], addresses, NOW + days * DAY_MS);
    const first = await leafAt(0);
    expect(await leafAt(1)).to.equal(first);
    expect(await leafAt(1, ['10.0.0.5'])).not.to.equal(first);
    const second = await leafAt(2);
    const validTo = Date.parse(new X509Certificate(second.cert).validTo);
    const late = await leafAt(89);
    expect(late).not.to.equal(second);
    expect(NOW + 89 * DAY_MS).to.be.lessThan(validTo);
    expect(Date.parse(new X509Certificate(late.cert).validTo)).to.be.greaterThan(validTo);
    // More than 825 days, and phones refuse it.
    expect(validTo - Date.parse(new X509Certificate(second.cert).validFrom)).to.be.lessThan(825 * DAY_MS);
  });

  it('leaves out a name that it may not vouch for', async () => {
    const authority = await open(['bench']);
    const { cert } = await authority.leaf(['renamed'], ['192.168.1.5'], NOW);
    expect(new X509Certificate(cert).subjectAltName).to.equal('IP Address:192.168.1.5');
  });

  it('is made anew before it ends', async () => {
    const first = await open();
    const years = 10 * 365;
    expect((await open(undefined, NOW + (years - 120) * DAY_MS)).der.equals(first.der)).to.equal(true);
    expect((await open(undefined, NOW + (years - 30) * DAY_MS)).der.equals(first.der)).to.equal(false);
  });

  describe('whose key was stolen', () => {
    /** What OpenSSL says of a certificate that `authority` signs for `address`, when a client trusts `authority`. */
    async function verdictOn(address: string): Promise<string | null> {
      const now = Date.now();
      const authority = await open(undefined, now);
      const leaf = await authority.leaf([], [address], now);
      const server = createServer(leaf).listen(0, '127.0.0.1');
      server.on('tlsClientError', () => undefined);
      await new Promise((resolve) => server.once('listening', resolve));
      const ca = leaf.cert.slice(leaf.cert.lastIndexOf('-----BEGIN'));
      const { port } = server.address() as AddressInfo;
      const socket = connect({
        host: '127.0.0.1',
        port,
        ca,
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      });
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      // Node's type says Error; it is OpenSSL's code.
      const verdict = socket.authorized ? null : String(socket.authorizationError);
      socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      return verdict;
    }

    for (const address of ['192.168.1.5', '10.9.8.7', 'fd00::5']) {
      it(`can still vouch for ${address}`, async () => expect(await verdictOn(address)).to.equal(null));
    }
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1']) {
      // Node has no name for OpenSSL's "permitted subtree violation". Only the address differs from those above.
      it(`cannot vouch for ${address}`, async () => expect(await verdictOn(address)).to.equal('UNSPECIFIED'));
    }
  });
});
