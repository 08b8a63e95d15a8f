import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LINES_FOR_DEVICE } from '../../../words/device/card/device-doctor.ts';
import { COPY_LINES, PROGRAM_STARTS } from '../../../words/device/dialog/device-secrets.ts';
import '../../kit/copy-button.ts';
import { base } from '../../kit/style/base.ts';

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
    return html`<pre role="group" tabindex="0" aria-label=${LINES_FOR_DEVICE}>${this.text}</pre>
      <copy-button .text=${this.text}>${COPY_LINES}</copy-button>
      <p>
        ${PROGRAM_STARTS.asMain} <code>main.py</code>${PROGRAM_STARTS.asBoot}
        <code>boot.py</code> ${PROGRAM_STARTS.where} <code>main.py</code> ${PROGRAM_STARTS.builtIn}
      </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'setup-lines': SetupLines;
  }
}
