import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeviceLocks } from '../../../../src/host/jobs/kept/device-locks.ts';

const PLACE = 'http 192.168.1.50 8080 /ota/status';
const OTHER = 'http 192.168.1.51 8080 /ota/status';

describe('the lock of a device', () => {
  let folder: string;
  let locks: DeviceLocks;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'moult-devices-')), 'devices');
    locks = new DeviceLocks(folder);
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  const fileOf = (): string => join(folder, readdirSync(folder).find((name) => name.endsWith('.lock')) ?? '');

  /** Takes the device in a process of its own, which says so and stays. */
  async function takenElsewhere(): Promise<() => Promise<void>> {
    const module = new URL('../../../../src/host/jobs/kept/device-locks.ts', import.meta.url).href;
    const program = `import { DeviceLocks } from ${JSON.stringify(module)};
      new DeviceLocks(process.argv[1]).take(process.argv[2], 'another');
      process.stdout.write('taken');
      setInterval(() => undefined, 1000);`;
    const args = ['--import=tsx', '--input-type=module', '-e', program, folder, PLACE];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    };
  }

  it('belongs to whoever took it first, until they release it', () => {
    expect(locks.at(PLACE)).to.equal(null);
    expect(locks.take(PLACE, 'one')).to.equal(null);
    expect(locks.take(PLACE, 'two')).to.include({ by: 'one' });
    expect(new DeviceLocks(folder).at(PLACE)).to.include({ by: 'one' });
    expect(locks.take(OTHER, 'two'), 'another device').to.equal(null);
    locks.letGo(PLACE);
    expect(locks.take(PLACE, 'two')).to.equal(null);
    for (const place of [PLACE, OTHER]) locks.letGo(place);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('is another process’s for as long as that lives, and free once it was killed', async () => {
    const kill = await takenElsewhere();
    expect(locks.take(PLACE, 'one')).to.include({ by: 'another' });
    // What is not ours is not released.
    locks.letGo(PLACE);
    expect(locks.at(PLACE)).to.include({ by: 'another' });
    await kill();
    expect(locks.at(PLACE)).to.equal(null);
    expect(locks.take(PLACE, 'one')).to.equal(null);
    locks.letGo(PLACE);
  });

  it('is not taken from a machine that shares the folder, and of which nothing is known', () => {
    locks.take(PLACE, 'one');
    const holder = JSON.parse(readFileSync(fileOf(), 'utf8')) as Record<string, unknown>;
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    for (const [change, isFree] of [
      [{ machine: 'elsewhere', pid: ended }, false],
      [{ boot: 'an earlier start', pid: 1 }, true],
      [{ pid: ended }, true],
    ] as const) {
      writeFileSync(fileOf(), JSON.stringify({ ...holder, ...change }));
      expect(locks.at(PLACE) === null, JSON.stringify(change)).to.equal(isFree);
    }
  });

  it('is free where somebody ended between making the lock and signing it, and not while they may be at it', () => {
    locks.take(PLACE, 'one');
    const file = fileOf();
    writeFileSync(file, '');
    expect(locks.take(PLACE, 'two')).not.to.equal(null);
    utimesSync(file, 0, 0);
    expect(locks.take(PLACE, 'two')).to.equal(null);
    locks.letGo(PLACE);
  });
});
