/** A disk that is really full: a small one of its own, where this machine lets us make one. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../firmware/image-builder.ts';
import { hasEnded, jobFor, JobPage, outcomeOf, refusalIn, startDevice } from '../host/jobs/job-host.ts';
import { testHost } from '../host/test-host.ts';

const FIRMWARE = buildApp({ sizeBytes: 131_072 });
const OTHER = buildApp({ sizeBytes: 131_072, seed: 2 });
/** Room for a few files of these, and soon full. */
const DISK_BYTES = 1024 * 1024;

describe('A disk that is full', function () {
  this.timeout(120_000);
  const disk = mkdtempSync(join(tmpdir(), 'moult-disk-'));
  const dataDir = join(disk, 'data');
  const ballast = join(disk, 'ballast');

  before(function () {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'moult', disk], { stdio: 'ignore' });
    } catch {
      process.stdout.write('  The attack on the disk is skipped: this account may not mount one.\n');
      rmSync(disk, { recursive: true });
      this.skip();
    }
    mkdirSync(dataDir);
  });
  after(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });
  afterEach(() => rmSync(ballast, { force: true }));

  /** Not one byte more fits. */
  function fill(): void {
    const file = openSync(ballast, 'a');
    for (const piece of [65_536, 4_096, 1]) {
      try {
        for (;;) writeSync(file, new Uint8Array(piece));
      } catch {
        // It is full of pieces of this size.
      }
    }
    closeSync(file);
  }

  const isFull = (): boolean => statfsSync(disk).bavail === 0;

  /** Until the update under way has met it: a note that is just written lets go of the one before, and makes room. */
  async function fillFor(host: { readonly notices: readonly string[] }): Promise<void> {
    do {
      fill();
      await new Promise(setImmediate);
    } while (!host.notices.join(' ').includes('cannot be recorded') || !isFull());
  }

  function leftovers(): readonly string[] {
    const names = readdirSync(join(dataDir, 'jobs'), { recursive: true }).map(String);
    return names.filter((name) => name.endsWith('.new') || name.endsWith('.part'));
  }

  it('ends no update that runs; what is new is refused in words; and all is well once there is room', async () => {
    const host = await testHost({ dataDir });
    const page = new JobPage(host.port);
    const slow = await startDevice({ costs: { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 10 } });
    const idle = await startDevice();
    try {
      const [runs, late] = [jobFor(slow.origin, FIRMWARE), jobFor(idle.origin, FIRMWARE)];
      await page.create(FIRMWARE, runs);
      await page.until(runs, ({ update }) => update?.phase === 'writing');
      await fillFor(host);
      expect(refusalIn(await page.put(OTHER)).kind).to.equal('disk-full');
      expect(refusalIn(await page.post('/jobs', late)).kind).to.equal('disk-full');
      expect(idle.device.requests, 'what the other device has heard').to.deep.equal([]);
      expect(outcomeOf(await page.until(runs, hasEnded))).to.equal('updated');
      expect(JSON.parse((await page.ask('/healthz')).text)).to.deep.equal({ ok: true, jobs: true });
      expect(leftovers()).to.deep.equal([]);

      rmSync(ballast);
      expect((await page.put(OTHER)).status).to.equal(201);
      expect((await page.post('/jobs', late)).status).to.equal(201);
      expect(outcomeOf(await page.until(late, hasEnded))).to.equal('updated');
    } finally {
      await host.stop();
      await Promise.all([slow.close(), idle.close()]);
    }
  });

  it('keeps a host that starts from running jobs, and not from serving its page', async () => {
    fill();
    expect(isFull()).to.equal(true);
    const host = await testHost({ dataDir });
    try {
      const page = new JobPage(host.port);
      expect((await page.ask('/')).status).to.equal(200);
      expect(refusalIn(await page.put(OTHER)).kind).to.equal('cannot-keep');
      expect(host.notices.join(' ')).to.match(/runs no updates by itself/);
    } finally {
      await host.stop();
    }
  });
});
