import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { WatchState } from '../../state/firmware/watched-file.ts';
import type { WatchView } from '../../model/firmware/watched-file.ts';
import {
  HOW_IT_WORKS,
  NO_DEVICE,
  SEND_TO,
  STOP_WATCHING,
  WATCHING,
  watchText,
} from '../../words/firmware/watch-file.ts';
import { WATCH_A_FILE } from '../../words/firmware/watch-pill.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the watching of a file draws from. */
export type WatchFileParts = Pick<WholeApp, 'devices' | 'watch'>;

/** For developers: watches one file on the disk, and shows or sends each new build. Draws nothing where the browser cannot watch. */
@customElement('watch-file')
export class WatchFile extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      section {
        display: grid;
        gap: calc(2 * var(--u));
        justify-items: start;
        margin-bottom: calc(5 * var(--u));
        padding-bottom: calc(5 * var(--u));
        border-bottom: 1px solid var(--line);
      }
      h2 {
        font-size: var(--text);
      }
      section > div {
        width: min(100%, 320px);
      }
      p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) app!: WatchFileParts;
  /** Loaded with the first need. */
  @state() watching: WatchState | null = null;
  @state() view: WatchView = { kind: 'off' };
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  #unsubscribe: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // The file is still watched; only this view of it is gone.
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  protected override render(): TemplateResult | null {
    if (this.watching?.isPossible !== true) return null;
    return html`<section aria-label=${WATCH_A_FILE}>
      ${this.view.kind === 'off' ? this.#off() : this.#on(this.view)}
    </section>`;
  }

  #off(): TemplateResult {
    return html`<button @click=${() => this.watching?.choose()}>${WATCH_A_FILE}</button>
      <p class="small soft">${HOW_IT_WORKS}</p>`;
  }

  #on({ name, sendTo, event }: Extract<WatchView, { kind: 'on' }>): TemplateResult {
    return html`<h2>${WATCHING} <span class="mono">${name}</span></h2>
      <p role="status">${watchText(event, Date.now())}</p>
      <div>
        <label for="target">${SEND_TO}</label>
        <select id="target" @change=${this.#choose}>
          <option value="" ?selected=${sendTo === null}>${NO_DEVICE}</option>
          ${this.#devices.value.map(
            ({ id, name: device }) =>
              html`<option value=${id} selected=${id === sendTo ? '' : nothing}>${device}</option>`,
          )}
        </select>
      </div>
      <button @click=${() => this.watching?.stop()}>${STOP_WATCHING}</button>`;
  }

  async #load(): Promise<void> {
    const watching = await this.app.watch();
    if (!this.isConnected) return;
    this.watching = watching;
    this.#unsubscribe ??= watching.$watch.subscribe((view) => (this.view = view));
  }

  #choose(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    this.watching?.sendTo(event.currentTarget.value || null);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'watch-file': WatchFile;
  }
}
