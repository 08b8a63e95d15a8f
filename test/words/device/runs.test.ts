import { expect } from 'chai';
import { runsInWords } from '../../../src/words/device/runs.ts';
import { aDevice, ran } from '../../storage/samples.ts';

describe('Which firmware a device runs', () => {
  it('is said to run only where it was seen to', () => {
    const seen = aDevice({ runs: ran('a') });
    const took = aDevice({ runs: { ...ran('a'), proven: false } });
    expect([seen, took, aDevice({})].map(runsInWords)).to.deep.equal(['runs 1.0.0', 'took 1.0.0', '']);
  });
});
