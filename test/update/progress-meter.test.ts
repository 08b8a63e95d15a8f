import { expect } from 'chai';
import {
  ProgressMeter,
  SPEED_WINDOW_MS,
  STABLE_AFTER_ACKNOWLEDGEMENTS,
  STABLE_AFTER_MS,
  USUAL_BLOCK,
} from '../../src/update/progress-meter.ts';
import { NEW, session } from './scripted/scripted.ts';

const TOTAL = 1_000_000;
const CHUNK = 4096;
const snapshot = (meter: ProgressMeter) => meter.snapshot(CHUNK);

/** A meter whose session was opened at `from` and that acknowledges `bytes` every `everyMs`, `times` times. */
function steady(times: number, everyMs: number, bytes: number, from = 0): ProgressMeter {
  const meter = new ProgressMeter(TOTAL);
  meter.enter(session(), from);
  for (let time = 1; time <= times; time++) meter.acknowledge(time * bytes, from + time * everyMs);
  return meter;
}

describe('progress', () => {
  it('starts with nothing but the size of the image', () => {
    expect(new ProgressMeter(TOTAL).snapshot(CHUNK)).to.deep.equal({
      acknowledged: 0,
      total: TOTAL,
      inFlight: null,
      blockSize: USUAL_BLOCK,
      slot: null,
      capacityBytes: null,
      retried: [],
      retries: 0,
      chunkBytes: CHUNK,
      sessionRestarts: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    });
  });

  it('counts what the device acknowledged, not what was sent', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.enter(session(), 0);
    meter.send({ start: 0, end: CHUNK });
    expect(snapshot(meter)).to.deep.include({ acknowledged: 0, inFlight: { start: 0, end: CHUNK } });
    meter.acknowledge(CHUNK, 1);
    expect(snapshot(meter)).to.deep.include({ acknowledged: CHUNK, inFlight: null });
    expect(meter.acknowledged).to.equal(CHUNK);
  });

  it('is never more than the whole, whatever the device counts', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.acknowledge(2 * TOTAL, 1);
    expect(meter.acknowledged).to.equal(TOTAL);
  });

  it('is complete with the last byte, and not before', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.acknowledge(TOTAL - 1, 1);
    expect(meter.complete).to.equal(false);
    meter.acknowledge(TOTAL, 2);
    expect(meter.complete).to.equal(true);
    expect(meter.total).to.equal(TOTAL);
  });

  it('of nothing is complete at once, and divides nothing by nothing', () => {
    const meter = new ProgressMeter(0);
    expect(meter.complete).to.equal(true);
    meter.acknowledge(0, 0);
    meter.acknowledge(0, 5000);
    expect(snapshot(meter)).to.include({ acknowledged: 0, bytesPerSecond: 0, secondsLeft: null });
  });
});

describe('what the device tells of the slot it writes to', () => {
  it('is shown: block, slot, room, and how far it is', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.enter(session({ blockSize: 8192, capacityBytes: 500, writtenBytes: CHUNK }), 0);
    const shown = { blockSize: 8192, slot: NEW.label, capacityBytes: 500, acknowledged: CHUNK };
    expect(snapshot(meter)).to.include(shown);
  });

  it('stays as it was told before where a later answer tells nothing', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.enter(session({ blockSize: 8192, capacityBytes: 500 }), 0);
    meter.enter(session({ blockSize: null, capacityBytes: null, slot: null, writtenBytes: null }), 1);
    expect(snapshot(meter)).to.include({ blockSize: 8192, slot: NEW.label, capacityBytes: 500, acknowledged: 0 });
  });

  it('takes the size of the slot for the room where only that is told', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.enter(session({ capacityBytes: null }), 0);
    expect(snapshot(meter).capacityBytes).to.equal(NEW.size);
  });
});

describe('ranges that needed more than one try', () => {
  function retriedIn(...ranges: readonly (readonly [number, number])[]) {
    const meter = new ProgressMeter(TOTAL);
    for (const [start, end] of ranges) {
      meter.send({ start, end });
      meter.countRetry();
    }
    return snapshot(meter).retried.map(({ start, end }) => [start, end]);
  }

  it('are kept in order', () => {
    expect(retriedIn([20, 30], [0, 10])).to.deep.equal([
      [0, 10],
      [20, 30],
    ]);
  });

  it('are merged where they overlap, where one lies in the other, and where they touch', () => {
    expect(retriedIn([0, 10], [5, 15])).to.deep.equal([[0, 15]]);
    expect(retriedIn([0, 20], [5, 10])).to.deep.equal([[0, 20]]);
    expect(retriedIn([5, 10], [0, 20])).to.deep.equal([[0, 20]]);
    expect(retriedIn([0, 10], [10, 20])).to.deep.equal([[0, 20]]);
    expect(retriedIn([10, 20], [0, 10])).to.deep.equal([[0, 20]]);
  });

  it('are merged over a gap that the new one fills, and not with others', () => {
    expect(retriedIn([0, 10], [20, 30], [100, 110], [10, 20])).to.deep.equal([
      [0, 30],
      [100, 110],
    ]);
  });

  it('count every try, and none is in flight after it', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.send({ start: 0, end: 10 });
    meter.countRetry();
    meter.countRetry();
    expect(snapshot(meter)).to.deep.include({ retries: 2, inFlight: null, retried: [{ start: 0, end: 10 }] });
  });

  it('are forgotten with the session, and the tries are not', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.send({ start: 0, end: 10 });
    meter.countRetry();
    meter.acknowledge(10, 1);
    meter.send({ start: 10, end: 20 });
    meter.startOver();
    expect(snapshot(meter)).to.deep.include({
      acknowledged: 0,
      retried: [],
      retries: 1,
      sessionRestarts: 1,
      inFlight: null,
    });
    expect(meter.sessionRestarts).to.equal(1);
  });
});

