import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../../../src/host/data/data-error.ts';
import { withFolderLock } from '../../../src/host/data/folder-lock.ts';

describe('The lock of the data folder', () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moult-lock-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  type Holder = Record<'pid' | 'machine' | 'boot' | 'mark', string | number>;

  /** What the file says while somebody has the lock. */
  const held = (): Promise<Holder> =>
    withFolderLock(folder, () => Promise.resolve(JSON.parse(readFileSync(lock, 'utf8')) as Holder));
  const leave = (holder: Holder): void => writeFileSync(lock, JSON.stringify(holder));
  /** Tries to take the lock without waiting for it. */
  const tried = (): Promise<unknown> =>
    withFolderLock(folder, () => Promise.resolve('done'), 0).catch((error: unknown) => error);

  /** Runs `program` in a process of its own, which has `withFolderLock`, `folder`, and what else is given as `rest`. */
  const elsewhere = (program: string, ...rest: readonly string[]) => {
    const lockFile = new URL('../../../src/host/data/folder-lock.ts', import.meta.url).href;
    const head = `import { withFolderLock } from ${JSON.stringify(lockFile)}; const [, folder, ...rest] = process.argv;`;
    return spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', head + program, folder, ...rest]);
  };

  /** The number of a process that has ended. */
  const ended = (): number => spawnSync(process.execPath, ['-e', '']).pid;

  it('is held by one at a time, and is gone afterwards', async () => {
    let at = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withFolderLock(folder, async () => {
          expect((at += 1)).to.equal(1);
          await new Promise(setImmediate);
          at -= 1;
        }),
      ),
    );
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is released where the work fails', async () => {
    const error = await withFolderLock(folder, () => Promise.reject(new Error('no'))).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain('no');
    expect(await tried()).to.equal('done');
  });

  it('holds off another process as long as that one has it, and names it', async () => {
    const ours = await held();
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    try {
      leave({ ...ours, pid: Number(other.pid), mark: 'other' });
      const error = await tried();
      expect(error).to.be.instanceOf(DataError);
      expect(String(error)).to.contain(`Process ${other.pid}`).and.contain(lock);
      // With patience it is a matter of time.
      const waiting = withFolderLock(folder, () => Promise.resolve('done'));
      rmSync(lock);
      expect(await waiting).to.equal('done');
    } finally {
      other.kill();
      await once(other, 'close');
    }
  });

  it('does not outlive a process that was killed with it', async () => {
    const other = elsewhere(
      `void withFolderLock(folder, () => new Promise(() => { console.log('held'); setInterval(() => {}, 60_000); }));`,
    );
    await once(other.stdout, 'data');
    expect(existsSync(lock)).to.equal(true);
    other.kill('SIGKILL');
    await once(other, 'close');
    expect(await tried()).to.equal('done');
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is one for all processes, also while some are killed at work', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const rounds = Number(process.env['ROUNDS'] ?? 20);
    /** Counts `rounds` times. Those that are killed count in a file of their own, and far longer than they live. */
    const program = `
      import { readFileSync, writeFileSync } from 'node:fs';
      const [file, rounds] = rest;
      console.log('ready');
      for (let i = 0; i < Number(rounds); i += 1) await withFolderLock(folder, async () => {
        const count = Number(readFileSync(file, 'utf8'));
        await new Promise(setImmediate);
        writeFileSync(file, String(count + 1));
      });`;
    const start = (file: string, times: number) => elsewhere(program, file, String(times));
    writeFileSync(`${counter}.other`, '0');
    const counting = [start(counter, rounds), start(counter, rounds), start(counter, rounds)];
    const ends = Promise.all(counting.map(async (process) => once(process, 'close')));
    for (let i = 0; i < 3; i += 1) {
      const victim = start(`${counter}.other`, 1_000_000);
      await once(victim.stdout, 'data');
      victim.kill('SIGKILL');
      await once(victim, 'close');
    }
    expect((await ends).map(([code]) => code as unknown)).to.deep.equal([0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).to.equal(String(3 * rounds));
  });

  it('of an earlier start of the machine is void, whichever process has that number now', async () => {
    const ours = await held();
    leave({ ...ours, pid: process.ppid, boot: 'an earlier one', mark: 'other' });
    expect(await tried()).to.equal('done');
    // A service often has the same number at each start.
    leave({ ...ours, mark: 'other' });
    expect(await tried()).to.equal('done');
  });

  it('of another machine is left alone: nobody here knows whether that process lives', async () => {
    leave({ ...(await held()), pid: ended(), machine: 'elsewhere', mark: 'other' });
    expect(String(await tried()))
      .to.contain('on elsewhere')
      .and.contain(lock);
    expect(existsSync(lock)).to.equal(true);
  });

  it('that can be neither taken nor read is reported, and nobody waits for ever', async () => {
    symlinkSync(join(folder, 'nowhere'), lock);
    expect(String(await tried())).to.contain(`Something holds ${lock}`);
  });

  for (const [what, text] of [
    ['empty', ''],
    ['garbage', '{"pid": 1'],
  ] as const) {
    it(`that is ${what} was left by somebody who died in taking it`, async () => {
      writeFileSync(lock, text);
      expect(await tried()).to.equal('done');
    });
  }
});
