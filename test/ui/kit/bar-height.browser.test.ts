import { expect } from 'chai';
import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { BarHeight } from '../../../src/ui/kit/bar-height.ts';
import { until } from '../finding.ts';

@customElement('bar-height-test')
class Page extends LitElement {
  @state() height = 40;

  constructor() {
    super();
    this.addController(new BarHeight('--end', () => this.renderRoot.querySelector('.bar')));
  }

  protected override render(): TemplateResult {
    return html`<div style="height: 2000px"></div>
      <button>Last</button>
      <div style="height: 30px"></div>
      <div class="bar" style="position: sticky; bottom: 0; height: ${this.height}px; background: white"></div>`;
  }
}

const heightKnown = (): string => document.documentElement.style.getPropertyValue('--end');

describe('A bar that sticks at the bottom of the page', () => {
  const style = document.createElement('style');
  style.textContent = 'html { scroll-padding-bottom: var(--end, 0px) }';
  let page: Page;
  let button: HTMLButtonElement;

  beforeEach(async () => {
    document.head.append(style);
    page = new Page();
    document.body.append(page);
    await page.updateComplete;
    const found = page.renderRoot.querySelector('button');
    if (found === null) throw new Error('there is no button');
    button = found;
  });
  afterEach(() => {
    page.remove();
    style.remove();
    window.scrollTo(0, 0);
  });

  it('says how high it is, and nothing any more once its element is gone', async () => {
    await until('its height', () => heightKnown() === '40px');
    page.height = 90;
    await until('the other height', () => heightKnown() === '90px');
    page.remove();
    expect(heightKnown()).to.equal('');
  });

  it('does not grow over what has focus', async () => {
    await until('its height', () => heightKnown() === '40px');
    button.focus();
    const isClear = (): boolean => button.getBoundingClientRect().bottom <= window.innerHeight - page.height + 1;
    expect(isClear(), 'it is scrolled to').to.equal(true);
    page.height = 200;
    await until('it to be clear of the higher bar', () => heightKnown() === '200px' && isClear());
  });
});
