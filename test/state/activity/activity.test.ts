import { expect } from 'chai';
import { activityOf, standsStill, type Facts, type RunningUpdate } from '../../../src/state/activity/activity.ts';
import { endText, headlineOf, runningText, subjectText, titleOf } from '../../../src/words/shell/status-bar.ts';
import type { RolloutLine, RolloutState } from '../../../src/model/rollout/rollout-state.ts';
import type { ActiveState, OutcomeName, Progress } from '../../../src/model/update/update-state.ts';
import { writing } from '../given.ts';

const NOTHING: Facts = {
  running: [],
  ended: [],
  rollout: null,
  watch: { kind: 'off' },
  pace: null,
  now: 0,
};
const firmware = { sha256: 'ab', name: 'kitchen.bin', version: '1.4.2' };

function running(name: string, progress: Partial<Progress>, phase: ActiveState['phase'] = 'writing'): RunningUpdate {
  const state = { ...writing, phase, progress: { ...writing.progress, total: 100, ...progress } } as ActiveState;
  const words = { title: phase === 'writing' ? 'Writing' : 'Restarting', detail: '' };
  return { name, view: { kind: 'running', firmware, state, words, paused: false, cancelling: false } };
}

const ended = (name: string, outcome: OutcomeName) => ({ name, outcome, standing: '' });

function rollout(
  kinds: readonly (RolloutLine['kind'] | OutcomeName)[],
  of: { kind?: 'running' | 'ended'; paused?: boolean; phase?: RolloutState['phase'] } = {},
): NonNullable<Facts['rollout']> {
  const lines = kinds.map((kind, at): [string, RolloutLine] => {
    if (kind === 'waiting' || kind === 'running' || kind === 'not-started') return [String(at), { kind }];
    if (kind === 'skipped') return [String(at), { kind, why: { because: 'locked' } }];
    return [String(at), { kind: 'ended', outcome: kind as OutcomeName, whole: null }];
  });
  const state = { phase: of.phase ?? 'rolling', lines: new Map(lines), width: 2, stopped: null };
  return { kind: of.kind ?? 'running', firmware, state, paused: of.paused ?? false, finishing: false };
}

/** What the bar and the tab say. */
function said(facts: Partial<Facts>): readonly string[] {
  const activity = activityOf({ ...NOTHING, ...facts });
  switch (activity.kind) {
    case 'idle':
      return [];
    case 'running':
      return [titleOf(activity), subjectText(activity), runningText(activity)];
    case 'ended':
      return [titleOf(activity), endText(activity)];
  }
}

