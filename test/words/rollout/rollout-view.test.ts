import { expect } from 'chai';
import { offerInWords } from '../../../src/words/rollout/rollout-view.ts';
import { newRecord } from '../../../src/model/rollout/rollout-record.ts';

describe('A rollout from an earlier visit in words', () => {
  it('says what it left, and where it had stopped', () => {
    const of = { sha256: '', firmwareName: '', devices: ['a', 'b'], firstWave: 1, width: null, startedAt: 0 };
    const record = { ...newRecord({ ...of, stopAt: { failures: 1, share: null } }), ended: [['a', 'failed']] as const };
    expect(offerInWords(record)).to.match(/^1 of 2 devices is done\. It continues/);
    expect(offerInWords({ ...record, stopped: 'stop-mark' }))
      .to.contain('too many failed')
      .and.to.contain('from zero');
    expect(offerInWords({ ...record, stopped: 'person' })).to.contain('You stopped it');
  });
});
