/** How many devices a rollout updates at once. */
import { expect } from 'chai';
import type { Outcome } from '../../src/model/update/update-state.ts';
import { endedAs } from '../update/scripted/outcomes.ts';
import { settle, planFor, start } from './floor.ts';

describe('a rollout', () => {
  it('raises the concurrency while the throughput grows, and lowers it where connections are lost', async () => {
    const run = await start(planFor(60, { firstWave: 0, width: null }));
    const first = run.floor.running.size;
    expect(first).to.equal(4);
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    expect(run.floor.running.size).to.equal(first * 2);
    const [victim] = run.floor.running.keys();
    await run.floor.end(victim ?? '', 'failed');
    expect(run.states.at(-1)?.width).to.equal(first);
  });

  it('starts the rest four at once, however its first wave went', async () => {
    for (const outcome of ['updated', 'failed'] as const) {
      const run = await start(planFor(60, { firstWave: 4, width: null }));
      for (const id of [...run.floor.running.keys()]) await run.floor.end(id, outcome);
      run.controls.answerFirstWave('go-on');
      await settle();
      expect(run.floor.running.size, outcome).to.equal(4);
    }
  });

  it('does not lower it where an update fails for another reason than its connection', async () => {
    const refused = { ...endedAs('failed'), code: 'unauthorised' } as Outcome;
    for (const outcome of ['rolled-back', 'rejected', 'not-seen-again', 'cancelled', refused] as const) {
      const run = await start(planFor(60, { firstWave: 0, width: null }));
      await run.floor.end('device-0', outcome);
      expect(run.states.at(-1)?.width).to.equal(4);
    }
  });

  it('lowers it where most updates needed another try', async () => {
    const stumbled = endedAs('updated');
    const retried = { ...stumbled, progress: { ...stumbled.progress, retries: 3 } };
    const run = await start(planFor(60, { firstWave: 0, width: null }));
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id, retried);
    expect(run.states.at(-1)?.width).to.equal(2);
  });

  it('has the same concurrency after a pause as it would have had without', async () => {
    const run = await start(planFor(60, { firstWave: 0, width: null }));
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    run.floor.took = 400;
    run.controls.pause();
    run.floor.now += 3_600_000;
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    run.controls.resume();
    await settle();
    for (const id of [...run.floor.running.keys()]) await run.floor.end(id);
    expect(run.states.at(-1)?.width).to.equal(16);
  });
});
