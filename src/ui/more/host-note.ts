import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import {
  CODE_PAIRS,
  codeText,
  FINGERPRINT,
  NEW_CODE,
  OPEN_ON_PHONE,
  SCAN_THIS,
  TRUST_BRINGS,
} from '../../words/more/host-note.ts';
import { HOW_TO_TRUST } from '../../words/more/trust.ts';
import './paired-browsers.ts';
import type { PairedBrowsersParts } from './paired-browsers.ts';
import '../kit/qr-code.ts';
import { sections } from '../section-styles.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { trustAddress, withCode } from '../shell/routes.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the note about the host draws from. */
export type HostNoteParts = Pick<WholeApp, 'host' | 'pairing' | 'setup'> & PairedBrowsersParts;

/** How a phone gets to the host that served this page. Draws nothing where no host did. */
@customElement('host-note')
export class HostNote extends LitElement {
  static override styles = [
    base,
    buttons,
    sections,
    css`
      qr-code {
        width: min(100%, 208px);
        margin-block: calc(3 * var(--u));
      }
      .mono {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) app!: HostNoteParts;
  readonly #offers = new Watch(this, () => this.app.host.$offers);
  readonly #code = new Watch(this, () => this.app.pairing.$code);

  /** Whether a code was asked for since this was opened: one that was shown earlier may be used by now. */
  #isAsked = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#isAsked = false;
  }

  protected override willUpdate(): void {
    const { lan, pairing } = this.#offers.value;
    if (!lan || pairing === 'needed' || this.#isAsked) return;
    this.#isAsked = true;
    void this.app.pairing.renewCode();
  }

  protected override render(): TemplateResult | null {
    const { lan } = this.#offers.value;
    const [address] = lan?.plain ?? [];
    if (!lan || address === undefined) return null;
    const code = this.#code.value;
    const link = withCode(address, code);
    return html`<h2>${OPEN_ON_PHONE}</h2>
      <p>${SCAN_THIS}</p>
      ${
        code === null
          ? null
          : html`<p>${CODE_PAIRS}</p>
              <p><button @click=${() => void this.#renew()}>${NEW_CODE}</button></p>`
      }
      <qr-code .text=${link} .label=${codeText(address)}></qr-code>
      <p class="mono">${link}</p>
      <p><a href=${trustAddress(code)}>${HOW_TO_TRUST}</a>${TRUST_BRINGS}</p>
      ${
        this.app.setup.secure
          ? html`<p class="small soft">${FINGERPRINT} <span class="mono">${lan.fingerprint}</span></p>`
          : null
      }
      <paired-browsers .app=${this.app}></paired-browsers>`;
  }

  /** The code from before was most likely used, so the list of browsers is asked for again, too. */
  async #renew(): Promise<void> {
    await Promise.all([this.app.pairing.renewCode(), this.app.pairing.listBrowsers()]);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'host-note': HostNote;
  }
}
