/** What a person tells a rollout that runs or has ended. */
import { expect } from 'chai';
import { failed } from '../given.ts';
import { ALL_AT_ONCE, given, lines, settled } from './rollout-room.ts';

describe('A rollout of the page', () => {
  it('pauses and resumes the updates that run, not only those to come', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 2 });
    await settled();
    const running = [...room.running.values()];
    expect(running).to.have.length(2);
    room.rollouts.pause();
    expect(running.map(({ controls }) => controls.paused)).to.deep.equal([true, true]);
    await room.end(0);
    expect(room.running.size).to.equal(1);
    room.rollouts.resume();
    await settled();
    expect(running[1]?.controls.paused).to.equal(false);
    expect(room.running.size).to.equal(2);
    await room.end(1);
    await room.end(2);
    await whole;
  });

  it('stops after the current ones, also where these are paused', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
    await settled();
    const [first] = room.running.values();
    room.rollouts.pause();
    room.rollouts.finish();
    expect(first?.controls.paused).to.equal(false);
    await room.end(0);
    await whole;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated', 'not-started', 'not-started']);
  });

  it('cancels all that runs, and starts nothing more', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 2 });
    await settled();
    room.rollouts.cancelAll();
    await whole;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['cancelled', 'cancelled', 'not-started']);
  });

  it('asks after a first wave that failed, and tries again only the devices that failed', async () => {
    const room = await given(3);
    const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, firstWave: 1 });
    await settled();
    await room.end(0, failed({ code: 'silent' }));
    const asking = room.rollouts.$rollout.get();
    expect(asking.kind === 'running' && asking.state.phase).to.equal('asking');
    room.rollouts.answer('go-on');
    await settled();
    await room.end(1);
    await room.end(2);
    await whole;
    const again = room.rollouts.retry('failed');
    await settled();
    expect([...room.running.keys()]).to.deep.equal([room.ids[0]]);
    await room.end(0);
    await again;
    expect(lines(room.rollouts.$rollout.get())).to.deep.equal(['updated']);
  });

  it('tries those again that failed, or goes on with those still to come', async () => {
    for (const [which, started] of [
      ['failed', [0]],
      ['rest', [1, 2]],
    ] as const) {
      const room = await given(3);
      const whole = room.rollouts.start(room.ids, { ...ALL_AT_ONCE, width: 1 });
      await settled();
      await room.end(0, failed({ code: 'silent' }));
      room.rollouts.cancelAll();
      await whole;
      room.running.clear();
      const again = room.rollouts.retry(which);
      await settled();
      const view = room.rollouts.$rollout.get();
      const planned = view.kind === 'running' ? [...view.state.lines.keys()] : [];
      expect(planned, which).to.deep.equal(started.map((at) => room.ids[at]));
      for (const at of started) await room.end(at);
      await again;
    }
  });
});
