import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { helpReport } from '../../state/update/report.ts';
import {
  COPY_IT,
  GONE,
  NOT_SHARED,
  READ_FIRST,
  SHARE,
  SHARED_TITLE,
  THE_REPORT,
  WITH_ADDRESSES,
} from '../../words/history/help-report.ts';
import '../kit/copy-button.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';

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
    if (text === null) return html`<p>${GONE}</p>`;
    return html`<p>${READ_FIRST}</p>
      <pre role="group" tabindex="0" aria-label=${THE_REPORT}>${text}</pre>
      <label class="choice">
        <input type="checkbox" .checked=${this.addresses} @change=${this.#choose} />${WITH_ADDRESSES}
      </label>
      <div class="row">
        <copy-button .text=${text}>${COPY_IT}</copy-button>
        ${'share' in navigator ? html`<button class="next" @click=${() => this.#share(text)}>${SHARE}</button>` : null}
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
      await navigator.share({ title: SHARED_TITLE, text });
    } catch (error) {
      // Closing the system's sheet is an answer, no trouble.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.trouble = NOT_SHARED;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'help-report': HelpReport;
  }
}
