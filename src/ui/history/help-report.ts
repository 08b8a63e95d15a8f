import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { helpReport } from '../../state/update/report.ts';
import '../kit/copy-button.ts';
import { base, buttons, fields } from '../kit/theme.ts';

export type HelpReportParts = Pick<WholeApp, 'installation' | 'recorder' | 'setup'>;

/** The text about one update, to be read before it is copied or shared. */
@customElement('help-report')
export class HelpReport extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        display: grid;
        gap: calc(3 * var(--u));
      }
      pre {
        max-height: 40dvh;
        margin: 0;
        padding: calc(3 * var(--u));
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--paper);
        overflow: auto;
        font-family: var(--mono);
        font-size: var(--small);
      }
      .row {
        justify-content: space-between;
      }
    `,
  ];

  @property({ attribute: false }) app!: HelpReportParts;
  @property({ attribute: false }) updateId = '';
  @state() addresses = false;
  /** Why it was not shared; null where nothing went wrong. */
  @state() trouble: string | null = null;

  protected override render(): TemplateResult {
    const text = this.#text();
    if (text === null) return html`<p>This update was of an earlier visit: its requests are no longer remembered.</p>`;
    return html`<p>
        What happened, request by request. It holds no token. Read it before you hand it on: the device’s name and the
        file’s name stand in it.
      </p>
      <pre tabindex="0" aria-label="The report">${text}</pre>
      <label class="choice">
        <input type="checkbox" .checked=${this.addresses} @change=${this.#choose} />With the full addresses
      </label>
      <div class="row">
        <copy-button .text=${text}>Copy the report</copy-button>
        ${'share' in navigator ? html`<button class="next" @click=${() => this.#share(text)}>Share</button>` : null}
      </div>
      ${this.trouble === null ? null : html`<p class="error" role="alert">${this.trouble}</p>`}`;
  }

  #text(): string | null {
    const run = this.app.recorder.find(this.updateId);
    if (run === null) return null;
    const around = {
      version: this.app.installation.version,
      browser: navigator.userAgent,
      page: window.location.origin,
      secure: this.app.setup.secure,
      now: Date.now(),
    };
    return helpReport(run, around, { addresses: this.addresses });
  }

  #choose(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    this.addresses = event.currentTarget.checked;
  }

  async #share(text: string): Promise<void> {
    this.trouble = null;
    try {
      await navigator.share({ title: 'Moult: report of an update', text });
    } catch (error) {
      // Closing the system's sheet is an answer, no trouble.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.trouble = 'The browser did not share it. Copy it instead.';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'help-report': HelpReport;
  }
}
