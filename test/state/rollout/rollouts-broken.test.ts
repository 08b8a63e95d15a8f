/** A defect in the middle of a rollout. */
import { expect } from 'chai';
import { countRollout } from '../../../src/model/rollout/rollout-state.ts';
import type { Outcome } from '../../../src/model/update/update-state.ts';
import { ALL_AT_ONCE, given, lines, settled } from './rollout-room.ts';

describe('A rollout of the page', () => {
  it('goes on where one update breaks by a defect, and says so', async () => {
    const room = await given(2);
    const defect = new TypeError('a defect');
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    const [first] = room.running.values();
    first?.end(Promise.reject(defect) as unknown as Outcome);
    await settled();
    await room.end(1);
    await whole;
    expect(room.troubles).to.deep.equal([defect]);
    const view = room.rollouts.$rollout.get();
    expect(view.kind === 'ended' && countRollout(view.state.lines)).to.include({ failed: 1, well: 1 });
  });

  it('ends where asking a device breaks by a defect, with the others updated', async () => {
    const defect = new TypeError('a defect');
    const room = await given(2, {
      answering: (name) => (name === 'Sensor 0' ? Promise.reject(defect) : Promise.resolve()),
    });
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE);
    await settled();
    await room.end(1);
    expect(await whole).to.equal(null);
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['skipped', 'updated']);
    expect(room.troubles).to.deep.equal([defect]);
  });

  it('does not stand still where it breaks itself, and can begin anew', async () => {
    let answer: () => void = () => undefined;
    const room = await given(1, { answering: () => new Promise((resolve) => (answer = resolve)) });
    const defect = new TypeError('a defect');
    const whole = room.rollouts.start(room.ids, ALL_AT_ONCE).catch((error: unknown) => error);
    await settled();
    const { now } = room.clock;
    room.clock.now = () => {
      throw defect;
    };
    answer();
    expect(await whole).to.equal(defect);
    expect(room.rollouts.$rollout.get().kind).to.equal('ended');
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['not-started']);
    room.clock.now = now;
    const again = room.rollouts.retry('rest');
    await settled();
    answer();
    await settled();
    await room.end(0);
    expect(await again).to.equal(null);
  });
});
