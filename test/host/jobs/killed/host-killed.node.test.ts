import { expect } from 'chai';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateJob } from '../../../../src/model/jobs/job-requests.ts';
import type { Job } from '../../../../src/model/jobs/job.ts';
import { noCosts } from '../../../../src/simulator/clock.ts';
import { onNth } from '../../../../src/simulator/faults.ts';
import { buildApp } from '../../../firmware/image-builder.ts';
import { appBytes } from '../../../update/scripted/images.ts';
import { holdSlots } from '../../../update/world/slot-bytes.ts';
import { ChildHosts } from './child-hosts.ts';
import {
  hasEnded,
  hashOf,
  jobFor,
  outcomeOf,
  refusalIn,
  startDevice,
  TOKEN,
  type JobPage,
  type ServedSimulated,
} from '../job-host.ts';
import { useClosing } from '../../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 131_072 });
const SECRETS = { token: TOKEN, login: null };

/** What the device ran before. */
const BEFORE = appBytes(1_000);

/** Far enough for the journal to tell of it. */
function hasWritten({ update }: Job): boolean {
  return update?.phase === 'writing' && update.progress.acknowledged > 20_000;
}

describe('a host that ends in the middle', () => {
  const closing = useClosing();
  let hosts: ChildHosts;
  beforeEach(() => (hosts = new ChildHosts()));
  afterEach(() => hosts.close());

  async function device(options: Parameters<typeof startDevice>[0] = {}): Promise<ServedSimulated> {
    const started = await startDevice({
      costs: { eraseMsPerBlock: 25, programMsPerBlock: 8, roundTripMs: 5 },
      ...{ rollback: true, firmware: BEFORE },
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
    const first = await hosts.start();
    await first.page.create(FIRMWARE, asked);
    await first.page.until(asked, isThere);
    await first.end(signal);
    return (await hosts.start()).page;
  }

  it('killed while a job waits for its turn, starts it only when it is told to', async () => {
    const [busy, free] = [await device({ costs: noCosts }), await device({ costs: noCosts })];
    const [first, second] = [jobFor(busy.origin, FIRMWARE), jobFor(free.origin, FIRMWARE)];
    busy.device.fault = onNth('begin', 1, { kind: 'hang', when: 'before' });
    const host = await hosts.start({ running: 1 });
    await host.page.create(FIRMWARE, first);
    await host.page.until(first, ({ update }) => update?.phase === 'beginning');
    expect((await host.page.create(FIRMWARE, second)).standing.kind).to.equal('queued');
    await host.end('SIGKILL');
    const { page } = await hosts.start();
    expect((await page.job(second)).standing.kind).to.equal('waiting-for-token');
    expect(free.device.requests, 'what the device has heard').to.deep.equal([]);
    for (const asked of [first, second]) {
      await page.order(asked, { kind: 'go-on', secrets: SECRETS, beginAgain: false });
      expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    }
    for (const { device: board } of [busy, free]) {
      holdSlots({ device: board, image: FIRMWARE, firmware: BEFORE });
      expect(board.restarts).to.equal(1);
    }
  });

  it('finds a device that was out of reach meanwhile, and goes on in its session', async () => {
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE);
    const page = await killedAt(asked, hasWritten);
    // The journal tells, which is a chunk behind or two; the record of the job had seen the first byte, and no more.
    expect((await page.job(asked)).update?.progress.acknowledged).to.be.within(4_096, board.session?.written ?? 0);
    board.fault = () => ({ kind: 'drop', when: 'before' });
    await page.order(asked, { kind: 'go-on', secrets: SECRETS, beginAgain: false });
    await page.until(asked, ({ standing, update }) => standing.kind === 'running' && update?.phase === 'retrying');
    board.fault = null;
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    holdSlots({ device: board, image: FIRMWARE, firmware: BEFORE });
    expect(board.writeLog.filter(({ offset }) => offset === 0).length, 'sessions').to.equal(1);
  });

  it('says of a device that has restarted meanwhile what was lost, and begins anew where the person says so', async () => {
    const { origin, device: board } = await device();
    const asked = jobFor(origin, FIRMWARE);
    const page = await killedAt(asked, hasWritten);
    board.restart();
    await page.order(asked, { kind: 'go-on', secrets: SECRETS, beginAgain: false });
    const { standing } = await page.until(asked, hasEnded);
    expect(standing).to.deep.nested.include({ 'outcome.outcome': 'failed', 'outcome.code': 'session-lost' });
    await page.order(asked, { kind: 'go-on', secrets: SECRETS, beginAgain: true });
    expect(outcomeOf(await page.until(asked, hasEnded))).to.equal('updated');
    holdSlots({ device: board, image: FIRMWARE, firmware: BEFORE });
  });

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
    const first = await hosts.start();
    await first.page.create(FIRMWARE, asked);
    const ended = await first.page.until(asked, hasEnded);
    await first.end('SIGTERM');
    const records = join(hosts.dataDir, 'jobs', 'records');
    writeFileSync(join(records, `${'0'.repeat(32)}.json`), '{"version":1');
    const { page } = await hosts.start();
    expect(await page.job(asked)).to.deep.equal(ended);
    expect(readdirSync(records).filter((name) => name.endsWith('.damaged')).length).to.equal(1);
  });

  it('leaves the jobs of a folder to the host that has it', async () => {
    const first = await hosts.start();
    const second = await hosts.start();
    const { origin } = await device();
    await first.page.put(FIRMWARE);
    expect(refusalIn(await second.page.post('/jobs', jobFor(origin, FIRMWARE))).kind).to.equal('cannot-keep');
    expect((await first.page.post('/jobs', jobFor(origin, FIRMWARE))).status).to.equal(201);
  });
});
