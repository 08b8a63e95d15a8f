import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../state/app.ts';
import { arrowDownIcon } from './icons.ts';
import { base } from './theme.ts';

/** The whole window takes a drop, and says what will happen while a file hovers. */
@customElement('drop-zone')
export class DropZone extends LitElement {
  static override styles = [
    base,
    css`
      .veil {
        position: fixed;
        inset: 0;
        z-index: 20;
        display: grid;
        place-items: center;
        padding: calc(6 * var(--u));
        background: var(--veil);
        pointer-events: none;
      }
      .veil div {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: calc(2 * var(--u));
        max-width: 360px;
        padding: calc(8 * var(--u));
        border: 2px dashed var(--accent);
        border-radius: var(--radius);
        background: var(--sheet);
        box-shadow: var(--shadow);
        text-align: center;
      }
      b {
        font-size: var(--large);
      }
      svg {
        color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) app!: App;
  /** The page is at a place that does not show what will be sent. */
  @property({ type: Boolean }) elsewhere = false;
  @state() hovering = false;
  /** Elements the pointer is inside of: leaving a child is not leaving the window. */
  #depth = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('dragenter', this.#enter);
    window.addEventListener('dragover', this.#over);
    window.addEventListener('dragleave', this.#leave);
    window.addEventListener('drop', this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('dragenter', this.#enter);
    window.removeEventListener('dragover', this.#over);
    window.removeEventListener('dragleave', this.#leave);
    window.removeEventListener('drop', this.#drop);
  }

  protected override render(): TemplateResult | null {
    if (!this.hovering) return null;
    return html`<div class="veil">
      <div>${arrowDownIcon}<b>Drop to check the file</b><span>Nothing is sent until you press “Update”.</span></div>
    </div>`;
  }

  readonly #enter = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    this.#depth += 1;
    this.hovering = true;
  };

  readonly #over = (event: DragEvent): void => {
    // Without this the browser opens the file in place of the page.
    if (holdsFiles(event)) event.preventDefault();
  };

  readonly #leave = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    this.hovering = this.#depth > 0;
  };

  readonly #drop = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.hovering = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    if (this.elsewhere) window.location.hash = '#/devices';
    void this.app.firmware.choose(files);
  };
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

declare global {
  interface HTMLElementTagNameMap {
    'drop-zone': DropZone;
  }
}
