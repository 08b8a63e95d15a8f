import { expect } from 'chai';
import { runRollout } from '../../src/rollout/run-rollout.ts';
import { RolloutControls } from '../../src/rollout/controls.ts';
import { countRollout, failedOf, restOf } from '../../src/model/rollout/rollout-state.ts';
import { OFF, Floor, settle, planFor, start, phase } from './floor.ts';

describe('a rollout', () => {
  it('begins with the first wave alone, and goes on by itself where that went well', async () => {
    const run = await start(planFor(5));
    expect(run.floor.started).to.deep.equal(['device-0']);
    await run.floor.end('device-0');
    expect([...run.floor.running.keys()]).to.deep.equal(['device-1', 'device-2', 'device-3']);
  });

  it('asks where the first wave failed, and starts nothing until it is told', async () => {
    const run = await start(planFor(4));
    await run.floor.end('device-0', 'rolled-back');
    expect(phase(run)).to.equal('asking');
    expect(run.floor.running.size).to.equal(0);
    run.controls.answerFirstWave('go-on');
    await settle();
    expect(run.floor.running.size).to.equal(3);
  });

  it('asks too where somebody cancelled the first wave: it proved nothing', async () => {
    const run = await start(planFor(4));
    await run.floor.end('device-0', 'cancelled');
    expect(phase(run)).to.equal('asking');
    expect(run.floor.running.size).to.equal(0);
  });

  it('takes a button that is pressed while it notifies of a change', async () => {
    const floor = new Floor();
    const controls = new RolloutControls();
    controls.pause();
    const end = runRollout(planFor(1, { firstWave: 0 }), floor, controls, ({ phase: now }) => {
      if (now === 'paused') controls.resume();
    });
    await settle();
    await floor.end('device-0');
    expect(countRollout((await end).lines)).to.include({ well: 1 });
  });

  it('leaves out a device whose update could not begin at its turn', async () => {
    const floor = new Floor();
    const update = floor.update;
    floor.update = (id) =>
      id === 'device-1' ? Promise.resolve({ kind: 'not-ready', why: { because: 'under-way' } }) : update(id);
    const run = await start(planFor(3, { firstWave: 0, width: 1 }), floor);
    await floor.end('device-0');
    await floor.end('device-2');
    const end = await run.end;
    expect(end.lines.get('device-1')).to.deep.equal({ kind: 'skipped', why: { because: 'under-way' } });
    expect(countRollout(end.lines)).to.include({ well: 2, skipped: 1 });
  });

  it('ends with the rest not started where the person stops after the first wave', async () => {
    const run = await start(planFor(4));
    await run.floor.end('device-0', 'rejected');
    run.controls.answerFirstWave('stop');
    const end = await run.end;
    expect(end.stopped).to.equal('first-wave');
    expect(countRollout(end.lines)).to.include({ failed: 1, notStarted: 3 });
  });

  it('leaves out devices that are off, before anything starts, and takes the next for the first wave', async () => {
    const floor = new Floor();
    floor.off = new Set(['device-0', 'device-2']);
    const run = await start(planFor(4), floor);
    expect(floor.started).to.deep.equal(['device-1']);
    expect(run.states.at(-1)?.lines.get('device-2')).to.deep.include({ kind: 'skipped', why: OFF });
  });

  it('asks once for all devices of which it may be the only update, before anything starts', async () => {
    const floor = new Floor();
    floor.only = new Set(['device-1', 'device-2', 'device-3']);
    floor.off = new Set(['device-2']);
    let answer: (yes: boolean) => void = () => undefined;
    floor.agrees = new Promise((resolve) => (answer = resolve));
    const rollout = await start(planFor(4), floor);
    expect(floor.agreedTo, 'those that are left').to.deep.equal([['device-1', 'device-3']]);
    expect(floor.started).to.deep.equal([]);
    answer(true);
    await settle();
    expect(floor.started).to.deep.equal(['device-0']);
    rollout.controls.finish();
    await floor.end('device-0');
    await rollout.end;
    expect(floor.agreedTo).to.have.length(1);
  });

  it('starts nothing where the person does not agree to that, and asks nothing where there is none', async () => {
    const floor = new Floor();
    floor.only = new Set(['device-1']);
    floor.agrees = false;
    const { end } = await start(planFor(2), floor);
    const { stopped, lines } = await end;
    expect([stopped, [...lines.values()].map(({ kind }) => kind)]).to.deep.equal([
      'person',
      ['not-started', 'not-started'],
    ]);
    expect(floor.started).to.deep.equal([]);
    const other = await start(planFor(1));
    await other.floor.end('device-0');
    await other.end;
    expect(other.floor.agreedTo).to.deep.equal([]);
  });

  it('asks eight devices at once', async () => {
    const floor = new Floor();
    await start(planFor(20), floor);
    expect(floor.mostLooking).to.equal(8);
  });

  it('names the devices that failed, and those that are still to come', async () => {
    const floor = new Floor();
    floor.off = new Set(['device-3']);
    const run = await start(planFor(4, { firstWave: 0 }), floor);
    await floor.end('device-0');
    await floor.end('device-1', 'failed');
    await floor.end('device-2', 'cancelled');
    const { lines } = await run.end;
    expect(failedOf(lines)).to.deep.equal(['device-1']);
    expect(restOf(lines)).to.deep.equal(['device-2', 'device-3']);
  });
});
