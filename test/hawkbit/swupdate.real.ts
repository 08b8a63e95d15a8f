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

const PROGRAM = process.env['MOULT_SWUPDATE'] ?? 'swupdate';
const ID = 'independent';
const PATIENCE_MS = 60_000;

/** One file of a cpio archive with checksums, as swupdate reads it. */
function cpioFile(name: string, bytes: Uint8Array): Buffer {
  const title = Buffer.from(`${name}\0`);
  const sum = bytes.reduce((all, byte) => (all + byte) >>> 0, 0);
  const numbers = [1, 0o100644, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, title.length, sum];
  const head = Buffer.from(`070702${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`);
  const padded = (part: Buffer): Buffer => Buffer.concat([part, Buffer.alloc((4 - (part.length % 4)) % 4)]);
  return Buffer.concat([padded(Buffer.concat([head, title])), padded(Buffer.from(bytes))]);
}

function swuOf(content: string, path: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const description = `software = { version = "1.0"; files: ( { filename = "content"; path = "${path}"; sha256 = "${sha256}"; } ); }`;
  const files = [
    cpioFile('sw-description', Buffer.from(description)),
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
    server = new SimulatedHawkbit({ pollSeconds: 1 });
    served = await serveHawkbit(server);
    client = null;
    said = '';
  });
  afterEach(async () => {
    if (client?.exitCode === null) {
      const gone = new Promise((resolve) => client?.once('exit', resolve));
      client.kill('SIGKILL');
      await gone;
    }
    await served.close();
    rmSync(folder, { recursive: true });
  });

  function start(): void {
    const options = ['-t', 'DEFAULT', '-u', served.origin, '-i', ID, '-g', 'gateway-secret', '-p', '1'];
    writeFileSync(join(folder, 'swupdate.cfg'), 'globals : { verbose = true; loglevel = 5; };\n');
    client = spawn(PROGRAM, ['-f', join(folder, 'swupdate.cfg'), '-M', '-m', '-u', options.join(' ')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: folder },
    });
    for (const stream of [client.stdout, client.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  }

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}; swupdate said: ${said.slice(-2_000)}`);
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
    const action = assign(swuOf('hello', path));
    start();
    await until('the end', () => !isActive(action));
    expect(action.status, said.slice(-2_000)).to.equal('finished');
    expect(readFileSync(path, 'utf8')).to.equal('hello');
    expect(server.targets.get(ID)?.attributes).not.to.equal(undefined);
  });

  it('ends it badly where the file is damaged', async () => {
    const path = join(folder, 'installed');
    server.fault = ({ route }) => (route === 'artifact' ? { kind: 'damaged', at: 300 } : null);
    const action = assign(swuOf('hello', path));
    start();
    await until('the end', () => !isActive(action));
    expect(action.status).to.equal('error');
    expect(existsSync(path)).to.equal(false);
  });

  it('goes on with a download that broke off', async () => {
    const path = join(folder, 'installed');
    server.fault = onNthAsked('artifact', 1, { kind: 'cut', after: 200 });
    const action = assign(swuOf('hello'.repeat(2_000), path));
    start();
    await until('the end', () => !isActive(action));
    expect(action.status, said.slice(-2_000)).to.equal('finished');
    expect(server.asked('artifact')).to.be.greaterThan(1);
  });

  it('confirms a wish to cancel what it has not begun', async () => {
    const action = assign(swuOf('hello', join(folder, 'installed')));
    server.cancel(action.id);
    start();
    await until('the end', () => !isActive(action));
    expect(action.status).to.equal('canceled');
  });
});
