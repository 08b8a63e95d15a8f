import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import './copy-button.ts';
import { base } from './theme.ts';

/** The lines for the device's own program, and where that program has to be. */
@customElement('setup-lines')
export class SetupLines extends LitElement {
  static override styles = [
    base,
    css`
      pre {
        margin: calc(2 * var(--u)) 0 0;
        padding: calc(3 * var(--u));
        border: 1px solid var(--line);
        border-radius: var(--radius);
        /* A sheet lies on paper, and paper on a sheet. */
        background: var(--ground, var(--paper));
        overflow-x: auto;
        font-family: var(--mono);
        font-size: var(--small);
        user-select: all;
      }
      p {
        margin-top: calc(2 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) lines = '';

  protected override render(): TemplateResult {
    return html`<pre tabindex="0" aria-label="Lines for the device">${this.lines}</pre>
      <copy-button .text=${this.lines}>Copy the lines</copy-button>
      <p>
        The program has to start by itself, or the device is not seen again after an update. Keep it on the device as
        <code>main.py</code>; as <code>boot.py</code> where the firmware has a <code>main.py</code> built in, as
        ViperHTTP’s own ESP32S3_N16R8 has.
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'setup-lines': SetupLines;
  }
}
