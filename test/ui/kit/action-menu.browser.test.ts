import { expect } from 'chai';
import { ActionMenu } from '../../../src/ui/kit/action-menu.ts';
import { all, until } from '../finding.ts';

describe('What is behind ⋯', () => {
  const menu = new ActionMenu();
  let pressed: string[];

  beforeEach(() => {
    pressed = [];
    menu.label = 'More for Kitchen';
    menu.items = () => [
      { key: 'check', label: 'Check', press: () => pressed.push('check') },
      { key: 'off', label: 'Off', disabled: true, press: () => pressed.push('off') },
      { key: 'edit', label: 'Edit', press: () => pressed.push('edit') },
    ];
    document.body.append(menu);
  });
  afterEach(() => menu.remove());

  const items = (): readonly HTMLElement[] => all('[role=menuitem]', menu.shadowRoot ?? menu);
  const focused = (): string | undefined =>
    items()
      .find((item) => item.matches(':focus'))
      ?.textContent.trim();
  const type = (key: string): boolean | undefined =>
    items()
      .find((item) => item.matches(':focus'))
      ?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

  async function open(): Promise<void> {
    const opener = await until('the button', () => menu.opener);
    opener.focus();
    opener.click();
    await until('the first item', () => focused() === 'Check');
  }

  it('is drawn only while it is seen', async () => {
    await menu.updateComplete;
    expect(items()).to.be.empty;
    await open();
    expect(items().map(({ textContent }) => textContent.trim())).to.deep.equal(['Check', 'Off', 'Edit']);
  });

  it('does what was chosen, closes, and gives the focus back', async () => {
    await open();
    items()[2]?.click();
    expect(pressed).to.deep.equal(['edit']);
    await until('nothing', () => items().length === 0);
    expect(menu.opener?.matches(':focus')).to.equal(true);
    expect(menu.opener?.getAttribute('aria-expanded')).to.equal('false');
  });

  it('is walked with the arrow keys, around, and past what is off', async () => {
    await open();
    for (const [key, label] of [
      ['ArrowDown', 'Edit'],
      ['ArrowDown', 'Check'],
      ['ArrowUp', 'Edit'],
      ['Home', 'Check'],
      ['End', 'Edit'],
    ]) {
      type(key ?? '');
      expect(focused(), key).to.equal(label);
    }
  });

  it('lies within the window, also at its lower right corner', async () => {
    menu.style.cssText = 'position: fixed; right: 0; bottom: 0';
    await open();
    const { right, bottom, left, top } = menu.popup.getBoundingClientRect();
    expect(right).to.be.at.most(window.innerWidth);
    expect(bottom).to.be.at.most(window.innerHeight);
    expect(Math.min(left, top)).to.be.at.least(0);
    menu.style.cssText = '';
  });
});
