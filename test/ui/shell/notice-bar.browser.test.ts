import { expect } from 'chai';
import { NoticesState } from '../../../src/state/notices.ts';
import { NoticeBar } from '../../../src/ui/shell/notice-bar.ts';
import { all, button, press, until } from '../finding.ts';

describe('Notices', () => {
  let bar: NoticeBar;
  let notices: NoticesState;
  const below = document.createElement('p');

  beforeEach(() => {
    notices = new NoticesState();
    bar = new NoticeBar();
    bar.app = { notices };
    below.textContent = 'The page';
    document.body.append(bar, below);
  });
  afterEach(() => {
    bar.remove();
    below.remove();
  });

  const seen = (): number => all('li', bar.shadowRoot ?? bar).length;

  it('lie over the page: what is below them stays in its place', async () => {
    notices.show({ kind: 'can-install' });
    await button('1 notice');
    const { top } = below.getBoundingClientRect();
    notices.show({ kind: 'not-secure', trust: false });
    notices.show({ kind: 'library-made-room', names: ['a.bin'] });
    await until('all', () => seen() === 3);
    expect(below.getBoundingClientRect().top).to.equal(top);
  });

  it('go by themselves: what has happened is gone, what is still so waits behind its button', async () => {
    bar.seenFor = 1;
    notices.show({ kind: 'can-install' });
    notices.show({ kind: 'library-made-room', names: ['a.bin'] });
    notices.show({ kind: 'pairing', is: 'paired' });
    await until('none seen', () => bar.hasUpdated && seen() === 0 && notices.$notices.get().length === 1);
    expect(notices.$notices.get()).to.deep.equal([{ kind: 'can-install' }]);
    await press('1 notice');
    await until('it again', () => seen() === 1);
  });

  it('stay while somebody is at them', async () => {
    bar.seenFor = 1;
    notices.show({ kind: 'library-made-room', names: ['a.bin'] });
    await bar.updateComplete;
    all('ul', bar.shadowRoot ?? bar)[0]?.dispatchEvent(new PointerEvent('pointerenter'));
    for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame);
    expect(seen()).to.equal(1);
    all('ul', bar.shadowRoot ?? bar)[0]?.dispatchEvent(new PointerEvent('pointerleave'));
    await until('none seen', () => seen() === 0);
  });

  it('do not look like a warning where they only tell what has happened', async () => {
    const root = bar.shadowRoot ?? bar;
    bar.style.setProperty('--amber-wash', 'rgb(255, 191, 0)');
    const ground = (): string => getComputedStyle(all('ul', root)[0] ?? bar).backgroundColor;
    notices.show({ kind: 'can-install' });
    await until('the warning', () => seen() === 1);
    const amber = ground();
    notices.dismiss('can-install');
    notices.show({ kind: 'new-build', name: 'firmware.bin', version: null });
    notices.show({ kind: 'sent-dropped', device: 'Kitchen sensor', firmware: 'firmware.bin' });
    await until('the news', () => seen() === 2);
    expect(ground()).not.to.equal(amber);
    expect((await button('2 notices')).querySelector('svg'), 'the triangle').to.equal(null);
    notices.show({ kind: 'can-install' });
    await until('all', () => seen() === 3);
    expect(ground(), 'beside a question').to.equal(amber);
    bar.seenFor = 1;
    await until('only the question left', () => notices.$notices.get().length === 1);
    expect(notices.$notices.get()).to.deep.equal([{ kind: 'can-install' }]);
  });

  it('come forward again with a new one', async () => {
    bar.seenFor = 1;
    notices.show({ kind: 'can-install' });
    await until('none seen', () => bar.hasUpdated && !bar.open);
    bar.seenFor = 60_000;
    notices.show({ kind: 'not-secure', trust: false });
    await until('both', () => seen() === 2);
  });
});
