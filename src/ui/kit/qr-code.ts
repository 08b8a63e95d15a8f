import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { encodeQR } from 'qr';

/** Empty modules around the code: ISO/IEC 18004 asks for four. */
const BORDER = 4;

/** A QR code. Dark on white in both themes: many scanners read no inverted code. */
@customElement('qr-code')
export class QrCode extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    svg {
      display: block;
      width: 100%;
      border-radius: var(--radius);
      background: #fff;
      forced-color-adjust: none;
      shape-rendering: crispEdges;
    }
  `;

  @property() text = '';
  /** What the code is, for people who do not see it. */
  @property() label = '';

  protected override render(): TemplateResult {
    const modules = encodeQR(this.text, 'raw', { ecc: 'medium', border: BORDER });
    const path = modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
    return html`<svg viewBox="0 0 ${modules.length} ${modules.length}" role="img" aria-label=${this.label}>
      <path d=${path} fill="#000" />
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'qr-code': QrCode;
  }
}
