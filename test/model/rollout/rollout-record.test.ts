import { expect } from 'chai';
import {
  endedLines,
  newRecord,
  planOf,
  type RolloutRecord,
  toGoOn,
} from '../../../src/model/rollout/rollout-record.ts';
import { failedBefore } from '../../../src/model/update/nothing-sent.ts';
import {
  countRollout,
  type SkipReason,
  restOf,
  type RolloutLine,
  wentWell,
  wentWrong,
} from '../../../src/model/rollout/rollout-state.ts';
import type { OutcomeName } from '../../../src/model/update/update-state.ts';
import { endedAs } from '../../update/scripted/outcomes.ts';

const ended = (outcome: OutcomeName): RolloutLine => ({ kind: 'ended', outcome, whole: endedAs(outcome) });
const failed = failedBefore(null, 0, { code: 'silent' });
const skipped = (why: SkipReason): RolloutLine => ({ kind: 'skipped', why });

/** One line of every kind. */
const LINES = new Map<string, RolloutLine>([
  ['updated', ended('updated')],
  ['accepted', ended('accepted')],
  ['staged', ended('staged')],
  ['rolled-back', ended('rolled-back')],
  ['rejected', ended('rejected')],
  ['not-seen-again', ended('not-seen-again')],
  ['failed', ended('failed')],
  ['cancelled', ended('cancelled')],
  ['waiting', { kind: 'waiting' }],
  ['looking', { kind: 'looking' }],
  ['also looking', { kind: 'looking' }],
  ['running', { kind: 'running' }],
  ['off', skipped({ because: 'off', failed })],
  ['image', skipped({ because: 'image', finding: { reason: 'no-update-slot' } })],
  ['refused', skipped({ because: 'refused', failed })],
  ['busy', skipped({ because: 'busy', failed })],
  ['under way', skipped({ because: 'under-way' })],
  ['locked', skipped({ because: 'locked' })],
  ['removed', skipped({ because: 'removed' })],
  ['same', skipped({ because: 'same', twin: 'Hall' })],
  ['defect', skipped({ because: 'defect' })],
  ['not-started', { kind: 'not-started' }],
]);

const RECORD: RolloutRecord = newRecord({
  ...{ devices: ['a', 'b', 'c'], firstWave: 1, width: 4, stopAt: { failures: 2, share: 0.5 } },
  ...{ sha256: 'ab'.repeat(32), firmwareName: 'app.bin', startedAt: 5 },
});

describe('what is remembered of a rollout', () => {
  it('begins with nothing ended, not stopped, and nothing forgiven', () => {
    expect(RECORD).to.deep.include({ ended: [], stopped: null, forgiven: [], devices: ['a', 'b', 'c'], startedAt: 5 });
  });

  it('is how each device ended, and nothing of the others', () => {
    expect(endedLines(LINES)).to.deep.equal(
      ['updated', 'accepted', 'staged', 'rolled-back', 'rejected', 'not-seen-again', 'failed', 'cancelled'].map(
        (name) => [name, name],
      ),
    );
    expect(endedLines(new Map())).to.deep.equal([]);
  });

  it('goes on as it stands where it was interrupted', () => {
    expect(toGoOn(RECORD)).to.equal(RECORD);
  });

  it('goes on past its stop mark with what had ended forgiven', () => {
    const stopped: RolloutRecord = {
      ...RECORD,
      ended: [
        ['a', 'failed'],
        ['b', 'updated'],
      ],
      stopped: 'stop-mark',
    };
    expect(toGoOn(stopped)).to.deep.equal({ ...stopped, stopped: null, forgiven: ['a', 'b'] });
  });

  it('is a plan of the devices that are still saved, with what has ended left alone', () => {
    const record: RolloutRecord = { ...RECORD, ended: [['a', 'updated']], forgiven: ['b'] };
    expect(planOf(record, (id) => id !== 'c')).to.deep.equal({
      ...{ devices: ['a', 'b'], firstWave: 1, width: 4, stopAt: { failures: 2, share: 0.5 } },
      done: new Map([['a', 'updated']]),
      forgiven: new Set(['b']),
    });
  });
});

describe('how a rollout stands', () => {
  it('counts each device once', () => {
    expect(countRollout(LINES)).to.deep.equal({
      ...{
        total: LINES.size,
        waiting: 3,
        running: 1,
        well: 3,
        unproven: 2,
        failed: 4,
        cancelled: 1,
        skipped: 9,
        notStarted: 1,
      },
    });
  });

  it('calls a cancelled update neither good nor a failure', () => {
    const outcomes = endedLines(LINES).map(([, outcome]) => outcome);
    expect(outcomes.filter(wentWell)).to.deep.equal(['updated', 'accepted', 'staged']);
    expect(outcomes.filter(wentWrong)).to.deep.equal(['rolled-back', 'rejected', 'not-seen-again', 'failed']);
  });

  it('leaves for another time the devices that did not fail and could take it then', () => {
    expect(restOf(LINES)).to.deep.equal([
      'cancelled',
      'off',
      'refused',
      'busy',
      'under way',
      'locked',
      'defect',
      'not-started',
    ]);
  });
});
