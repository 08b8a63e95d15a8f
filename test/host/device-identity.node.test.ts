/** What a certificate that Node trusts says of whom: in a process of its own, since Node reads its authorities at the start. */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Authority } from '../../src/host/authority.ts';

/** Serves https with the certificate at hand, asks by `name`, and prints whether a pin was needed. */
const ASK = `
  import { createServer } from 'node:https';
  import { request } from 'node:https';
  import { readFileSync } from 'node:fs';
  import { CertificatePins } from './src/host/certificate-pins.ts';
  import { deviceAgents, systemConnect } from './src/host/device-agents.ts';
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
  let authority: Authority;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'moult-identity-'));
    authority = await Authority.open(folder, ['esp32.local'], Date.now());
  });
  after(() => rm(folder, { recursive: true }));

  async function asked(servername: string, names: readonly string[], addresses: readonly string[]): Promise<string> {
    const file = join(folder, 'leaf.json');
    await writeFile(file, JSON.stringify(await authority.leaf([...names], [...addresses], Date.now())));
    const run = ['--import=tsx', '--input-type=module', '--eval', ASK, '--', file, servername];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') };
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