describe('What is under way', () => {
  it('is nothing where nothing runs', () => {
    expect(activityOf(NOTHING)).to.deep.equal({ kind: 'idle', watch: null });
  });

  it('names the one device, how far it is and how long it still takes', () => {
    const update = running('Kitchen sensor', { acknowledged: 43, secondsLeft: 12 });
    expect(said({ running: [update] })).to.deep.equal([
      '43 % Kitchen sensor · Moult',
      'Kitchen sensor',
      '43 %, 12 s left',
    ]);
  });

  it('is never 100 % while it runs, and says what the device does once it has every byte', () => {
    const update = running('Kitchen sensor', { acknowledged: 100, secondsLeft: 0 }, 'restarting');
    expect(said({ running: [update] })[2]).to.equal('99 %, Restarting');
  });

  it('stands at 0 % before anything is known', () => {
    const update: RunningUpdate = { name: 'Kitchen sensor', view: { kind: 'preparing', firmware } };
    expect(said({ running: [update] })[2]).to.equal('0 %');
  });

  it('counts several devices, tells how far they are together, and waits for the last', () => {
    const facts = {
      running: [
        running('Kitchen sensor', { acknowledged: 50, secondsLeft: 5 }),
        running('Hall', { acknowledged: 0, secondsLeft: 9 }),
      ],
      ended: [ended('Cellar', 'updated')],
    };
    expect(said(facts)).to.deep.equal([
      '50 %, 1 of 3 done · Moult',
      'Updating 3 devices',
      '1 of 3 done, 50 %, 9 s left',
    ]);
  });

  it('says nothing of the time while one of several does not know it', () => {
    const facts = { running: [running('A', { acknowledged: 50, secondsLeft: 5 }), running('B', { acknowledged: 1 })] };
    expect(said(facts)[2]).to.equal('0 of 2 done, 25 %');
  });

  it('is held while it waits for the network or for another try', () => {
    const held = (phase: ActiveState['phase']) =>
      activityOf({ ...NOTHING, running: [running('Kitchen sensor', { acknowledged: 43 }, phase)] });
    expect(held('writing')).to.include({ isHeld: false });
    expect(held('waiting')).to.include({ isHeld: true });
    expect(held('retrying')).to.include({ isHeld: true });
  });

  it('is a rollout by its devices, those that wait for their turn too', () => {
    const facts = {
      rollout: rollout(['updated', 'failed', 'running', 'waiting']),
      running: [running('Hall', { acknowledged: 50 })],
    };
    expect(said(facts)).to.deep.equal(['62 %, 2 of 4 done · Moult', 'Rollout', '2 of 4 done, 62 %']);
  });

  it('tells from the pace so far how long a rollout still takes, once that is steady', () => {
    const pace = { since: 0, from: 0.1 };
    const at = (now: number, done: number) => {
      const lines = [...Array<'updated'>(done).fill('updated'), ...Array<'waiting'>(10 - done).fill('waiting')];
      return said({ rollout: rollout(lines), pace, now })[2];
    };
    expect(at(9_000, 5)).to.equal('5 of 10 done, 50 %');
    expect(at(40_000, 1)).to.equal('1 of 10 done, 10 %');
    expect(at(40_000, 5)).to.equal('5 of 10 done, 50 %, 50 s left');
  });

  it('stands still while a rollout asks or is paused: that time says nothing of the rest', () => {
    expect(standsStill({ rollout: rollout(['running']) })).to.equal(false);
    expect(standsStill({ rollout: rollout(['running'], { paused: true }) })).to.equal(true);
    for (const phase of ['looking', 'asking', 'paused'] as const)
      expect(standsStill({ rollout: rollout(['waiting'], { phase }) }), phase).to.equal(true);
  });

  it('names the watched file only where there is something to say of it', () => {
    const on = { kind: 'on', name: 'build.bin', sendTo: null } as const;
    expect(activityOf({ ...NOTHING, watch: { ...on, event: { kind: 'waiting' } } })).to.include({ watch: null });
    const held = activityOf({ ...NOTHING, watch: { ...on, event: { kind: 'held' } } });
    expect(held.watch).to.deep.equal({ name: 'build.bin', event: { kind: 'held' } });
  });
});

describe('The end of what was under way', () => {
  it('is as clear where it failed as where it went well', () => {
    expect(said({ ended: [ended('Kitchen sensor', 'updated')] })[0]).to.equal('Updated ✓ Kitchen sensor · Moult');
    expect(said({ ended: [ended('Kitchen sensor', 'failed')] })[0]).to.equal('Failed ✗ Kitchen sensor · Moult');
    expect(said({ ended: [ended('Kitchen sensor', 'rolled-back')] })[0]).to.include('Rolled back ✗');
    expect(said({ ended: [ended('Kitchen sensor', 'cancelled')] })[0]).to.equal('Cancelled Kitchen sensor · Moult');
  });

  it('counts several', () => {
    expect(said({ ended: [ended('A', 'updated'), ended('B', 'accepted')] })[1]).to.equal('1 updated, 1 accepted ✓');
    expect(said({ ended: [ended('A', 'updated'), ended('B', 'rejected')] })[1]).to.equal('1 updated, 1 failed ✗');
    expect(said({ ended: [ended('A', 'updated'), ended('B', 'cancelled')] })[1]).to.equal('1 updated, 1 cancelled');
  });

  it('is that of the rollout, with those that had no turn', () => {
    expect(said({ rollout: rollout(['updated', 'failed', 'not-started'], { kind: 'ended' }) })[1]).to.equal(
      '1 updated, 1 failed, 1 not started ✗',
    );
    expect(said({ rollout: rollout(['updated', 'failed', 'skipped'], { kind: 'ended' }) })[1]).to.equal(
      '1 updated, 1 failed, 1 skipped ✗',
    );
    expect(said({ rollout: rollout(['updated', 'skipped'], { kind: 'ended' }) })[1]).to.equal('1 updated, 1 skipped');
    const all = activityOf({ ...NOTHING, rollout: rollout(['updated', 'staged'], { kind: 'ended' }) });
    expect(all.kind === 'ended' && headlineOf(all)).to.equal('1 updated, 1 accepted ✓');
  });
});
