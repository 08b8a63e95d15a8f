import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import {
  NONE_PAIRED,
  PAIRED_BROWSERS,
  pairedText,
  REVOKE,
  revokeLabel,
  revokeNowLabel,
} from '../../words/more/paired-browsers.ts';
import { sections } from '../section-styles.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';
import type { PairedBrowser } from '../../model/page/page-ports.ts';

/** What of the app the list of paired browsers draws from. */
export type PairedBrowsersParts = Pick<WholeApp, 'pairing'>;

/** The browsers that are paired with the host, shown on the host's own machine alone. */
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

  @property({ attribute: false }) app!: PairedBrowsersParts;
  /** The id of the browser whose button was tapped once. A second tap revokes it. */
  @state() revoking: string | null = null;
  readonly #browsers = new Watch(this, () => this.app.pairing.$browsers);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.app.pairing.listBrowsers();
  }

  protected override render(): TemplateResult | null {
    const browsers = this.#browsers.value;
    if (browsers === null) return null;
    return html`<h2>${PAIRED_BROWSERS}</h2>
      ${
        browsers.length === 0
          ? html`<p>${NONE_PAIRED}</p>`
          : html`<ul aria-label=${PAIRED_BROWSERS}>
              ${browsers.map((browser) => this.#line(browser))}
            </ul>`
      }`;
  }

  #line({ id, name, pairedAt }: PairedBrowser): TemplateResult {
    return html`<li>
      <span
        >${name}
        <span class="small soft">${pairedText(pairedAt, Date.now())} · <span class="mono">${id}</span></span></span
      >
      ${
        this.revoking === id
          ? html`<button class="link" @click=${() => void this.#revoke(id)}>${revokeNowLabel(name)}</button>`
          : html`<button class="link" aria-label=${revokeLabel(name)} @click=${() => (this.revoking = id)}>
              ${REVOKE}
            </button>`
      }
    </li>`;
  }

  async #revoke(id: string): Promise<void> {
    this.revoking = null;
    await this.app.pairing.revoke(id);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'paired-browsers': PairedBrowsers;
  }
}
