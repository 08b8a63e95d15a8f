import { expect } from 'chai';
import type { RolloutNews } from '../../../src/model/jobs/host-rollout.ts';
import { buildApp } from '../../firmware/image-builder.ts';
import { startDevice, type ServedSimulated } from '../jobs/job-host.ts';
import { beginsOf, isOver, linesOf, rolloutFor, RolloutPage } from './rollout-host.ts';
import { hostOf, useClosing } from '../closing.ts';

const FIRMWARE = buildApp({ sizeBytes: 16_384 });
const COUNT = 100;

describe('a rollout of a hundred devices', () => {
  const closing = useClosing();

  it('updates each of them once, and tells each change of a line once', async () => {
    const host = await hostOf(closing, { logLevel: 'warn' });
    const page = new RolloutPage(host.port);
    const boards: ServedSimulated[] = [];
    for (let at = 0; at < COUNT; at += 1) {
      const board = await startDevice();
      closing.push(() => board.close());
      boards.push(board);
    }
    const asked = rolloutFor(boards, FIRMWARE, {
      options: { firstWave: 2, width: 32, stopAt: { failures: 3, share: null } },
    });
    await page.begin(FIRMWARE, asked);
    const told: RolloutNews[] = [];
    const stream = await page.followAll({ jobs: [], rollouts: [{ id: asked.id, key: asked.key, after: null }] });
    while (told.at(-1)?.standing !== 'ended') {
      const { event } = await stream.next();
      if (event.kind === 'rollout') told.push(event.rollout);
    }
    stream.close();
    const end = await page.rollout(asked);
    expect(isOver(end)).to.equal(true);
    expect(new Set(linesOf(end))).to.deep.equal(new Set(['updated']));
    expect(boards.map(beginsOf)).to.deep.equal(boards.map(() => 1));
    // Looked at, running, ended, and some told a second time where they changed while they were told.
    const lines = told.slice(1).reduce((all, { lines: some }) => all + some.length, 0);
    expect(lines).to.be.at.most(6 * COUNT);
    expect(told.slice(1).every(({ devices }) => devices === null)).to.equal(true);
  });
});