describe('the speed', () => {
  it('is not known before the second acknowledgement', () => {
    const meter = new ProgressMeter(TOTAL);
    expect(snapshot(meter).bytesPerSecond).to.equal(null);
    meter.enter(session(), 0);
    expect(snapshot(meter).bytesPerSecond).to.equal(null);
    meter.acknowledge(1000, 500);
    expect(snapshot(meter).bytesPerSecond).to.equal(2000);
  });

  it('is not known from two at the same moment: nothing is divided by nothing', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.acknowledge(0, 100);
    meter.acknowledge(1000, 100);
    expect(snapshot(meter).bytesPerSecond).to.equal(null);
  });

  it('does not count what was there before: a resumed update is no faster', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.enter(session({ writtenBytes: 600_000 }), 0);
    meter.acknowledge(601_000, 1000);
    expect(snapshot(meter).bytesPerSecond).to.equal(1000);
  });

  it('is that of the last seconds: a link that got worse shows', () => {
    const meter = steady(10, 1000, 10_000);
    expect(snapshot(meter).bytesPerSecond).to.equal(10_000);
    let at = 10_000;
    for (let bytes = 100_000; at <= 10_000 + SPEED_WINDOW_MS; at += 1000, bytes += 1000) meter.acknowledge(bytes, at);
    expect(snapshot(meter).bytesPerSecond).to.equal(1000);
  });

  it('is the mean of the last seconds, not that of the last chunk', () => {
    const meter = new ProgressMeter(TOTAL);
    for (let at = 0, bytes = 0; at <= 6; at++, bytes += at % 2 === 0 ? 1000 : 3000) {
      meter.acknowledge(bytes, 60_000 + at * 1000);
      snapshot(meter);
    }
    expect(snapshot(meter).bytesPerSecond).to.equal(2000);
  });

  it('is not known, and not without end, from two at the same moment after a long silence', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.acknowledge(0, 0);
    meter.acknowledge(1000, 2 * SPEED_WINDOW_MS);
    meter.acknowledge(2000, 2 * SPEED_WINDOW_MS);
    expect(snapshot(meter).bytesPerSecond).to.equal(null);
  });

  it('still counts what lies at the very edge of the window', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.acknowledge(0, 0);
    meter.acknowledge(8000, SPEED_WINDOW_MS);
    meter.acknowledge(8000, SPEED_WINDOW_MS);
    expect(snapshot(meter).bytesPerSecond).to.equal((8000 * 1000) / SPEED_WINDOW_MS);
  });

  it('is told over a single chunk that took longer than the window', () => {
    const meter = new ProgressMeter(TOTAL);
    meter.acknowledge(0, 0);
    meter.acknowledge(CHUNK, 2 * SPEED_WINDOW_MS);
    expect(snapshot(meter).bytesPerSecond).to.equal((CHUNK * 1000) / (2 * SPEED_WINDOW_MS));
  });

  it('starts anew after a pause, after trouble and after a session was started over', () => {
    for (const after of ['resetSpeed', 'countRetry', 'startOver'] as const) {
      const meter = steady(10, 1000, 10_000);
      meter[after]();
      expect(snapshot(meter), after).to.include({ bytesPerSecond: null, secondsLeft: null });
      meter.acknowledge(100_000, 60_000);
      meter.acknowledge(105_000, 61_000);
      expect(snapshot(meter), after).to.include({ bytesPerSecond: 5000, secondsLeft: null });
    }
  });
});

describe('the time left', () => {
  it('is hidden until some seconds have passed', () => {
    const quick = STABLE_AFTER_MS / 10;
    for (const from of [0, 60_000]) {
      expect(snapshot(steady(9, quick, 1000, from)).secondsLeft).to.equal(null);
      expect(snapshot(steady(10, quick, 1000, from)).secondsLeft).to.be.a('number');
    }
  });

  it('is hidden until several chunks were acknowledged', () => {
    const times = STABLE_AFTER_ACKNOWLEDGEMENTS;
    expect(snapshot(steady(times - 1, STABLE_AFTER_MS, 1000)).secondsLeft).to.equal(null);
    expect(snapshot(steady(times, STABLE_AFTER_MS, 1000)).secondsLeft).to.be.a('number');
  });

  it('is what is left at this speed, in whole seconds, rounded up', () => {
    const meter = steady(5, 1000, 1000);
    expect(snapshot(meter).secondsLeft).to.equal((TOTAL - 5000) / 1000);
    meter.acknowledge(6001, 6000);
    expect(snapshot(meter).secondsLeft).to.equal(Math.ceil((TOTAL - 6001) / (6001 / 6)));
  });

  it('stays once it was stable, also where chunks are so long that few fit the window', () => {
    const meter = steady(5, 1000, 1000);
    expect(snapshot(meter).secondsLeft).to.be.a('number');
    meter.acknowledge(6000, 5000 + SPEED_WINDOW_MS);
    expect(snapshot(meter).secondsLeft).to.be.a('number');
    meter.acknowledge(7000, 5000 + 2 * SPEED_WINDOW_MS);
    expect(snapshot(meter).secondsLeft).to.be.a('number');
  });

  it('is not shown while nothing moves, since it is not known then', () => {
    expect(snapshot(steady(10, 1000, 0))).to.include({ bytesPerSecond: 0, secondsLeft: null });
  });

  it('is nothing at the end, and never less', () => {
    const meter = steady(5, 1000, 1000);
    meter.acknowledge(TOTAL, 6000);
    expect(snapshot(meter).secondsLeft).to.equal(0);
  });
});
