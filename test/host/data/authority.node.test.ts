import 'reflect-metadata';
import { expect } from 'chai';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isIP, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Extension,
  SubjectAlternativeNameExtension,
  X509Certificate as ParsedCertificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { checkIdentity } from '../../../src/host/reach/device-identity.ts';
import { Authority, type Leaf } from '../../../src/host/data/authority.ts';
import { openAuthority } from '../../../src/host/data/authority-file.ts';
import { authorityNotices } from '../../../src/host/data/authority-notices.ts';
import { authorityNoticeInWords } from '../../../src/words/host/authority.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 0, 15);

describe('the certificate authority', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-authority-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (names: readonly string[] = ['bench', 'bench.local'], now = NOW): Promise<Authority> =>
    openAuthority(join(folder, 'data'), names, now).then(({ authority }) => authority);

  it('is made once, and kept for this user alone', async () => {
    const first = await open();
    const again = await open();
    expect(again.der.equals(first.der)).to.equal(true);
    expect(statSync(join(folder, 'data')).mode & 0o777).to.equal(0o700);
    const files = readdirSync(join(folder, 'data'));
    expect(files).to.deep.equal(['authority-and-key.pem']);
    for (const file of files) expect(statSync(join(folder, 'data', file)).mode & 0o777, file).to.equal(0o600);
  });

  it('shows the fingerprint that systems show', async () => {
    const authority = await open();
    expect(authority.fingerprint).to.equal(new X509Certificate(authority.der).fingerprint256);
  });

  it('is an authority for web servers, and makes no further ones', async () => {
    const authority = await open();
    const certificate = new X509Certificate(authority.der);
    expect(certificate.ca).to.equal(true);
    // Named "keyUsage" in Node's types; it lists the extended ones.
    expect(certificate.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
  });

  it('vouches for the name and all addresses of the machine', async () => {
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
      authority.leaf(['bench.local'], addresses, NOW + days * DAY_MS);
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

  it('makes a certificate anew where the clock was put back before the last one', async () => {
    const { authority } = await Authority.make(['bench.local'], NOW - 365 * DAY_MS);
    const ahead = await authority.leaf(['bench.local'], [], NOW);
    // Hours are nothing: it is valid from the day before.
    expect(await authority.leaf(['bench.local'], [], NOW - DAY_MS / 2)).to.equal(ahead);
    const right = new X509Certificate((await authority.leaf(['bench.local'], [], NOW - 30 * DAY_MS)).cert);
    expect(Date.parse(right.validFrom)).to.be.lessThan(NOW - 30 * DAY_MS);
    expect(Date.parse(right.validTo)).to.be.greaterThan(NOW);
  });

  it('is believed by a client that trusts it, for name and address', async () => {
    const authority = await open(undefined, Date.now());
    const leaf = await authority.leaf(['bench', 'bench.local'], ['192.168.1.5', 'fd00::5'], Date.now());
    for (const name of ['bench.local', '192.168.1.5', 'fd00::5'])
      expect(await verdict(leaf, name), name).to.equal(null);
    expect(await verdict(leaf, 'other.local')).to.equal('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('leaves out a name that it may not vouch for', async () => {
    const authority = await open();
    const { cert } = await authority.leaf(['renamed.local'], ['192.168.1.5'], NOW);
    expect(new X509Certificate(cert).subjectAltName).to.equal('IP Address:192.168.1.5');
  });

  it('is made anew before it ends', async () => {
    const first = await open();
    const years = 10 * 365;
    expect((await open(undefined, NOW + (years - 120) * DAY_MS)).der.equals(first.der)).to.equal(true);
    expect((await open(undefined, NOW + (years - 30) * DAY_MS)).der.equals(first.der)).to.equal(false);
  });

  it('vouches for no bare name, which may be a domain of others', async () => {
    const authority = await open(['dev', 'dev.local']);
    expect(['dev', 'dev.local', 'web.dev', 'localhost'].filter((name) => authority.covers(name))).to.deep.equal([
      'dev.local',
    ]);
    const { cert } = await authority.leaf(['dev', 'dev.local'], [], NOW);
    expect(new X509Certificate(cert).subjectAltName).to.equal('DNS:dev.local');
    expect(authority.tooWide).to.deep.equal([]);
  });

  it('goes on where an earlier version made it, and tells what it is too wide for', async () => {
    await wideAuthority();
    const authority = await open(['dev', 'dev.local'], Date.now());
    expect(authority.tooWide).to.deep.equal(['localhost', 'dev']);
    const words = authorityNotices({ authority, isNew: false }, ['dev', 'dev.local']).map((notice) =>
      authorityNoticeInWords(notice, folder),
    );
    expect(words).to.have.length(1);
    expect(words[0]).to.contain('localhost, dev and all names below').and.contain(folder);
    const { cert } = await authority.leaf(['dev', 'dev.local'], ['192.168.1.5'], Date.now());
    const leaf = new X509Certificate(cert);
    expect(leaf.subjectAltName).to.equal('DNS:dev.local, IP Address:192.168.1.5');
    expect(leaf.verify(new X509Certificate(authority.der).publicKey)).to.equal(true);
  });

  /** What a client that wants `name` and trusts the authority says of a server with this certificate. */
  async function verdict(leaf: Leaf, name: string): Promise<string | null> {
    const server = createServer(leaf).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await new Promise((resolve) => server.once('listening', resolve));
    const ca = leaf.cert.slice(leaf.cert.lastIndexOf('-----BEGIN'));
    const { port } = server.address() as AddressInfo;
    const socket = connect({
      ...{ host: '127.0.0.1', port, ca, rejectUnauthorized: false },
      ...(isIP(name) === 0 ? { servername: name } : {}),
      checkServerIdentity: (_host, certificate) => checkIdentity(name, certificate),
    });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    // Node's type says Error; it is a code, OpenSSL's or Node's own.
    const said = socket.authorized ? null : String(socket.authorizationError);
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    return said;
  }

  /** As it was made before: a bare name among what it may vouch for. */
  async function wideAuthority(): Promise<void> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const permitted = ['localhost', 'dev', 'dev.local'].map(
      (dNSName) => new GeneralSubtree({ base: new GeneralName({ dNSName }) }),
    );
    const constraints = new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) });
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Moult on dev',
      notAfter: new Date(Date.now() + 3_650 * DAY_MS),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(constraints)),
      ],
    });
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'authority.pem'), certificate.toString('pem'));
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
    writeFileSync(join(folder, 'data', 'authority-key.pem'), pem, { mode: 0o600 });
  }

  describe('whose key was stolen', () => {
    /** A certificate for `name` by the thief, who has the key and keeps to no rule of ours. */
    async function forged(name: string, machine: readonly string[]): Promise<Leaf> {
      const authority = await open(machine, Date.now());
      const pem = readFileSync(join(folder, 'data', 'authority-and-key.pem'), 'utf8');
      const stolen = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
      const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const issuer = new ParsedCertificate(new Uint8Array(authority.der));
      const certificate = await X509CertificateGenerator.create({
        subject: 'CN=thief',
        issuer: issuer.subjectName.toJSON(),
        notAfter: new Date(Date.now() + DAY_MS),
        publicKey: keys.publicKey,
        signingKey: await webcrypto.subtle.importKey('pkcs8', stolen, ALGORITHM, false, ['sign']),
        signingAlgorithm: ALGORITHM,
        extensions: [
          new SubjectAlternativeNameExtension([{ type: isIP(name) === 0 ? 'dns' : 'ip', value: name }]),
          await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
        ],
      });
      const key = createPrivateKey({
        key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
        ...{ format: 'der', type: 'pkcs8' },
      });
      return {
        key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
        cert: `${certificate.toString('pem')}\n${issuer.toString('pem')}\n`,
      };
    }

    /** What a client that trusts the authority says of the thief's certificate for `name`. */
    const verdictOn = async (name: string, machine: readonly string[]): Promise<string | null> =>
      verdict(await forged(name, machine), name);

    const bench = ['bench', 'bench.local'];
    for (const name of ['192.168.1.5', '10.9.8.7', 'fd00::5', 'bench.local']) {
      it(`can still vouch for ${name}`, async () => expect(await verdictOn(name, bench)).to.equal(null));
    }
    for (const name of [
      '8.8.8.8',
      '172.32.0.1',
      '2606:4700::1',
      'bank.example',
      'bench',
      'shop.bench',
      'other.local',
      // On every machine that trusts it.
      'localhost',
      'mail.localhost',
      '127.0.0.1',
      '127.1.2.3',
      '::1',
    ]) {
      // Node has no name for OpenSSL's "permitted subtree violation". Only the name differs from those above.
      it(`cannot vouch for ${name}`, async () => expect(await verdictOn(name, bench)).to.equal('UNSPECIFIED'));
    }
    for (const name of ['bank.example', 'localhost', 'bench.local']) {
      it(`cannot vouch for ${name} on a machine without a name`, async () => {
        expect(await verdictOn(name, [])).to.equal('UNSPECIFIED');
      });
    }
    for (const [label, name] of [
      ['dev', 'web.dev'],
      ['app', 'cash.app'],
      ['com', 'bank.com'],
    ] as const) {
      it(`cannot vouch for ${name} on a machine that is called “${label}”`, async () => {
        expect(await verdictOn(name, [label, `${label}.local`])).to.equal('UNSPECIFIED');
      });
    }
  });
});
