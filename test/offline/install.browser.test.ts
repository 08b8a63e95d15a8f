import { expect } from 'chai';
import { PageInstall, type InstallWay } from '../../src/offline/install.ts';

/** As Chromium offers; the person answers with `outcome`. */
function offer(outcome: 'accepted' | 'dismissed'): { readonly event: Event; asked: number } {
  const offered = { event: new Event('beforeinstallprompt', { cancelable: true }), asked: 0 };
  Object.assign(offered.event, {
    prompt: () => {
      offered.asked += 1;
      return Promise.resolve({ outcome });
    },
  });
  window.dispatchEvent(offered.event);
  return offered;
}

describe('What the browser offers to install', () => {
  let install: PageInstall;
  let seen: InstallWay[];
  let byHand: InstallWay;

  beforeEach(() => {
    // Those of other tests go on listening to the window.
    const made = new PageInstall();
    const ways: InstallWay[] = [];
    made.onChange(() => ways.push(made.way));
    install = made;
    seen = ways;
    byHand = made.way;
  });

  it('is kept for the page’s own button', () => {
    const { event } = offer('dismissed');
    expect(event.defaultPrevented).to.equal(true);
    expect(install.way).to.equal('ask');
  });

  it('is asked once, and is gone after a “No”', async () => {
    const offered = offer('dismissed');
    await install.ask();
    await install.ask();
    expect(offered.asked).to.equal(1);
    expect(seen).to.deep.equal(['ask', byHand]);
  });

  it('is done after a “Yes”, and where the browser’s own menu did it', async () => {
    offer('accepted');
    await install.ask();
    expect(install.way).to.equal('installed');
    const other = new PageInstall();
    window.dispatchEvent(new Event('appinstalled'));
    expect(other.way).to.equal('installed');
  });

  it('is nothing that anybody could ask before', async () => {
    await install.ask();
    expect(seen).to.deep.equal([]);
  });
});
