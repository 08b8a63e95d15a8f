import { expect } from 'chai';
import { retryMoments, speedSteps } from '../../../src/ui/history/speed-steps.ts';

const evenly = Array.from({ length: 101 }, (_, index) => [index * 10, index * 1000] as const);

describe('The speed over an update', () => {
  it('is the same all along where the device went on evenly', () => {
    const steps = speedSteps(evenly, 1000);
    expect(steps.length).to.be.above(10);
    for (const { bytesPerSecond } of steps) expect(bytesPerSecond).to.be.closeTo(100_000, 1);
  });

  it('adds up to what was acknowledged', () => {
    const uneven = [
      [0, 0],
      [100, 50],
      [110, 900],
      [700, 1000],
    ] as const;
    const sum = speedSteps(uneven, 700).reduce(
      (bytes, { from, to, bytesPerSecond }) => bytes + (bytesPerSecond * (to - from)) / 1000,
      0,
    );
    expect(sum).to.be.closeTo(1000, 0.001);
  });

  it('is nothing while it stands still, and never negative where it starts over', () => {
    const steps = speedSteps(
      [
        [0, 0],
        [250, 1000],
        [500, 1000],
        [500, 0],
        [1000, 1000],
      ],
      1000,
    );
    expect(Math.min(...steps.map(({ bytesPerSecond }) => bytesPerSecond))).to.equal(0);
  });

  it('is nothing at all for an update that sent nothing', () => {
    expect(speedSteps([], 1000)).to.be.empty;
    expect(speedSteps([[0, 0]], 0)).to.be.empty;
  });
});

describe('The moments of retries', () => {
  it('are when the byte was reached that needed another try', () => {
    expect(retryMoments(evenly, [{ start: 50_000, end: 54_096 }])).to.deep.equal([500]);
  });

  it('are none where nothing was tried again', () => {
    expect(retryMoments(evenly, [])).to.be.empty;
  });
});
