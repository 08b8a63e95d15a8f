import { expect } from 'chai';
import type { ActiveState, WaitReason } from '../../../src/model/update/update-state.ts';
import { noProgress, type UpdateView } from '../../../src/state/update/update-view.ts';
import { comesBack, type Heard, heardOf, NOTHING_HEARD } from '../../../src/ui/device/card/loss-aloud.ts';
import { describeAny as inWords } from '../../../src/words/update/describe-any.ts';

const TOTAL = 1000;
const firmware = { sha256: 'ab'.repeat(32), name: 'kitchen.bin', version: '1.4.2' };

function state(acknowledged: number, of: Partial<ActiveState> & Pick<ActiveState, 'phase'>): ActiveState {
  const known = { dialect: 'shipped', startedOver: null, progress: { ...noProgress(TOTAL), acknowledged } };
  return { ...known, ...of } as ActiveState;
}
const at = (phase: ActiveState['phase'], acknowledged = 0): ActiveState => state(acknowledged, { phase });
const retry = (attempt: number, acknowledged = 0): ActiveState =>
  state(acknowledged, { phase: 'retrying', after: 'unreachable', attempt, delayMs: 500 });
const wait = (why: WaitReason, acknowledged = 0): ActiveState => state(acknowledged, { phase: 'waiting', why });

function running(of: ActiveState, cancelling = false): UpdateView {
  const words = inWords(of, { device: 'Kitchen', version: null });
  return { kind: 'running', firmware, state: of, words, paused: false, cancelling };
}

/** What of these states is heard: its title, with "+" where it is said that the update continues. */
function heard(...states: readonly ActiveState[]): readonly string[] {
  const said: string[] = [];
  let now: Heard = NOTHING_HEARD;
  let before = '';
  for (const each of states) {
    const view = running(each);
    now = heardOf(now, view);
    const words = `${inWords(each, { device: 'Kitchen', version: null }).title}${now.isBack ? ' +' : ''}`;
    if (now.isAloud && words !== before) said.push(words);
    before = words;
  }
  return said;
}

describe('what is heard of a loss', () => {
  const WAY = [at('detecting'), at('checking'), at('beginning'), at('writing')];
  const START = ['Connecting', 'Checking before anything is erased', 'Starting', 'Writing'];

  it('is nothing where nothing is lost: each step is', () => {
    expect(heard(...WAY, at('writing', 500), at('finalizing', TOTAL), at('restarting', TOTAL))).to.deep.equal([
      ...START,
      'Verifying on the device',
      'Restarting',
    ]);
  });

  it('is the first try, and that it continues once the device has taken more', () => {
    const tries = [retry(1, 500), at('checking', 500), retry(2, 500), at('checking', 500), at('writing', 500)];
    expect(heard(...WAY, at('writing', 500), ...tries, retry(3, 500), at('writing', 500))).to.deep.equal([
      ...START,
      'Trying again',
    ]);
    expect(heard(...WAY, ...tries, at('writing', 600), at('writing', 700))).to.deep.equal([
      ...START,
      'Trying again',
      'Writing +',
    ]);
  });

  it('is nothing of a later loss that is soon over, and of one that lasts what there is to say once', () => {
    const first = [...WAY, retry(1, 100), at('writing', 100), at('writing', 200)];
    const said = [...START, 'Trying again', 'Writing +'];
    const short = [retry(1, 200), at('checking', 200), at('writing', 200), at('writing', 300)];
    expect(heard(...first, ...short, ...short.slice(0, 1))).to.deep.equal(said);
    // Each try asks the device.
    const tries = [1, 2, 3, 4].flatMap((attempt) => [retry(attempt, 300), at('checking', 300)]);
    const long = [...tries, at('writing', 300), at('writing', 400)];
    expect(heard(...first, ...short, ...long)).to.deep.equal([...said, 'Trying again', 'Writing +']);
  });

  it('is a wait for the network, too, once in a loss', () => {
    const tries = [retry(1, 100), wait('offline', 100), at('checking', 100), wait('offline', 100), retry(2, 100)];
    expect(heard(...WAY, ...tries)).to.deep.equal([...START, 'Trying again', 'Waiting for the network']);
  });

  it('is the next step, where that shows that the device answered', () => {
    expect(heard(at('detecting'), retry(1), at('detecting'), retry(2), at('checking'))).to.deep.equal([
      'Connecting',
      'Trying again',
      'Checking before anything is erased',
    ]);
    const end = [at('finalizing', TOTAL), retry(1, TOTAL), at('finalizing', TOTAL), at('restarting', TOTAL)];
    expect(heard(...WAY, ...end)).to.deep.equal([...START, 'Verifying on the device', 'Trying again', 'Restarting']);
  });

  it('is that it continues where the upload started over, and got on', () => {
    const over = [retry(1, 500), at('beginning'), at('writing'), at('writing', 100)];
    expect(heard(...WAY, at('writing', 500), ...over)).to.deep.equal([...START, 'Trying again', 'Writing +']);
  });

  it('is always what a person pressed', () => {
    const lost = [...WAY, retry(1, 100), at('checking', 100)].reduce(
      (before, each) => heardOf(before, running(each)),
      NOTHING_HEARD,
    );
    expect(lost.isAloud).to.equal(false);
    expect(heardOf(lost, running(wait('paused', 100))).isAloud).to.equal(true);
    expect(heardOf(lost, running(at('checking', 100), true)).isAloud).to.equal(true);
    expect(heardOf(lost, { kind: 'rest' })).to.equal(NOTHING_HEARD);
  });

  it('needs a drawing where the words stay the same', () => {
    const lost = [...WAY, retry(1, 100), at('writing', 100)].reduce(
      (before, each) => heardOf(before, running(each)),
      NOTHING_HEARD,
    );
    expect(comesBack(lost, running(at('writing', 100)))).to.equal(false);
    expect(comesBack(lost, running(at('writing', 101)))).to.equal(true);
    expect(comesBack(lost, running(retry(2, 100)))).to.equal(false);
    expect(comesBack(NOTHING_HEARD, running(at('writing', 101)))).to.equal(false);
  });
});
