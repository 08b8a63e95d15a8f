import { expect } from 'chai';
import { OnceIn } from '../../src/host/once-in.ts';

describe('What is said once in a minute', () => {
  it('is said of each, and again when the minute is over', () => {
    let now = 0;
    const once = new OnceIn(60_000, () => now);
    expect([once.isDue('a'), once.isDue('a'), once.isDue('b')]).to.deep.equal([true, false, true]);
    now = 59_999;
    expect(once.isDue('a')).to.equal(false);
    now = 60_000;
    expect([once.isDue('a'), once.isDue('a')]).to.deep.equal([true, false]);
  });
});
