import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectCommand, reportOn, type FileReport } from '../../src/host/inspect-command.ts';
import { UsageError } from '../../src/host/usage.ts';

describe('moult inspect', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moult-inspect-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, bytes: string | Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** Runs the command; what it printed, and its exit status. */
  async function run(...args: string[]): Promise<{ status: number; printed: string }> {
    const lines: string[] = [];
    const status = await inspectCommand(args, (line) => lines.push(line));
    return { status, printed: lines.join('\n') };
  }

  it('reports every key, null where nothing is known', async () => {
    const path = file('notes.txt', 'hello');
    const { status, printed } = await run('--json', path);
    expect(status).to.equal(2);
    const reports = JSON.parse(printed) as FileReport[];
    expect(reports).to.have.length(1);
    const { message, ...report } = reports[0] ?? expect.fail('no report');
    expect(message).to.match(/^[A-Z].*\.$/);
    expect(report).to.deep.equal({
      file: path,
      size: 5,
      sha256: createHash('sha256').update('hello').digest('hex'),
      kind: 'text',
      chip: null,
      chipId: null,
      verdict: 'refuse',
      reason: 'text',
      project: null,
      version: null,
      date: null,
      idfVersion: null,
      micropython: null,
      checksumValid: null,
      hashValid: null,
      signed: null,
      inside: [],
    });
  });

  it('ends with the worst of what it found', async () => {
    const refused = file('empty.bin', '');
    expect((await run(refused)).status).to.equal(2);
    expect((await run('--json', refused, join(folder, 'missing.bin'))).status).to.equal(3);
  });

  it('goes on after a file that cannot be read', async () => {
    const { printed } = await run('--json', join(folder, 'missing.bin'), file('empty.bin', ''));
    const [missing, empty] = JSON.parse(printed) as FileReport[];
    expect(missing).to.include({ verdict: null, kind: null, reason: 'unreadable' });
    expect(empty).to.include({ verdict: 'refuse', kind: 'empty', size: 0 });
  });

  it('lets no file name steer the terminal', async () => {
    const { printed } = await run(join(folder, 'a\u001b[2Jb'));
    expect(printed).to.contain('a[2Jb').and.not.contain('\u001b');
  });

  it('needs a file, and knows its options', async () => {
    for (const args of [[], ['--jsno', 'x']]) {
      try {
        await run(...args);
        expect.fail('accepted');
      } catch (error) {
        expect(error).to.be.instanceOf(UsageError);
      }
    }
  });

  it('never rejects, whatever it is pointed at', async () => {
    expect(await reportOn(folder)).to.include({ verdict: null, reason: 'unreadable' });
  });
});
