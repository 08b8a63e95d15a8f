import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { AddSimulatedParts } from './add-simulated.ts';
import { ADD_DEVICE, SCAN_A_CODE } from '../../words/kit/buttons.ts';
import { IMPORT_MANY, NO_DEVICE, TRY_SIMULATED, WHAT_A_DEVICE_IS } from '../../words/device/devices-view.ts';
import { HOW_TO_PREPARE } from '../../words/more/prepare-link.ts';
import { NEW_DEVICE, OpenDeviceEvent, OpenSheetEvent } from '../kit/events.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';

export type NoDeviceParts = AddSimulatedParts;

/** How to get a first device. The page that a device serves itself has one, and goes without this. */
@customElement('no-device')
export class NoDevice extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        gap: calc(4 * var(--u));
        max-width: 46ch;
      }
      h1 {
        font-size: var(--title);
      }
      a {
        padding: calc(3 * var(--u)) 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: NoDeviceParts;

  protected override render(): TemplateResult {
    return html`<h1 tabindex="-1">${NO_DEVICE}</h1>
      <p>${WHAT_A_DEVICE_IS}</p>
      <div class="row">
        <button class="next" @click=${this.#add}>${ADD_DEVICE}</button>
        <button @click=${this.#scan}>${SCAN_A_CODE}</button>
        <button @click=${this.#try}>${TRY_SIMULATED}</button>
      </div>
      <a href="#/prepare">${HOW_TO_PREPARE}</a>
      <a href="#/more?import">${IMPORT_MANY}</a>`;
  }

  async #try(): Promise<void> {
    const { addSimulated } = await import('./add-simulated.ts');
    await addSimulated(this.app);
  }

  #scan(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'scan' }));
  }

  #add(): void {
    this.dispatchEvent(new OpenDeviceEvent(NEW_DEVICE));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'no-device': NoDevice;
  }
}
