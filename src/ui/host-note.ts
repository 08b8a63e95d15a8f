import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../state/app.ts';
import './qr-code.ts';
import { base } from './theme.ts';
import { Watch } from './watch.ts';

/** The way of a phone to the host that served this page, where there is one. */
@customElement('host-note')
export class HostNote extends LitElement {
  static override styles = [
    base,
    css`
      h2 {
        font-size: var(--large);
        margin: calc(6 * var(--u)) 0 calc(2 * var(--u));
      }
      p + p {
        margin-top: calc(2 * var(--u));
      }
      qr-code {
        width: min(100%, 208px);
        margin-block: calc(3 * var(--u));
      }
      .mono {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  readonly #offers = new Watch(this, () => this.app.host.$offers);

  protected override render(): TemplateResult | null {
    const { lan } = this.#offers.value;
    const [address] = lan?.plain ?? [];
    if (!lan || address === undefined) return null;
    return html`<h2>Open it on a phone</h2>
      <p>Scan this with a phone in the same network, or type the address. It tells how to go on.</p>
      <qr-code .text=${address} .label=${`Code that leads a phone to ${address}`}></qr-code>
      <p class="mono">${address}</p>
      <p><a href="/trust">How to trust this host</a>, so that Moult can be installed and keeps tokens encrypted.</p>
      ${
        this.app.setup.secure
          ? html`<p class="small soft">
              Fingerprint of its certificate (SHA-256): <span class="mono">${lan.fingerprint}</span>
            </p>`
          : null
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'host-note': HostNote;
  }
}
