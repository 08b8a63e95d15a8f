/** What pauses a rollout and what stops it, today and in an earlier visit. */
import { expect } from 'chai';
import { countRollout } from '../../src/model/rollout/rollout-state.ts';
import type { OutcomeName } from '../../src/model/update/update-state.ts';
import { Floor, settle, ids, planFor, start, phase } from './floor.ts';

describe('a rollout', () => {
  it('starts nothing while it is paused, and goes on when resumed', async () => {
    const run = await start(planFor(6, { firstWave: 0, width: 2 }));
    run.controls.pause();
    await run.floor.end('device-0');
    expect(phase(run)).to.equal('paused');
    expect([...run.floor.running.keys()]).to.deep.equal(['device-1']);
    run.controls.resume();
    await settle();
    expect(run.floor.running.size).to.equal(2);
  });

  it('stops after the current ones', async () => {
    const run = await start(planFor(6, { firstWave: 0, width: 2 }));
    run.controls.finish();
    await settle();
    expect(phase(run)).to.equal('finishing');
    await run.floor.end('device-0');
    await run.floor.end('device-1');
    const end = await run.end;
    expect(end.stopped).to.equal('person');
    expect(countRollout(end.lines)).to.include({ well: 2, notStarted: 4 });
  });

  it('stops by itself at a number of failures', async () => {
    const run = await start(planFor(9, { firstWave: 0, width: 2, stopAt: { failures: 2, share: null } }));
    await run.floor.end('device-0', 'failed');
    await run.floor.end('device-1', 'not-seen-again');
    await run.floor.end('device-2');
    const end = await run.end;
    expect(end.stopped).to.equal('stop-mark');
    expect(run.floor.started.length).to.equal(3);
  });

  it('stops by itself at a share of failures, but not on the first few', async () => {
    const run = await start(planFor(20, { firstWave: 0, width: 1, stopAt: { failures: null, share: 0.5 } }));
    for (const [at, outcome] of (['failed', 'failed', 'updated', 'updated', 'failed'] as const).entries()) {
      expect(run.floor.started.length).to.equal(at + 1);
      await run.floor.end(`device-${at}`, outcome);
    }
    expect((await run.end).stopped).to.equal('stop-mark');
  });

  it('does not update again what an earlier visit brought to an end', async () => {
    const done = new Map<string, OutcomeName>([
      ['device-0', 'updated'],
      ['device-1', 'failed'],
    ]);
    const run = await start(planFor(4, { done }));
    expect(run.floor.started).to.deep.equal(['device-2', 'device-3']);
  });

  it('starts nothing where an earlier visit came to the stop mark', async () => {
    const done = new Map<string, OutcomeName>(ids(3).map((id) => [id, 'failed']));
    const run = await start(planFor(9, { done, firstWave: 0, stopAt: { failures: 3, share: null } }));
    const end = await run.end;
    expect([run.floor.looks, run.floor.started.length, end.stopped]).to.deep.equal([0, 0, 'stop-mark']);
    expect(countRollout(end.lines)).to.include({ failed: 3, notStarted: 6 });
    const most = new Map<string, OutcomeName>(ids(5).map((id, at) => [id, at < 2 ? 'updated' : 'failed']));
    const shared = await start(planFor(9, { done: most, stopAt: { failures: null, share: 0.6 } }));
    expect([shared.floor.started.length, (await shared.end).stopped]).to.deep.equal([0, 'stop-mark']);
  });

  it('counts failures of an earlier visit, but for those that were forgiven', async () => {
    const done = new Map<string, OutcomeName>(ids(2).map((id) => [id, 'failed']));
    const of = { done, firstWave: 0, width: 1, stopAt: { failures: 3, share: null } };
    const counting = await start(planFor(9, of));
    await counting.floor.end('device-2', 'failed');
    expect([counting.floor.started.length, (await counting.end).stopped]).to.deep.equal([1, 'stop-mark']);
    const anew = await start(planFor(9, { ...of, forgiven: new Set(ids(2)) }));
    for (const at of [2, 3, 4]) await anew.floor.end(`device-${at}`, 'failed');
    expect([anew.floor.started.length, (await anew.end).stopped]).to.deep.equal([3, 'stop-mark']);
  });

  it('takes “stop” while it asks: no other device is asked, and none is started', async () => {
    const floor = new Floor();
    let answer: () => void = () => undefined;
    floor.answering = new Promise((resolve) => (answer = resolve));
    const run = await start(planFor(20), floor);
    run.controls.finish();
    answer();
    const end = await run.end;
    expect([floor.looks, floor.started.length, end.stopped]).to.deep.equal([8, 0, 'person']);
    expect(countRollout(end.lines).notStarted).to.equal(20);
  });
});
