import { expect } from 'chai';
import {
  countsInWords,
  goOnLabel,
  skipReasonInWords,
  lineInWords,
  retryLabel,
  retrySkippedLabel,
  spokenInWords,
  standingInWords,
} from '../../../src/words/rollout/rollout-progress.ts';
import { describe as inWords } from '../../../src/words/update/describe.ts';
import {
  countRollout,
  type SkipReason,
  type RolloutLine,
  type RolloutPhase,
  type RolloutState,
} from '../../../src/model/rollout/rollout-state.ts';
import { failedBefore } from '../../../src/model/update/nothing-sent.ts';
import type { OutcomeName } from '../../../src/model/update/update-state.ts';
import type { RolloutView } from '../../../src/model/rollout/rollout-view.ts';

const ended = (outcome: OutcomeName): RolloutLine => ({ kind: 'ended', outcome, whole: null });

function view(
  phase: RolloutPhase,
  lines: readonly RolloutLine[],
  of: Partial<RolloutState> = {},
): Extract<RolloutView, { kind: 'running' | 'ended' }> {
  return {
    kind: phase === 'ended' ? 'ended' : 'running',
    firmware: { sha256: '', name: 'kitchen.bin', version: '1.4.2' },
    paused: false,
    finishing: false,
    state: { phase, lines: new Map(lines.map((line, at) => [`${at}`, line])), width: 4, stopped: null, ...of },
  };
}

