/** Navigating while the browser still removes the entry of a closed dialog from its history. */
import { expect } from 'chai';
import { openModal, watchBack } from '../../../src/ui/kit/modal.ts';
import { until } from '../finding.ts';

describe('A dialog’s entry that is on its way out', () => {
  let dialog: HTMLDialogElement;
  const ends = new AbortController();
  /** The fragments at which something was shown, as the shell hears of them. */
  let shown: string[] = [];
  let landed = 0;
  /** A link that the shell takes out of the address at once, as it does with one that brings a device. */
  let takes: string | null = null;

  before(() => {
    const { signal } = ends;
    // As the shell: it listens before the dialogs do.
    const hear = (): void => {
      if (location.hash === takes) history.replaceState(history.state, '', '#/devices');
      shown.push(location.hash);
    };
    window.addEventListener('hashchange', hear, { signal });
    watchBack();
    window.addEventListener('popstate', () => (landed += 1), { signal });
  });
  beforeEach(async () => {
    if (location.hash !== '#/devices') {
      const changed = new Promise((resolve) => window.addEventListener('hashchange', resolve, { once: true }));
      location.hash = '#/devices';
      await changed;
    }
    dialog = document.createElement('dialog');
    document.body.append(dialog);
    openModal(dialog);
    const closed = new Promise((resolve) => dialog.addEventListener('close', resolve));
    dialog.close();
    // The entry begins to go with this event, and is gone a while after it.
    await closed;
    shown = [];
    landed = 0;
    takes = null;
  });
  afterEach(() => dialog.remove());
  after(() => ends.abort());

  /** A change of the fragment is heard as well as the way back. */
  const goneBack = (): Promise<unknown> => until('the entry to go', () => landed === 2);

  it('does not take away a place that was opened meanwhile', async () => {
    location.hash = '#/prepare';
    await goneBack();
    expect(location.hash).to.equal('#/prepare');
    // A change of the fragment, the way back, and maybe one from before the test.
    await until('both to be heard', () => shown.length >= 2);
    expect(new Set(shown)).to.deep.equal(new Set(['#/prepare']));
  });

  it('lies beneath nothing: Back leads from there to where the dialog was', async () => {
    location.hash = '#/prepare';
    await goneBack();
    history.back();
    await until('the way back', () => location.hash === '#/devices');
    expect(history.state).to.equal(null);
  });

  it('leaves a dialog open that a link has opened meanwhile, with an entry of its own', async () => {
    takes = '#/add?name=Hall';
    location.hash = takes;
    openModal(dialog);
    await goneBack();
    expect(dialog.open).to.equal(true);
    expect(history.state).not.to.equal(null);
    await until('the link to be taken', () => location.hash === '#/devices');
    history.back();
    await until('Back to close it', () => !dialog.open);
    expect(location.hash).to.equal('#/devices');
  });

  it('is made above no link that came while a dialog was open', async () => {
    await until('the entry to go', () => landed > 0);
    openModal(dialog);
    const other = document.createElement('dialog');
    document.body.append(other);
    // Opened before anybody has read the address.
    window.addEventListener('popstate', () => openModal(other), { once: true });
    takes = '#/add?name=Hall';
    location.hash = takes;
    await until('the entry of the other dialog', () => location.hash === '#/devices' && history.state !== null);
    other.remove();
    dialog.close();
    shown = [];
    history.back();
    await until('the address beneath', () => history.state === null);
    expect(location.hash).to.equal('#/devices');
    expect(shown).to.deep.equal([]);
  });
});
