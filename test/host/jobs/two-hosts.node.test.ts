import { expect } from 'chai';
import { realisticCosts } from '../../../src/simulator/clock.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { hostOf, useClosing } from '../closing.ts';
import { hasEnded, hashOf, jobFor, JobPage, outcomeOf, startDevice } from './job-host.ts';

const FIRMWARE = buildApp({ sizeBytes: 131_072 });
const SMALL = buildApp({ sizeBytes: 16_384 });
const OTHER = buildApp({ sizeBytes: 65_536, version: '3.0.0' });

describe('two hosts, each with a folder of its own, and one device', () => {
  const closing = useClosing();

  it('are told apart by the device: the second says that another update is in progress, and the first ends well', async () => {
    const board = await startDevice({ costs: realisticCosts });
    closing.push(() => board.close());
    const [first, second] = [await hostOf(closing), await hostOf(closing)].map(({ port }) => new JobPage(port));
    if (first === undefined || second === undefined) throw new Error('no hosts');
    const [mine, theirs] = [jobFor(board.origin, FIRMWARE), jobFor(board.origin, OTHER)];
    await first.create(FIRMWARE, mine);
    await first.until(mine, ({ update }) => update?.phase === 'writing' && update.progress.acknowledged > 0);
    // In the middle, for as long as the second one takes to find out.
    await first.order(mine, { kind: 'pause' });
    await first.until(mine, ({ standing }) => standing.kind === 'paused');

    await second.create(OTHER, theirs);
    const { standing } = await second.until(theirs, hasEnded);
    const outcome = standing.kind === 'ended' ? standing.outcome : null;
    expect(outcome).to.deep.include({ outcome: 'failed', code: 'other-session', oldFirmware: 'runs' });
    expect(outcome).to.have.nested.property('otherSession.expectedSize', FIRMWARE.length);

    await first.order(mine, { kind: 'resume' });
    expect(outcomeOf(await first.until(mine, hasEnded))).to.equal('updated');
    expect(hashOf(board.device.runningImage)).to.equal(mine.firmware.sha256);
    expect(board.device.writeLog.filter(({ offset }) => offset === 0)).to.have.length(1);
  });

  it('leave it to the first, also where both begin to send the same file in the same moment', async () => {
    // Both have asked before either has begun.
    const board = await startDevice({ costs: { ...realisticCosts, roundTripMs: 300 } });
    closing.push(() => board.close());
    const pages = [await hostOf(closing), await hostOf(closing)].map(({ port }) => new JobPage(port));
    const ends = await Promise.all(
      pages.map(async (page) => {
        const job = jobFor(board.origin, SMALL);
        await page.create(SMALL, job);
        const { standing } = await page.until(job, hasEnded);
        return standing.kind === 'ended' && standing.outcome.outcome === 'failed' ? standing.outcome.code : 'updated';
      }),
    );
    expect(ends).to.have.members(['updated', 'other-session']);
    expect(board.device.requests.filter(({ path }) => path.endsWith('/begin'))).to.have.length(2);
    expect(board.device.writeLog.filter(({ offset }) => offset === 0)).to.have.length(1);
  });
});
