/**
 * `npm run test:swupdate`: Debian's swupdate (suricatta), a client of hawkBit's that this project did not write, against
 * the simulated server: what it understands there, and says, keeps the simulation honest. It has to be installed, or
 * named in MOULT_SWUPDATE.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isActive, type Action } from '../../src/simulator/hawkbit/actions.ts';
import { onNthAsked } from '../../src/simulator/hawkbit/faults.ts';
import { SimulatedHawkbit } from '../../src/simulator/hawkbit/simulated-hawkbit.ts';
import { serveHawkbit, type ServedHawkbit } from '../../src/simulator/node/hawkbit-server.ts';
import { endOf } from './end-of.ts';

const PROGRAM = process.env['MOULT_SWUPDATE'] ?? 'swupdate';
const ID = 'independent';
const PATIENCE_MS = 60_000;

/** Debian builds it for signed files alone (CMS). Runs openssl in the folder of the keys. */
function openssl(cwd: string, ...args: string[]): void {
  const { error, status, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw new Error('There is no openssl to sign files for swupdate with. Install it.');
  if (status !== 0) throw new Error(stderr);
}

function signed(folder: string, text: string): Buffer {
  const signer = ['-signer', 'key.pem', '-inkey', 'private.pem', '-outform', 'DER', '-nosmimecap', '-binary'];
  writeFileSync(join(folder, 'description'), text);
  openssl(folder, 'cms', '-sign', '-in', 'description', '-out', 'signature', ...signer);
  return readFileSync(join(folder, 'signature'));
}

/** One file of a cpio archive with checksums, as swupdate reads it. */
function cpioFile(name: string, bytes: Uint8Array): Buffer {
  const title = Buffer.from(`${name}\0`);
  const sum = bytes.reduce((all, byte) => (all + byte) >>> 0, 0);
  const numbers = [1, 0o100644, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, title.length, sum];
  const head = Buffer.from(`070702${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`);
  const padded = (part: Buffer): Buffer => Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
  return Buffer.concat([padded(Buffer.concat([head, title])), padded(Buffer.from(bytes))]);
}

function swuOf(content: string, folder: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(content);
  const path = join(folder, 'installed');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const description = `software = { version = "1.0"; hardware-compatibility: [ "1.0" ]; files: ( { filename = "content"; path = "${path}"; sha256 = "${sha256}"; } ); }`;
  const files = [
    cpioFile('sw-description', Buffer.from(description)),
    cpioFile('sw-description.sig', signed(folder, description)),
    cpioFile('content', bytes),
    cpioFile('TRAILER!!!', Buffer.alloc(0)),
  ];
  return new Uint8Array(Buffer.concat(files));
}

describe('swupdate, with the simulated server', () => {
  let folder: string;
  let server: SimulatedHawkbit;
  let served: ServedHawkbit;
  let client: ChildProcess | null;
  let said: string;

  before(() => {
    if (spawnSync(PROGRAM, ['--version']).error !== undefined)
      throw new Error(`There is no ${PROGRAM}. Install it (Debian: swupdate), or name it in MOULT_SWUPDATE.`);
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moult-swupdate-'));
    const made = ['-keyout', 'private.pem', '-out', 'key.pem', '-nodes', '-days', '2', '-subj', '/CN=moult'];
    openssl(folder, 'req', '-x509', '-newkey', 'rsa:2048', ...made, '-addext', 'extendedKeyUsage=emailProtection');
    server = new SimulatedHawkbit({ pollSeconds: 1 });
    served = await serveHawkbit(server);
    client = null;
    said = '';
  });
  afterEach(async () => {
    await end();
    await served.close();
    rmSync(folder, { recursive: true });
  });

  async function end(): Promise<void> {
    await endOf(client, 'SIGKILL');
    client = null;
  }

  /** Started anew it says what became of the update before: here that it went well. */
  async function restart(): Promise<void> {
    await end();
    start(['-c', '2']);
  }

  function start(more: readonly string[] = []): void {
    const options = ['-t', 'DEFAULT', '-u', served.origin, '-i', ID, '-g', 'gateway-secret', '-p', '1', ...more];
    writeFileSync(join(folder, 'swupdate.cfg'), 'globals : { verbose = true; loglevel = 5; };\n');
    const key = join(folder, 'key.pem');
    client = spawn(
      PROGRAM,
      ['-f', join(folder, 'swupdate.cfg'), '-k', key, '-H', 'board:1.0', '-M', '-m', '-u', options.join(' ')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, TMPDIR: folder },
      },
    );
    for (const stream of [client.stdout, client.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  }

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > end || client?.exitCode !== null)
        throw new Error(`waited in vain for ${what}; swupdate said: ${said.slice(-2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  function assign(bytes: Uint8Array<ArrayBuffer>): Action {
    const artifacts = [{ filename: 'image.swu', bytes }];
    return server.assign(ID, {
      name: 'set',
      version: '1',
      modules: [{ name: 'module', version: '1', part: 'os', artifacts }],
    });
  }

  it('polls, downloads, installs, and ends the action well', async () => {
    const path = join(folder, 'installed');
    const action = assign(swuOf('hello', folder));
    start();
    await until('the file', () => said.includes('SWUPDATE successful'));
    expect(readFileSync(path, 'utf8')).to.equal('hello');
    expect(isActive(action)).to.equal(true);
    await restart();
    await until('the end', () => !isActive(action));
    expect(action).to.include({ status: 'finished', ends: 1 });
  });

  it('ends it badly where the file is damaged', async () => {
    const path = join(folder, 'installed');
    server.fault = ({ route }) => (route === 'artifact' ? { kind: 'damaged', at: 300 } : null);
    const action = assign(swuOf('hello', folder));
    start();
    await until('the end', () => !isActive(action));
    expect(action.status).to.equal('error');
    expect(existsSync(path)).to.equal(false);
  });

  it('goes on with a download that broke off', async () => {
    const path = join(folder, 'installed');
    server.fault = onNthAsked('artifact', 1, { kind: 'cut', after: 200 });
    const action = assign(swuOf('hello'.repeat(2_000), folder));
    start();
    await until('the file', () => said.includes('SWUPDATE successful'));
    expect(readFileSync(path, 'utf8')).to.equal('hello'.repeat(2_000));
    expect(server.asked('artifact')).to.be.greaterThan(1);
    await restart();
    await until('the end', () => !isActive(action));
    expect(action).to.include({ status: 'finished', ends: 1 });
  });

  it('confirms a wish to cancel what it has not begun', async () => {
    const action = assign(swuOf('hello', folder));
    server.cancel(action.id);
    start();
    await until('the end', () => !isActive(action));
    expect(action.status).to.equal('canceled');
  });
});
