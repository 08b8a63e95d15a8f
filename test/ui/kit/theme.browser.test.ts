import { expect } from 'chai';
import { openPage, type OpenPage } from '../page.ts';

const SIZES = ['small', 'text', 'large', 'title'] as const;

describe('The four sizes of type', () => {
  let page: OpenPage;

  beforeEach(async () => {
    page = await openPage();
  });
  afterEach(() => {
    document.documentElement.style.fontSize = '';
    page.close();
  });

  function sizes(): readonly number[] {
    return SIZES.map((name) => {
      const text = document.createElement('span');
      text.style.fontSize = `var(--${name})`;
      page.shell.shadowRoot?.append(text);
      return parseFloat(getComputedStyle(text).fontSize);
    });
  }

  it('are those of the design where the person has set nothing', () => {
    expect(sizes()).to.deep.equal([13, 15, 18, 24]);
    expect(getComputedStyle(page.shell).fontSize, 'what has no size of its own').to.equal('15px');
  });

  it('follow the size that the person has set', () => {
    document.documentElement.style.fontSize = '20px';
    expect(sizes()).to.deep.equal([16.25, 18.75, 22.5, 30]);
  });
});
