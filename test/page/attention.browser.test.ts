import { expect } from 'chai';
import { PageAttention } from '../../src/page/attention.ts';

function standIn(name: string, value: unknown): () => void {
  Object.defineProperty(navigator, name, { configurable: true, value });
  return () => void Reflect.deleteProperty(navigator, name);
}

describe('The tab’s title', () => {
  const before = document.title;
  afterEach(() => (document.title = before));

  it('tells what runs, and is the place’s again afterwards', () => {
    const attention = new PageAttention();
    document.title = 'History · Moult';
    attention.showTitle('43 % Kitchen sensor · Moult');
    attention.showTitle('44 % Kitchen sensor · Moult');
    expect(document.title).to.equal('44 % Kitchen sensor · Moult');
    attention.showTitle(null);
    expect(document.title).to.equal('History · Moult');
  });

  it('is that of the place that was opened meanwhile', () => {
    const attention = new PageAttention();
    document.title = 'History · Moult';
    attention.showTitle('43 % Kitchen sensor · Moult');
    document.title = 'More · Moult';
    attention.showTitle('43 % Kitchen sensor · Moult');
    expect(document.title).to.equal('43 % Kitchen sensor · Moult');
    attention.showTitle(null);
    expect(document.title).to.equal('More · Moult');
    attention.showTitle(null);
    document.title = 'Moult';
    attention.showTitle(null);
    expect(document.title).to.equal('Moult');
  });
});

describe('The app’s icon and the phone', () => {
  const backs: (() => void)[] = [];
  afterEach(() => {
    for (const back of backs.splice(0)) back();
  });

  it('get a dot, a number, or nothing', () => {
    const set: unknown[] = [];
    backs.push(standIn('setAppBadge', async (count?: number) => void set.push(count)));
    backs.push(standIn('clearAppBadge', async () => void set.push('none')));
    const attention = new PageAttention();
    attention.showBadge('dot');
    attention.showBadge(3);
    attention.showBadge('none');
    expect(set).to.deep.equal([undefined, 3, 'none']);
  });

  it('are left alone where the browser has no badges, or refuses one', async () => {
    const attention = new PageAttention();
    backs.push(standIn('setAppBadge', undefined), standIn('clearAppBadge', undefined));
    attention.showBadge('dot');
    attention.showBadge('none');
    let surprises = 0;
    const surprised = (): void => void (surprises += 1);
    window.addEventListener('unhandledrejection', surprised);
    backs.push(standIn('setAppBadge', () => Promise.reject(new DOMException('not installed', 'NotAllowedError'))));
    attention.showBadge('dot');
    await new Promise(requestAnimationFrame);
    window.removeEventListener('unhandledrejection', surprised);
    expect(surprises).to.equal(0);
  });

  it('vibrate once where it went well, twice where not, and not before the first tap: browsers refuse that aloud', () => {
    const felt: unknown[] = [];
    backs.push(standIn('vibrate', (pattern: unknown) => felt.push(pattern) > 0));
    const attention = new PageAttention();
    backs.push(standIn('userActivation', { hasBeenActive: false }));
    attention.vibrate(true);
    expect(felt).to.deep.equal([]);
    backs.push(standIn('userActivation', { hasBeenActive: true }));
    attention.vibrate(true);
    attention.vibrate(false);
    expect(felt).to.deep.equal([120, [120, 90, 120]]);
  });
});

describe('A sign of a person', () => {
  for (const type of ['pointerdown', 'keydown']) {
    it(`is a ${type}, heard once`, () => {
      let seen = 0;
      new PageAttention().onNextSign(() => (seen += 1));
      expect(seen).to.equal(0);
      document.body.dispatchEvent(new Event(type, { bubbles: true }));
      document.body.dispatchEvent(new Event(type, { bubbles: true }));
      expect(seen).to.equal(1);
    });
  }

  it('is that the page comes into view, and not that it goes', () => {
    let seen = 0;
    new PageAttention().onNextSign(() => (seen += 1));
    const become = (state: DocumentVisibilityState): void => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: state });
      document.dispatchEvent(new Event('visibilitychange'));
      Reflect.deleteProperty(document, 'visibilityState');
    };
    become('hidden');
    expect(seen).to.equal(0);
    become('visible');
    expect(seen).to.equal(1);
  });

  it('is waited for no longer once it was stopped', () => {
    let seen = 0;
    new PageAttention().onNextSign(() => (seen += 1))();
    document.body.dispatchEvent(new Event('keydown', { bubbles: true }));
    expect(seen).to.equal(0);
  });
});
