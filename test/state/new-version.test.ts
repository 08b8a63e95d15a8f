import { expect } from 'chai';
import { NewVersionState } from '../../src/state/new-version.ts';
import { NoticesState } from '../../src/state/notices.ts';

/** A new version that lets itself in when told to, and notes what happened in which order. */
function given({ busyElsewhere = false } = {}) {
  const notices = new NoticesState();
  const happened: string[] = [];
  const other = { busy: busyElsewhere };
  const state = new NewVersionState({
    notices,
    busyElsewhere: () => Promise.resolve(other.busy),
    reload: () => happened.push('reload'),
  });
  let letIn: () => void = () => undefined;
  const takeOver = (): Promise<void> => {
    happened.push('take over');
    return new Promise((resolve) => (letIn = resolve));
  };
  const held = () =>
    notices.$notices.get().flatMap((notice) => (notice.kind === 'new-version' ? [notice.held] : []))[0];
  return { notices, happened, other, state, takeOver, letIn: () => letIn(), held };
}

describe('A new version of the page', () => {
  it('says that it is there, and reloads nothing by itself', () => {
    const { state, takeOver, held, happened } = given();
    expect(held()).to.equal(undefined);
    state.offer(takeOver);
    expect(held()).to.equal(null);
    expect(happened).to.deep.equal([]);
  });

  it('takes over first and reloads then, when the person says so', async () => {
    const { state, takeOver, letIn, happened, notices } = given();
    state.offer(takeOver);
    const pressed = state.reload();
    await Promise.resolve();
    await Promise.resolve();
    expect(happened).to.deep.equal(['take over']);
    letIn();
    await pressed;
    expect(happened).to.deep.equal(['take over', 'reload']);
    expect(notices.$notices.get()).to.have.length(1);
  });

  it('waits while this tab updates a device, and says when that is over', async () => {
    const { state, takeOver, held, happened } = given();
    state.set(true);
    state.offer(takeOver);
    expect(held()).to.equal('this-tab');
    await state.reload();
    expect(happened).to.deep.equal([]);
    state.set(false);
    expect(held()).to.equal(null);
  });

  it('is held back by an update that begins after it was found', async () => {
    const { state, takeOver, held, happened } = given();
    state.offer(takeOver);
    state.set(true);
    expect(held()).to.equal('this-tab');
    await state.reload();
    expect(happened).to.deep.equal([]);
  });

  it('does not reload under an update that began while it took over', async () => {
    const { state, takeOver, letIn, held, happened } = given();
    state.offer(takeOver);
    const pressed = state.reload();
    await Promise.resolve();
    await Promise.resolve();
    expect(happened).to.deep.equal(['take over']);
    state.set(true);
    letIn();
    await pressed;
    expect(happened).to.deep.equal(['take over']);
    expect(held()).to.equal('this-tab');
  });

  it('waits for an update in another tab, and can be asked again after that', async () => {
    const { state, takeOver, letIn, held, happened, other } = given({ busyElsewhere: true });
    state.offer(takeOver);
    await state.reload();
    expect(held()).to.equal('other-tab');
    expect(happened).to.deep.equal([]);
    other.busy = false;
    const pressed = state.reload();
    await Promise.resolve();
    await Promise.resolve();
    letIn();
    await pressed;
    expect(happened).to.deep.equal(['take over', 'reload']);
  });

  it('stays put away while an update begins, and comes back when it can be had', () => {
    const { state, takeOver, held, notices } = given();
    state.offer(takeOver);
    notices.dismiss('new-version');
    state.set(true);
    expect(held()).to.equal(undefined);
    state.set(false);
    expect(held()).to.equal(null);
  });
});
