import { expect } from 'chai';
import { LONGEST_PATIENCE_MS, RESTART_PATIENCE_MS } from '../../../src/model/update/restart-patience.ts';

describe('the patience with a restart', () => {
  it('is two minutes unless it is set, and an hour at most', () => {
    expect([RESTART_PATIENCE_MS, LONGEST_PATIENCE_MS]).to.deep.equal([120_000, 3_600_000]);
  });

  it('is told in whole seconds, on the page and by the command line', () => {
    expect(RESTART_PATIENCE_MS % 1_000).to.equal(0);
  });
});
