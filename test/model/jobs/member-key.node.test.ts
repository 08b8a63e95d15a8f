import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { keyInHash, memberKeyText } from '../../../src/model/jobs/member-key.ts';

describe('The key of a job of a rollout', () => {
  it('is the first half of the hash, as base64url has it', () => {
    for (let times = 0; times < 200; times += 1) {
      const hash = createHash('sha256').update(randomBytes(8)).digest();
      expect(keyInHash(hash.toString('hex'))).to.equal(hash.subarray(0, 16).toString('base64url'));
    }
  });

  it('is another one for each job, and for each rollout', () => {
    const texts = [memberKeyText('k', 'a'), memberKeyText('k', 'b'), memberKeyText('l', 'a')];
    expect(new Set(texts).size).to.equal(3);
  });
});
