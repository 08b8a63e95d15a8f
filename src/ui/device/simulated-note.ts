import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { isInTab } from '../../state/device/devices.ts';
import { IN_TAB_NOTE, REMOVE_SIMULATED } from '../../words/device/simulated.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';

/** What of the app the note draws from. */
export type SimulatedNoteParts = Pick<App, 'devices' | 'updates'>;

/** Says of devices that are simulated in this tab that they are, and takes them away again. */
@customElement('simulated-note')
export class SimulatedNote extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 calc(3 * var(--u));
        margin-bottom: calc(4 * var(--u));
        padding: calc(2 * var(--u)) calc(4 * var(--u));
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius);
        font-size: var(--small);
      }
      p {
        flex: 1 1 36ch;
        padding: calc(2 * var(--u)) 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: SimulatedNoteParts;

  protected override render(): TemplateResult {
    return html`<div role="note">
      <p>${IN_TAB_NOTE}</p>
      <button class="link" @click=${this.#remove}>${REMOVE_SIMULATED}</button>
    </div>`;
  }

  /** One that is being updated stays, as its card has it. */
  async #remove(): Promise<void> {
    const { devices, updates } = this.app;
    for (const device of devices.$devices.get().filter(isInTab)) {
      const { kind } = updates.$update(device.id).get();
      if (kind !== 'running' && kind !== 'preparing') await devices.remove(device.id);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'simulated-note': SimulatedNote;
  }
}
