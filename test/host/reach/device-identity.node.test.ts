/**
 * Whom a certificate that Node trusts speaks for. In a process of its own, since Node reads its authorities at the
 * start.
 */
import 'reflect-metadata';
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { KeyObject, webcrypto } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Serves https with the certificate at hand, asks by `name`, and prints whether a pin was needed. */
const ASK = `
  import { createServer } from 'node:https';
  import { request } from 'node:https';
  import { readFileSync } from 'node:fs';
  import { CertificatePins } from './src/host/reach/certificate-pins.ts';
  import { deviceAgents, systemConnect } from './src/host/reach/device-agents.ts';
  const [file, servername] = process.argv.slice(-2);
  const { key, cert } = JSON.parse(readFileSync(file, 'utf8'));
  const server = createServer({ key, cert }, (_request, response) => response.end('{}'));
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    const pins = new CertificatePins(null, () => undefined);
    const { https } = deviceAgents(systemConnect, pins);
    request({ host: '127.0.0.1', port, servername, agent: https }, (response) => {
      https.remember(response.socket);
      console.log(pins.knows('127.0.0.1:' + port) ? 'pinned' : 'trusted');
      process.exit();
    }).end();
  });
`;

describe('A device with a certificate of an authority that Node trusts', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'moult-identity-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Its certificate is its own authority. */
  async function asked(servername: string, names: readonly string[], addresses: readonly string[]): Promise<string> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const called = [
      ...names.map((value) => ({ type: 'dns', value }) as const),
      ...addresses.map((value) => ({ type: 'ip', value }) as const),
    ];
    const cert = (
      await X509CertificateGenerator.createSelfSigned({
        name: 'CN=device',
        keys,
        signingAlgorithm: algorithm,
        extensions: [new BasicConstraintsExtension(true), new SubjectAlternativeNameExtension(called)],
      })
    ).toString('pem');
    const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
    const [file, trusted] = [join(folder, 'leaf.json'), join(folder, 'trusted.pem')];
    await writeFile(file, JSON.stringify({ key, cert }));
    await writeFile(trusted, cert);
    const run = ['--import=tsx', '--input-type=module', '--eval', ASK, '--', file, servername];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
    return (await promisify(execFile)(process.execPath, run, { env })).stdout.trim();
  }

  it('is taken by its address where the certificate names that address, and by no other name', async () => {
    expect(await asked('127.0.0.1', [], ['127.0.0.1'])).to.equal('trusted');
    expect(await asked('::ffff:127.0.0.1', [], ['127.0.0.1'])).to.equal('trusted');
    expect(await asked('127.0.0.1', [], ['127.0.0.9'])).to.equal('pinned');
    expect(await asked('127.0.0.1', ['localhost'], [])).to.equal('pinned');
  });

  it('is taken by its name where the certificate names that, and not for its address', async () => {
    expect(await asked('esp32.local', ['esp32.local'], [])).to.equal('trusted');
    expect(await asked('esp32.local', [], ['127.0.0.1'])).to.equal('pinned');
  });
});
