import { expect } from 'chai';
import { progressLine } from '../../../src/words/cli/push.ts';
import { bytesInWords, speedInWords } from '../../../src/words/kit/quantities.ts';
import { jobRefusalWords } from '../../../src/words/host/jobs.ts';
import { progress } from '../update/states.ts';

describe('numbers in the terminal', () => {
  it('have the units of the page', () => {
    const bytesPerSecond = 61_440;
    const line = progressLine('Writing', {
      ...progress,
      acknowledged: 4096,
      total: 99_936,
      bytesPerSecond,
      secondsLeft: 1.5,
    });
    expect(line).to.equal(`Writing, 4,096 of 99,936 bytes, ${speedInWords(bytesPerSecond)}, 2 s left`);
    const whole = { ...progress, acknowledged: 4096, total: 4096, bytesPerSecond, secondsLeft: 0 };
    expect(progressLine('Restarting', whole)).to.equal('Restarting, 4,096 of 4,096 bytes');
    const most = 64 * 1024 * 1024;
    expect(jobRefusalWords({ kind: 'too-large', most })).to.contain(`larger than ${bytesInWords(most)}, `);
  });
});
