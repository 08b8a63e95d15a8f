import { expect } from 'chai';
import { backoffMs, firstWait, nextWait, sleepIn } from '../../src/agent/polling.ts';
import { isWithin } from '../../src/model/agent/agent-settings.ts';

describe('the time between two polls', () => {
  it('is read as hawkBit writes it', () => {
    expect(sleepIn('00:05:00')).to.equal(300_000);
    expect(sleepIn('23:59:59')).to.equal(86_399_000);
    expect(sleepIn('P1DT2H0M0S')).to.equal(26 * 3_600_000);
    expect(sleepIn('PT30S')).to.equal(30_000);
  });

  it('is not guessed', () => {
    for (const text of ['', 'soon', '5', 'P', 'PT', '00:00:00', '00:99:00', '-00:05:00'])
      expect(sleepIn(text), text).to.equal(null);
  });

  it('is bounded, whatever the server says', () => {
    expect(sleepIn('P9999D')).to.equal(7 * 86_400_000);
  });

  it('spreads a thousand targets over the interval after the first round', () => {
    const waits = Array.from(
      { length: 1_000 },
      (_, position) => firstWait(position) + nextWait(300_000, 1, position, 1_000),
    );
    const perSecond = new Map<number, number>();
    for (const wait of waits) perSecond.set(Math.floor(wait / 1000), (perSecond.get(Math.floor(wait / 1000)) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).to.be.at.most(5);
    expect(nextWait(300_000, 2, 17, 1_000)).to.equal(300_000);
  });

  it('grows where the server does not answer, up to five minutes', () => {
    const waits = [1, 2, 3, 20].map(backoffMs);
    expect(waits).to.deep.equal([5_000, 10_000, 20_000, 300_000]);
  });
});

describe('hours', () => {
  it('may go over midnight', () => {
    const night = { from: 22 * 60, to: 5 * 60 };
    expect([23 * 60, 0, 299].map((minute) => isWithin(night, minute))).to.deep.equal([true, true, true]);
    expect([300, 600, 1_319].map((minute) => isWithin(night, minute))).to.deep.equal([false, false, false]);
    expect([599, 600, 659, 660].map((minute) => isWithin({ from: 600, to: 660 }, minute))).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
  });
});
