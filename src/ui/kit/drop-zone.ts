import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { arrowDownIcon } from './icons.ts';
import { DROP_TO_CHECK, NOTHING_SENT_BY_DROPPING } from '../../words/kit/drop-zone.ts';
import { base } from './theme.ts';

/** A drag that goes on is told of every 350 ms, give or take 200 (HTML). After more than that nothing hovers any more. */
const HOVER_TIMEOUT_MS = 1_000;

export type DropZoneParts = Pick<App, 'firmware'>;

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
      }
      .veil div {
        /* One target under the whole drag: inside a shadow tree the window hears of no crossing, and a drop just then is lost. */
        pointer-events: none;
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

  @property({ attribute: false }) app!: DropZoneParts;
  /** The page is at a place that does not show what will be sent. */
  @property({ type: Boolean }) elsewhere = false;
  @state() hovering = false;
  #timeout: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('dragenter', this.#hover);
    window.addEventListener('dragover', this.#hover);
    window.addEventListener('dragleave', this.#leave);
    window.addEventListener('drop', this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('dragenter', this.#hover);
    window.removeEventListener('dragover', this.#hover);
    window.removeEventListener('dragleave', this.#leave);
    window.removeEventListener('drop', this.#drop);
    window.clearTimeout(this.#timeout);
  }

  protected override render(): TemplateResult | null {
    if (!this.hovering) return null;
    return html`<div class="veil">
      <div>${arrowDownIcon}<b>${DROP_TO_CHECK}</b><span>${NOTHING_SENT_BY_DROPPING}</span></div>
    </div>`;
  }

  readonly #hover = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    // On both: what is let go in the moment when it comes over another element has only entered that one.
    event.preventDefault();
    window.clearTimeout(this.#timeout);
    // An element that was drawn away from under the pointer tells nobody that it was left.
    this.#timeout = window.setTimeout(this.#end, HOVER_TIMEOUT_MS);
    this.hovering = true;
  };

  readonly #leave = (event: DragEvent): void => {
    // Out of the window; every other leave is for a neighbour.
    if (event.relatedTarget === null) this.#end();
  };

  readonly #end = (): void => {
    window.clearTimeout(this.#timeout);
    this.hovering = false;
  };

  readonly #drop = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.#end();
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
