import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import './paired-browsers.ts';
import '../kit/qr-code.ts';
import { sections } from '../section-styles.ts';
import { base, buttons } from '../kit/theme.ts';
import { trustAddress, withCode } from '../shell/routes.ts';
import { Watch } from '../kit/watch.ts';

/** The way of a phone to the host that served this page, where there is one. */
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

  @property({ attribute: false }) app!: WholeApp;
  readonly #offers = new Watch(this, () => this.app.host.$offers);
  readonly #code = new Watch(this, () => this.app.pairing.$code);

  /** Whether a code was asked for since this was opened: what an earlier look showed may be used up. */
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
    return html`<h2>Open it on a phone</h2>
      <p>Scan this with a phone in the same network, or type the address. It tells how to go on.</p>
      ${
        code === null
          ? null
          : html`<p>
                The code also pairs the phone with this host, so that the host reaches devices for it. It is good for
                one phone, and for ten minutes.
              </p>
              <p><button @click=${() => void this.#renew()}>New code</button></p>`
      }
      <qr-code .text=${link} .label=${`Code that leads a phone to ${address}`}></qr-code>
      <p class="mono">${link}</p>
      <p>
        <a href=${trustAddress(code)}>How to trust this host</a>, so that Moult can be installed and keeps tokens
        encrypted.
      </p>
      ${
        this.app.setup.secure
          ? html`<p class="small soft">
              Fingerprint of its certificate (SHA-256): <span class="mono">${lan.fingerprint}</span>
            </p>`
          : null
      }
      <paired-browsers .app=${this.app}></paired-browsers>`;
  }

  /** The one before was used, most likely: by whom stands in the list. */
  async #renew(): Promise<void> {
    await Promise.all([this.app.pairing.renewCode(), this.app.pairing.listBrowsers()]);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'host-note': HostNote;
  }
}
