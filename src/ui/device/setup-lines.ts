import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../kit/copy-button.ts';
import { base } from '../kit/theme.ts';

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

  /** Made by code that is loaded with the first need of it. */
  @property({ attribute: false }) lines: Promise<string> | null = null;
  @state() text = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('lines') && this.lines !== null) void this.#show(this.lines);
  }

  async #show(lines: Promise<string>): Promise<void> {
    const text = await lines;
    // Typed on meanwhile: newer ones are on the way.
    if (lines === this.lines) this.text = text;
  }

  protected override render(): TemplateResult {
    return html`<pre tabindex="0" aria-label="Lines for the device">${this.text}</pre>
      <copy-button .text=${this.text}>Copy the lines</copy-button>
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
