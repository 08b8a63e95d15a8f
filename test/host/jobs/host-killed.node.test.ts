import { expect } from 'chai';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateJob } from '../../../src/model/jobs/job-requests.ts';
import type { Job } from '../../../src/model/jobs/job.ts';
import type { UpdateState } from '../../../src/model/update/update-state.ts';
import { onNth, type FaultScript } from '../../../src/simulator/faults.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { HostFolder } from './host-process.ts';
import {
  hasEnded,
  hashOf,
  jobFor,
  jobIn,
  JobPage,
  outcomeOf,
  refusalIn,
  startDevice,
  TOKEN,
  type ServedSimulated,
} from './job-host.ts';

const FIRMWARE = buildApp({ sizeBytes: 131_072 });
const SECRETS = { token: TOKEN, login: null };

/** Whether the engine is at this; a device that hangs keeps it there. */
function isAt(phase: UpdateState['phase']): (job: Job) => boolean {
  return ({ update }) => update?.phase === phase;
}

describe('a host that ends in the middle', () => {
  const closing: (() => unknown)[] = [];
  let folder: HostFolder;
  beforeEach(() => {
    folder = new HostFolder();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    folder.remove();
  });

  async function startHost(): Promise<{ page: JobPage; end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void> }> {
    const { port, end } = await folder.start();
    return { page: new JobPage(port), end };
  }

  async function device(options: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated> {
    const started = await startDevice({
      costs: { eraseMsPerBlock: 25, programMsPerBlock: 8, roundTripMs: 5 },
      rollback: true,
      // Long enough for a host to be killed meanwhile.
      awayMs: 1_000,
      ...options,
    });
    closing.push(() => started.close());
    return started;
  }

  /** Kills the host when the job is there, and starts it again. */
  async function killedAt(
    asked: CreateJob,
    isThere: (job: Job) => boolean,
    signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
  ): Promise<JobPage> {
    const first = await startHost();
    await first.page.create(FIRMWARE, asked);
    await first.page.until(asked, isThere);
    // The engine waits for no disk: killed before its note is there, the session would look like somebody else's.
    const journal = folder.path('jobs', 'journal');
    while (!readdirSync(journal).some((name) => name.endsWith('.json')))
      await new Promise((next) => setImmediate(next));
    await first.end(signal);
    return (await startHost()).page;
  }

  const POINTS: readonly (readonly [string, FaultScript | null, (job: Job) => boolean])[] = [
    ['before begin was heard', onNth('begin', 1, { kind: 'hang', when: 'before' }), isAt('beginning')],
    ['before begin was answered', onNth('begin', 1, { kind: 'hang', when: 'after' }), isAt('beginning')],
    ['while it writes', null, ({ update }) => update?.phase === 'writing' && update.progress.acknowledged > 20_000],
    ['before finalize was heard', onNth('finalize', 1, { kind: 'hang', when: 'before' }), isAt('finalizing')],
    ['while the device restarts', null, isAt('restarting')],
  ];
  for (const [name, fault, isThere] of POINTS) {
    it(`killed ${name}, waits for the token and goes on where the device is`, async () => {
      const { origin, device: board } = await device();
      board.fault = fault;
      const before = hashOf(board.slot('ota_0'));
      const asked = jobFor(origin, FIRMWARE);
      const page = await killedAt(asked, isThere);
      expect((await page.job(asked)).standing.kind).to.equal('waiting-for-token');
      const bare = await page.order(asked, { kind: 'go-on', secrets: null, beginAgain: false });
      expect(refusalIn(bare)).to.deep.equal({ kind: 'not-now', standing: 'waiting-for-token' });

      const order = { kind: 'go-on', secrets: SECRETS, beginAgain: true } as const;
      expect(jobIn(await page.order(asked, order)).standing.kind).to.be.oneOf(['queued', 'running']);
      const done = await page.until(asked, hasEnded);
      expect(outcomeOf(done)).to.equal('updated');
      expect(hashOf(board.runningImage)).to.equal(asked.firmware.sha256);
      expect(hashOf(board.slot('ota_0'))).to.equal(before);
      expect(board.restarts).to.equal(1);
    });
  }

  it('offers to go on where the secrets are kept, and starts nothing by itself', async () => {
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE, { keepSecrets: true });
    const page = await killedAt(asked, ({ update }) => update?.phase === 'writing');
    expect((await page.job(asked)).standing.kind).to.equal('offers-to-go-on');
    expect(board.restarts).to.equal(0);
    await page.order(asked, { kind: 'go-on', secrets: null, beginAgain: false });
    const done = await page.until(asked, hasEnded);
    expect([outcomeOf(done), done.keepsSecrets]).to.deep.equal(['updated', false]);
  });

  it('goes on by itself where the person wanted that', async () => {
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE, { keepSecrets: true, goOnByItself: true });
    const page = await killedAt(asked, ({ update }) => update?.phase === 'writing');
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    expect(hashOf(board.runningImage)).to.equal(asked.firmware.sha256);
  });

  it('told to stop, leaves the update where it is, and the device’s session open', async () => {
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE, { keepSecrets: true });
    const page = await killedAt(asked, ({ update }) => update?.phase === 'writing', 'SIGTERM');
    const offered = await page.job(asked);
    expect(offered.standing.kind).to.equal('offers-to-go-on');
    expect(offered.update?.progress.acknowledged).to.be.above(0);
    await page.order(asked, { kind: 'go-on', secrets: null, beginAgain: false });
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    expect(board.restarts).to.equal(1);
  });

  it('knows what has ended, and sets aside what it cannot read', async () => {
    const { origin } = await device();
    const asked = jobFor(origin, FIRMWARE);
    const first = await startHost();
    await first.page.create(FIRMWARE, asked);
    const ended = await first.page.until(asked, hasEnded);
    await first.end('SIGTERM');
    const records = folder.path('jobs', 'records');
    writeFileSync(join(records, `${'0'.repeat(32)}.json`), '{"version":1');
    const { page } = await startHost();
    expect(await page.job(asked)).to.deep.equal(ended);
    expect(readdirSync(records).filter((name) => name.endsWith('.damaged')).length).to.equal(1);
  });

  it('leaves the jobs of a folder to the host that has it', async () => {
    const first = await startHost();
    const second = await startHost();
    const { origin } = await device();
    await first.page.put(FIRMWARE);
    expect(refusalIn(await second.page.post('/jobs', jobFor(origin, FIRMWARE))).kind).to.equal('cannot-keep');
    expect((await first.page.post('/jobs', jobFor(origin, FIRMWARE))).status).to.equal(201);
  });
});
