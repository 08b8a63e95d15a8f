import { expect } from 'chai';
import type { ActiveState } from '../../../src/model/update/update-state.ts';
import { noProgress, type UpdateView } from '../../../src/state/update/update-view.ts';
import { heardOf, NOTHING_HEARD } from '../../../src/ui/device/card/loss-once.ts';

function running(phase: ActiveState['phase'], acknowledged: number, cancelling = false): UpdateView {
  const progress = { ...noProgress(1000), acknowledged };
  const state = { dialect: 'shipped', startedOver: null, progress, phase } as ActiveState;
  const firmware = { sha256: 'ab'.repeat(32), name: 'kitchen.bin', version: null };
  return { kind: 'running', firmware, state, words: { title: phase, detail: '' }, paused: false, cancelling };
}

function heard(...views: readonly UpdateView[]): readonly boolean[] {
  let now = NOTHING_HEARD;
  return views.map((view) => (now = heardOf(now, view)).isAloud);
}

describe('what is heard of a loss on a board’s own page', () => {
  it('is the first try, and the next step once the device has taken more', () => {
    const [lost, again] = [running('retrying', 500), running('writing', 500)];
    expect(heard(again, lost, again, lost, running('checking', 500), lost, running('writing', 600))).to.deep.equal([
      ...[true, true],
      ...[false, false, false, false],
      true,
    ]);
  });

  it('is the restart, also where the last step was lost', () => {
    const lost = running('retrying', 1000);
    expect(heard(lost, running('finalizing', 1000), lost, running('restarting', 1000))).to.deep.equal([
      ...[true, false, false],
      true,
    ]);
  });

  it('is what the person does, and the next loss', () => {
    const lost = running('retrying', 500);
    expect(heard(lost, running('waiting', 500), running('writing', 500, true))).to.deep.equal([true, true, true]);
    expect(heard(lost, lost, running('retrying', 600), running('retrying', 600))).to.deep.equal([
      ...[true, false],
      ...[true, false],
    ]);
  });
});
