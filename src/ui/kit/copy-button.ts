import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { copyIcon } from './style/icons.ts';
import { COPIED } from '../../words/kit/copy-button.ts';
import { base } from './style/base.ts';
import { buttons } from './style/buttons.ts';

/** How long "Copied" stands, in milliseconds: long enough to be read once. */
const SHOWN_MS = 2_000;

/** Copies a text that is shown shortened. Where the page has no clipboard, it shows the text whole, to be copied by hand. */
@customElement('copy-button')
export class CopyButton extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      /* The target is taller than its line; the line keeps its height. */
      :host {
        display: inline-block;
        margin: calc(-3 * var(--u)) 0;
        vertical-align: middle;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: calc(2 * var(--u));
      }
      button.link {
        text-decoration: none;
      }
      svg.icon {
        width: 16px;
        height: 16px;
      }
      .whole {
        display: block;
        user-select: all;
      }
    `,
  ];

  @property() text = '';
  /** What is copied, said after the text that is seen; empty where that says it already. */
  @property() label = '';
  @state() copied: 'no' | 'yes' | 'by-hand' = 'no';

  protected override render(): TemplateResult {
    if (this.copied === 'by-hand') return html`<code class="mono whole" tabindex="0">${this.text}</code>`;
    return html`<button class="link" title=${this.label} @click=${this.#copy}>
        <slot></slot><span class="off-screen">${this.label}</span>${copyIcon}<span class="small" aria-hidden="true"
          >${this.copied === 'yes' ? COPIED : ''}</span
        >
      </button>
      <span class="off-screen" aria-live="polite">${this.copied === 'yes' ? COPIED : ''}</span>`;
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      // Not a secure context, or refused: the person can still select it.
      this.copied = 'by-hand';
      return;
    }
    this.copied = 'yes';
    setTimeout(() => (this.copied = 'no'), SHOWN_MS);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'copy-button': CopyButton;
  }
}
