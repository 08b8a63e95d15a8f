import { expect } from 'chai';
import { BLOCK_BYTES, Flash } from '../../src/simulator/flash.ts';
import { noCosts } from '../../src/simulator/clock.ts';
import { ConnectionDropped, Power } from '../../src/simulator/power.ts';
import { SleepingClock } from './bench.ts';

describe('Flash of the simulated device', () => {
  const blocks = 3;
  let clock: SleepingClock;
  let power: Power;
  let flash: Flash;

  beforeEach(() => {
    clock = new SleepingClock();
    power = new Power();
    flash = new Flash(blocks * BLOCK_BYTES, clock, { eraseMsPerBlock: 25, programMsPerBlock: 11, roundTripMs: 0 });
  });

  it('is all ones when it is new', () => {
    expect(flash.read(0, flash.size).every((byte) => byte === 0xff)).to.be.true;
  });

  it('only clears bits when it is programmed', async () => {
    await flash.program(10, new Uint8Array([0b1100_1100]), power);
    await flash.program(10, new Uint8Array([0b1010_1010]), power);
    expect(flash.read(10, 1)[0]).to.equal(0b1000_1000);
  });

  it('sets bits only by erasing the whole block', async () => {
    await flash.program(BLOCK_BYTES - 1, new Uint8Array([1, 2]), power);
    await flash.erase(0, power);
    expect([...flash.read(BLOCK_BYTES - 1, 2)]).to.deep.equal([0xff, 2]);
    expect(flash.blocksErased).to.equal(1);
  });

  it('counts bytes that are programmed again without an erase between', async () => {
    await flash.program(0, new Uint8Array(100), power);
    await flash.program(90, new Uint8Array(20), power);
    expect(flash.bytesProgrammedTwice).to.equal(10);
    await flash.erase(0, power);
    await flash.program(0, new Uint8Array(100), power);
    expect(flash.bytesProgrammedTwice).to.equal(10);
  });

  it('takes 25 ms for an erase and 11 ms for 4096 bytes, and says how long it was busy', async () => {
    await flash.erase(0, power);
    await flash.program(0, new Uint8Array(BLOCK_BYTES * 2), power);
    expect(flash.busyMs).to.equal(25 + 2 * 11);
    expect(clock.now()).to.equal(flash.busyMs);
  });

  it('stops in the middle when the power goes', async () => {
    const sleeps: (() => void)[] = [];
    const slow = new Flash(
      blocks * BLOCK_BYTES,
      { now: () => 0, sleep: () => new Promise((resolve) => sleeps.push(resolve)) },
      { eraseMsPerBlock: 1, programMsPerBlock: 1, roundTripMs: 0 },
    );
    const work = slow.program(0, new Uint8Array(2 * BLOCK_BYTES), power).catch((error: unknown) => error);
    sleeps.shift()?.();
    while (sleeps.length === 0) await Promise.resolve();
    power.cut();
    sleeps.shift()?.();
    expect(await work).to.be.instanceOf(ConnectionDropped);
    expect(slow.read(0, BLOCK_BYTES).every((byte) => byte === 0)).to.be.true;
    expect(slow.read(BLOCK_BYTES, BLOCK_BYTES).every((byte) => byte === 0xff)).to.be.true;
  });

  it('refuses what lies outside, and sizes that are not whole blocks', async () => {
    const beyond = await flash.program(flash.size - 1, new Uint8Array(2), power).catch((error: unknown) => error);
    expect(beyond).to.be.instanceOf(RangeError);
    expect(() => new Flash(BLOCK_BYTES + 1, clock, noCosts)).to.throw(RangeError);
  });
});
