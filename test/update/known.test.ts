import { expect } from 'chai';
import {
  type Known,
  NOTHING_KNOWN,
  isShown,
  mayBeOpen,
  saidYes,
  withAnswer,
  withBeginSent,
  withError,
  withHandedOver,
  withOpened,
  withRestartSeen,
  withSessionGone,
  withStartedOver,
  withStillOpen,
} from '../../src/update/known.ts';
import { UpdateError } from '../../src/model/update/update-error.ts';
import type { Answer } from '../../src/update/session.ts';
import { NEW, OLD, session } from './scripted/scripted.ts';

const opened = (changes: Parameters<typeof session>[0] = {}, before: Known = NOTHING_KNOWN): Known =>
  withOpened(before, session(changes));

describe('what a run knows of its session', () => {
  it('is that it was shown to be open where begin named or counted it, or where that was seen before', () => {
    expect(isShown(opened())).to.equal(true);
    expect(isShown(opened({ writtenBytes: null }))).to.equal(true);
    expect(isShown(opened({ id: null }))).to.equal(true);
    const untold = { id: null, writtenBytes: null };
    expect(isShown(opened(untold))).to.equal(false);
    expect(isShown(opened(untold, opened()))).to.equal(true);
    expect(isShown(NOTHING_KNOWN)).to.equal(false);
  });

  it('is how much was sent in it: what an earlier run left there is counted by the device alone', () => {
    expect(opened({ writtenBytes: 4096 }).session).to.include({ kind: 'open', sentTo: 4096 });
    expect(opened({ writtenBytes: null }).session).to.include({ kind: 'open', sentTo: 0 });
  });

  it('shows nothing of the next session once it is to be started over', () => {
    const startedOver = withStartedOver(opened(), 'session-lost', 4096);
    expect(startedOver.session).to.include({ kind: 'over', isShown: false });
    expect(isShown(withBeginSent(startedOver))).to.equal(false);
    expect(startedOver).to.include({ startedOver: 'session-lost', lost: 4096 });
  });

  it('may be open after a begin in doubt only where the device can be asked', () => {
    const inDoubt = withBeginSent(NOTHING_KNOWN);
    expect([true, false].map((tellsStatus) => mayBeOpen(inDoubt, tellsStatus))).to.deep.equal([true, false]);
    expect(mayBeOpen(withBeginSent(opened()), false), 'one was open before').to.equal(true);
    expect(mayBeOpen(NOTHING_KNOWN, true)).to.equal(false);
  });
});

describe('what a run knows of its finalize', () => {
  const answered = (answer: Answer): Known => withAnswer(withHandedOver(opened()), answer);

  it('is a “yes” in words that prove nothing, and no other answer', () => {
    const answers = ['none', 'yes', 'yes-after-doubt', 'yes-then-refused', 'taken'] as const;
    expect(answers.filter((answer) => saidYes(answered(answer)))).to.deep.equal([
      'yes',
      'yes-after-doubt',
      'yes-then-refused',
    ]);
    expect(saidYes(opened())).to.equal(false);
  });

  it('has no answer where none was sent', () => {
    const open = opened();
    expect(withAnswer(open, 'yes')).to.equal(open);
  });

  it('was not sent, as far as the old firmware goes, where its session is still open', () => {
    expect(withHandedOver(opened())).to.include({ finalizeSent: true });
    expect(withStillOpen(answered('yes'))).to.deep.equal(opened());
  });
});

describe('a restart that was seen', () => {
  it('leaves a doubt with an error that it would look like only where the device may hold another image', () => {
    const holds = { ...opened(), mayHoldAnother: true };
    for (const [error, isDoubted] of [
      [new UpdateError('unreachable'), true],
      [new UpdateError('session-lost', { status: 409 }), true],
      [new UpdateError('aborted'), false],
      [new UpdateError('busy', { status: 429 }), false],
    ] as const) {
      expect(withError(holds, error).earlierFinalize, error.code).to.equal(isDoubted);
      expect(withError(opened(), error).earlierFinalize, error.code).to.equal(false);
    }
  });

  it('leaves a doubt where a session is gone, unless the slot from before is seen to run', () => {
    const from = (mayHoldAnother: boolean, running: typeof OLD | null, previousSlot: typeof OLD | null): boolean =>
      withSessionGone({ ...opened(), mayHoldAnother, previousSlot }, running).earlierFinalize;
    expect(from(true, OLD, OLD)).to.equal(false);
    expect(from(true, NEW, OLD)).to.equal(true);
    expect(from(false, NEW, OLD)).to.equal(true);
    for (const [running, before] of [
      [null, OLD],
      [OLD, null],
    ] as const) {
      expect(from(true, running, before)).to.equal(true);
      expect(from(false, running, before)).to.equal(false);
    }
  });

  it('leaves a doubt where another slot runs than before, and none where either is not known', () => {
    const doubts = (running: typeof OLD | null, before: typeof OLD | null): boolean =>
      withRestartSeen(NOTHING_KNOWN, running, before).earlierFinalize;
    expect(doubts(NEW, OLD)).to.equal(true);
    expect(doubts(OLD, OLD)).to.equal(false);
    expect(doubts(null, OLD)).to.equal(false);
    expect(doubts(NEW, null)).to.equal(false);
    expect(doubts(null, null)).to.equal(false);
  });
});
