import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { dayInWords } from '../../words/moments.ts';
import { sections } from '../section-styles.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';
import type { PairedBrowser } from '../../model/page-ports.ts';

/** The browsers that are paired with the host, for who sits at its machine. */
@customElement('paired-browsers')
export class PairedBrowsers extends LitElement {
  static override styles = [
    base,
    buttons,
    sections,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 calc(3 * var(--u));
        border-top: 1px solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) app!: WholeApp;
  /** The one that is to go, until the person has said so twice. */
  @state() private leaving: string | null = null;
  readonly #browsers = new Watch(this, () => this.app.pairing.$browsers);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.app.pairing.listBrowsers();
  }

  protected override render(): TemplateResult | null {
    const browsers = this.#browsers.value;
    if (browsers === null) return null;
    return html`<h2>Paired browsers</h2>
      ${
        browsers.length === 0
          ? html`<p>None. This machine’s own browser needs no pairing.</p>`
          : html`<ul aria-label="Paired browsers">
              ${browsers.map((browser) => this.#line(browser))}
            </ul>`
      }`;
  }

  #line({ id, name, pairedAt }: PairedBrowser): TemplateResult {
    return html`<li>
      <span
        >${name}
        <span class="small soft"
          >since ${dayInWords(pairedAt, Date.now())} · <span class="mono">${id}</span></span
        ></span
      >
      ${
        this.leaving === id
          ? html`<button class="link" @click=${() => void this.#revoke(id)}>
              Revoke ${name}: it has to pair again
            </button>`
          : html`<button class="link" aria-label=${`Revoke ${name}`} @click=${() => (this.leaving = id)}>
              Revoke
            </button>`
      }
    </li>`;
  }

  async #revoke(id: string): Promise<void> {
    this.leaving = null;
    await this.app.pairing.revoke(id);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'paired-browsers': PairedBrowsers;
  }
}
