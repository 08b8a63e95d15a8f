import { expect } from 'chai';
import type { Finding, Found } from '../../../src/model/firmware/finding.ts';
import { judge } from '../../../src/model/firmware/judge.ts';
import { findingInWords, verdictInWords } from '../../../src/words/firmware/findings.ts';
import { anInspection } from '../../firmware/an-inspection.ts';

describe('findings in words', () => {
  it('say what an earlier version wrote, as it was written', () => {
    expect(findingInWords({ reason: 'no-hash', text: 'It has no hash, we think.' })).to.equal(
      'It has no hash, we think.',
    );
  });

  it('of a judgement are every warning, and one refusal', () => {
    const warnings: readonly Found[] = [{ reason: 'no-hash' }, { reason: 'no-descriptor' }];
    const inspection = anInspection({ verdict: 'warn', finding: { reason: 'no-hash' }, warnings });
    const device = { chipId: 9, capacityBytes: null, updateSlot: null };
    expect(verdictInWords(judge(inspection, device))).to.match(/^Looks valid.*no hash: .* no name and no version\.$/);
    const refused = judge(inspection, { ...device, updateSlot: 'none' });
    expect(verdictInWords(refused)).to.match(/^This device has no update slot: [^.]*\. [^.]*\.$/);
  });

  const counted: readonly (readonly [Finding, RegExp])[] = [
    [{ reason: 'trailing-bytes', bytes: 1 }, /^1 unknown byte follows /],
    [{ reason: 'trailing-bytes', bytes: 2048 }, /^2,048 unknown bytes follow /],
    [{ reason: 'damaged', kind: 'stray-bytes', bytes: 1 }, / 1 byte of this UF2 file belongs /],
    [{ reason: 'damaged', kind: 'stray-bytes', bytes: 2 }, / 2 bytes of this UF2 file belong /],
    [{ reason: 'truncated', kind: 'blocks', blocks: 1 }, / 1 block is missing /],
    [{ reason: 'truncated', kind: 'blocks', blocks: 1200 }, / 1,200 blocks are missing /],
    [{ reason: 'truncated', kind: 'bytes', bytes: 1, exact: false }, / at least 1 byte missing/],
  ];
  for (const [finding, told] of counted) {
    it(`count ${JSON.stringify(finding)}`, () => {
      expect(findingInWords(finding)).to.match(told);
    });
  }
});
