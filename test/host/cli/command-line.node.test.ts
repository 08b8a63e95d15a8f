import { expect } from 'chai';
import { build, type Metafile } from 'esbuild';
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../../src/host/cli/command-line.ts';
import { Output } from '../../../src/host/cli/output.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Every library that a module loads by itself, and by the modules it imports: not what it may import later. */
function librariesOf({ inputs }: Metafile, start: string): ReadonlySet<string> {
  const libraries = new Set<string>();
  const seen = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const { kind, path, external } of inputs[module]?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (external !== true) visit(path);
      else if (!path.startsWith('node:')) libraries.add(path);
    }
  };
  visit(start);
  return libraries;
}

/** Runs the program as a shell does, with its output to `file`; its exit status and what it complained of. */
function runInto(file: string, ...args: string[]): Promise<{ status: number | null; said: string }> {
  const entry = fileURLToPath(new URL('../../../src/host/moult.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import=tsx', entry, ...args], {
    cwd: ROOT,
    stdio: ['ignore', openSync(file, 'w'), 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (part: Buffer) => (said += String(part)));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, said }));
  });
}

describe('the command line', () => {
  let graph: Metafile;
  before(async () => {
    const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', write: false } as const;
    const entryPoints = ['src/host/moult.ts'];
    const built = await build({
      ...options,
      entryPoints,
      splitting: true,
      outdir: 'out',
      absWorkingDir: ROOT,
      metafile: true,
    });
    graph = built.metafile;
  });

  it('loads no library before it knows the command', () => {
    expect([...librariesOf(graph, 'src/host/moult.ts')]).to.deep.equal([]);
  });

  it('loads for inspect what hashes, and nothing of the host', () => {
    const libraries = [...librariesOf(graph, 'src/host/cli/inspect-command.ts')];
    expect(libraries.filter((library) => !library.startsWith('@noble/hashes/'))).to.deep.equal([]);
    expect([...librariesOf(graph, 'src/host/cli/serve-command.ts')]).to.include.members([
      'fastify',
      '@peculiar/x509',
      'qr',
    ]);
  });

  it('ends with 74, and says why, where its output is lost', async () => {
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
    });
    const left = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' })),
    });
    const said: string[] = [];
    const complain = (words: string): void => void said.push(words);
    expect(await commandLine(['help'], new Output(full), complain)).to.equal(74);
    expect(said).to.deep.equal(['The output could not be written: no space left on device']);
    expect(await commandLine(['help'], new Output(left), complain)).to.equal(74);
    expect(said).to.have.length(1);
  });

  it('does not end well on a full disk', async function () {
    if (process.platform !== 'linux') this.skip();
    const file = fileURLToPath(new URL('../../../package.json', import.meta.url));
    const { status, said } = await runInto('/dev/full', 'inspect', file);
    expect(status).to.equal(74);
    expect(said).to.match(/^The output could not be written: .*ENOSPC/);
  }).timeout(120_000);

  it('prints what there is, and knows no other command', async () => {
    const parts: string[] = [];
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void parts.push(String(chunk))) });
    expect(await commandLine(['help'], new Output(stream))).to.equal(0);
    expect(parts.join('')).to.match(/moult serve[^]*moult inspect FILE…[^]*moult push FILE[^]*exit status 64/);
    expect(await commandLine([], new Output(stream))).to.equal(64);
    const said: string[] = [];
    expect(await commandLine(['inspct'], new Output(stream), (words) => said.push(words))).to.equal(64);
    expect(said.join()).to.match(
      /There is no command "inspct"\. Commands: serve, clients, inspect, push, agent, jobs\./,
    );
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const parts: string[] = [];
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void parts.push(String(chunk))) });
    expect(await commandLine(['--version'], new Output(stream))).to.equal(0);
    expect(parts.join('')).to.equal(`${version}\n`);
  });
});