describe('A rollout under way in words', () => {
  it('counts only what there is', () => {
    const { state } = view('rolling', [ended('updated'), ended('failed'), { kind: 'running' }, { kind: 'waiting' }]);
    expect(countsInWords(countRollout(state.lines))).to.equal('1 succeeded, 1 failed, 1 running, 1 waiting');
  });

  it('says at the end of how many it is not proven what they run', () => {
    const end = (...outcomes: readonly OutcomeName[]): string => standingInWords(view('ended', outcomes.map(ended)));
    expect(end('updated', 'updated')).to.equal('Finished. Both succeeded.');
    expect(end('updated', 'accepted')).to.equal('Finished. Both succeeded. What one of them runs is not proven.');
    expect(end('updated', 'accepted', 'staged')).to.contain('What 2 of them run is not proven.');
    expect(end('accepted')).to.contain('What it runs is not proven.');
  });

  it('says aloud a new sentence with every quarter and every failure, and otherwise the same', () => {
    const eight = (done: number): readonly RolloutLine[] =>
      Array.from({ length: 8 }, (_, at) => (at < done ? ended('updated') : { kind: 'waiting' }));
    const said = [0, 1, 2, 3, 4].map((done) => spokenInWords(view('rolling', eight(done))));
    expect(said[0]).to.equal(said[1]);
    expect(said[2]).to.equal(said[3]);
    expect(new Set(said).size).to.equal(3);
    expect(spokenInWords(view('rolling', [ended('failed'), { kind: 'waiting' }]))).to.contain('1 failed');
  });

  it('names one device without a number on its buttons, and more with theirs', () => {
    expect([1, 2, 12].map(retryLabel)).to.deep.equal([
      ...['Retry the failed device', 'Retry the 2 failed devices', 'Retry the 12 failed devices'],
    ]);
    expect([1, 2].map(retrySkippedLabel)).to.deep.equal([
      ...['Retry the skipped device', 'Retry the 2 skipped devices'],
    ]);
    expect([1, 2, 12].map(goOnLabel)).to.deep.equal([
      ...['Continue with the other device', 'Continue with the other 2 devices', 'Continue with the other 12 devices'],
    ]);
  });

  it('asks with the number of devices that wait', () => {
    const said = standingInWords(view('asking', [ended('failed'), { kind: 'waiting' }, { kind: 'waiting' }]));
    expect(said).to.contain('continue with the other 2 devices, or stop?');
  });

  it('asks also where it was paused meanwhile: the question has the buttons', () => {
    const asking = { ...view('asking', [ended('failed'), { kind: 'waiting' }]), paused: true };
    expect(standingInWords(asking)).to.contain('continue with the other device, or stop?');
    expect(spokenInWords(asking)).to.contain('continue with the other device, or stop?');
  });

  for (const [stopped, words] of [
    [null, 'Finished'],
    ['person', 'Stopped by you'],
    ['first-wave', 'Stopped after the first wave'],
    ['stop-mark', 'Stopped by itself'],
  ] as const) {
    it(`ends with “${words}”, and with how many went well`, () => {
      const said = standingInWords(view('ended', [ended('updated'), { kind: 'not-started' }], { stopped }));
      expect(said)
        .to.match(new RegExp(`^${words}`))
        .and.to.contain('1 of 2 succeeded');
    });
  }

  for (const stopped of ['person', 'first-wave', 'stop-mark'] as const) {
    it(`says that it finished, with its failures, where nothing was left to stop: ${stopped}`, () => {
      const lines = [ended('updated'), ended('failed'), ended('rolled-back')];
      const all = view('ended', lines, { stopped });
      expect(standingInWords(all)).to.equal('Finished with 2 failures. 1 of 3 succeeded.');
      expect(spokenInWords(all)).to.equal('Finished with 2 failures. 1 of 3 succeeded.');
      const some = view('ended', [...lines, { kind: 'not-started' }], { stopped });
      expect(standingInWords(some)).to.match(/^Stopped .* 1 of 4 succeeded, 2 failed, 1 not started\.$/);
    });
  }

  it('says at the end how many were skipped, which are no failures, and aloud the same', () => {
    const failed = failedBefore(null, 0, { code: 'silent' });
    const off: RolloutLine = { kind: 'skipped', why: { because: 'off', failed } };
    const end = (...lines: readonly RolloutLine[]): string => standingInWords(view('ended', lines));
    expect(end(ended('updated'), off)).to.equal('Finished. 1 of 2 succeeded, 1 skipped.');
    const both = [ended('updated'), off, off, ended('failed'), ended('cancelled')];
    const said = 'Finished with 1 failure. 1 of 5 succeeded, 1 cancelled, 2 skipped.';
    expect(end(...both)).to.equal(said);
    expect(spokenInWords(view('ended', both))).to.equal(said);
  });

  it('says “both” of two', () => {
    const said = [1, 2, 3].map((count) => standingInWords(view('ended', Array(count).fill(ended('updated')))));
    expect(said).to.deep.equal(['Finished. It succeeded.', 'Finished. Both succeeded.', 'Finished. All 3 succeeded.']);
  });

  it('gives the reason where a device was skipped, and says what an earlier visit did', () => {
    const names = { device: 'Hall', version: null };
    const failed = failedBefore(null, 0, { code: 'silent' });
    const out = lineInWords({ kind: 'skipped', why: { because: 'off', failed } }, names, inWords);
    expect(out.title).to.equal('Skipped: no answer');
    expect(out.detail).to.match(/^The device took the request.*Hall still runs its old firmware\..*Update\.$/);
    expect(lineInWords(ended('updated'), names, inWords)).to.deep.equal({
      title: 'Updated',
      detail: 'In an earlier visit.',
    });
  });

  it('has whole sentences for every reason to skip a device', () => {
    const failed = failedBefore(null, 0, { code: 'unauthorised' });
    const reasons: readonly SkipReason[] = [
      { because: 'image', finding: { reason: 'wrong-chip', chipId: 9, deviceChipId: 0 } },
      { because: 'refused', failed },
      { because: 'same', twin: 'Sensor 0' },
      ...(['under-way', 'removed', 'locked', 'defect'] as const).map((because) => ({ because })),
    ];
    const said = reasons.map((why) => skipReasonInWords(why, { device: 'Hall', version: null }, inWords));
    for (const text of said) expect(text).to.match(/^[A-Z].*\.$/);
    expect(new Set(said)).to.have.length(reasons.length);
    expect(said[2]).to.contain('Sensor 0');
  });
});
