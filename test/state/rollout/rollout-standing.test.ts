import { expect } from 'chai';
import type { RolloutView } from '../../../src/model/rollout/rollout-view.ts';
import { givesWay } from '../../../src/state/rollout/rollout-standing.ts';

const [FIRST, SECOND] = ['ab'.repeat(32), 'cd'.repeat(32)];
const ENDED: RolloutView = {
  ...{ kind: 'ended', paused: false, finishing: false },
  firmware: { sha256: FIRST, name: 'kitchen.bin', version: null },
  state: { phase: 'ended', lines: new Map(), width: 1, stopped: null },
};

describe('An ended rollout', () => {
  it('gives way to the next one where another file is on the screen, and only there', () => {
    expect(givesWay(ENDED, SECOND, null)).to.equal(true);
    expect(givesWay(ENDED, FIRST, null), 'its own').to.equal(false);
    expect(givesWay(ENDED, null, null), 'none').to.equal(false);
    expect(givesWay({ ...ENDED, kind: 'running' }, SECOND, null), 'while it runs').to.equal(false);
  });

  it('stays in sight of a person who saw it end with another file on the screen, until one is chosen', () => {
    expect(givesWay(ENDED, SECOND, SECOND)).to.equal(false);
    expect(givesWay(ENDED, 'ef'.repeat(32), SECOND)).to.equal(true);
  });
});
