import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../../state/app.ts';
import { isInTab } from '../../state/device/devices.ts';
import type { Device } from '../../model/device/device.ts';
import './device-card.ts';
import type { DeviceCardParts } from './device-card.ts';
import { FILTER_FROM, NEW_DEVICE, OpenDeviceEvent, OpenSheetEvent, type FilteredEvent } from '../kit/events.ts';
import { plusIcon } from '../kit/icons.ts';
import type { AddSimulatedParts } from './add-simulated.ts';
import type { ChipQuestionParts } from './chip-question.ts';
import type { SimulatedNoteParts } from './simulated-note.ts';
import { ADD_DEVICE, SCAN_A_CODE } from '../../words/kit/buttons.ts';
import {
  LOAD_AGAIN_FOR_DEVICE,
  NO_DEVICE,
  TRY_SIMULATED,
  UPDATE_MANY,
  WHAT_A_DEVICE_IS,
} from '../../words/device/devices-view.ts';
import { DEVICES } from '../../words/kit/places.ts';
import { HOW_TO_PREPARE } from '../../words/more/prepare-link.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

/** Cards made in one task. Each costs some 1.5 ms on a laptop and four times that on a phone; a task stays under 50. */
const SLICE = 8;

export type DevicesViewParts = Pick<App, 'devices' | 'host' | 'rollouts' | 'setup'> &
  AddSimulatedParts &
  ChipQuestionParts &
  DeviceCardParts &
  SimulatedNoteParts;

/** The saved devices as cards, or how to get a first one. */
@customElement('devices-view')
export class DevicesView extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 calc(2 * var(--u));
        margin-bottom: calc(3 * var(--u));
      }
      h1 {
        font-size: var(--title);
        overflow-wrap: normal;
      }
      .top > * {
        white-space: nowrap;
      }
      a {
        padding: calc(3 * var(--u)) 0;
      }
      .top a {
        margin-inline-start: auto;
      }
      .top button {
        display: inline-flex;
        align-items: center;
        gap: var(--u);
        /* All three stand in one line on a phone of 390 px. */
        padding-inline: calc(3 * var(--u));
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
        gap: calc(3 * var(--u));
      }
      .empty {
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        gap: calc(4 * var(--u));
        max-width: 46ch;
      }
    `,
  ];

  @property({ attribute: false }) app!: DevicesViewParts;
  @state() shows: (device: Device) => boolean = everyone;
  /** Cards that are there; the rest follows, a slice in each task. */
  @state() drawn = SLICE;
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  readonly #asked = new Watch(this, () => this.app.fits.$chipAsked);
  readonly #loaded = new Watch(this, () => this.app.devices.$loaded);

  protected override updated(): void {
    if (this.drawn < this.#shown(this.#devices.value).length) setTimeout(() => (this.drawn += SLICE));
  }

  protected override render(): TemplateResult | null {
    if (!this.#loaded.value) return null;
    const devices = this.#devices.value;
    if (devices.length === 0) return this.#empty();
    return html`<div class="top">
        <h1 tabindex="-1">${DEVICES}</h1>
        ${this.app.rollouts === null || devices.length < 2 ? null : html`<a href="#/rollout">${UPDATE_MANY}</a>`}
        ${
          this.app.setup.addsDevices === false
            ? null
            : html`<button @click=${this.#add}>${plusIcon}${ADD_DEVICE}</button>`
        }
      </div>
      ${this.#simulated(devices)}${this.#chips()}${this.#filter(devices)}
      <div class="grid">
        ${repeat(
          this.#shown(devices).slice(0, this.drawn),
          ({ id }) => id,
          (device) => html`<device-card data-device=${device.id} .app=${this.app} .device=${device}></device-card>`,
        )}
      </div>`;
  }

  /** Loaded only where there is something to say it of. */
  #simulated(devices: readonly Device[]): TemplateResult | null {
    if (!devices.some(isInTab)) return null;
    void import('./simulated-note.ts');
    return html`<simulated-note .app=${this.app}></simulated-note>`;
  }

  /** Of a single device its card asks. */
  #chips(): TemplateResult | null {
    if ((this.#asked.value?.devices.length ?? 0) < 2) return null;
    void import('./chip-question.ts');
    return html`<chip-question .app=${this.app}></chip-question>`;
  }

  /** Loaded only where there is something to find. */
  #filter(devices: readonly Device[]): TemplateResult | null {
    if (!isFiltered(devices)) return null;
    void import('./device-filter.ts');
    return html`<device-filter .devices=${devices} @moult-filtered=${this.#filtered}></device-filter>`;
  }

  #shown(devices: readonly Device[]): readonly Device[] {
    return isFiltered(devices) ? devices.filter(this.shows) : devices;
  }

  #filtered({ shows }: FilteredEvent): void {
    this.shows = shows;
    this.drawn = SLICE;
  }

  #empty(): TemplateResult {
    if (this.app.setup.addsDevices === false) return html`<p>${LOAD_AGAIN_FOR_DEVICE}</p>`;
    return html`<div class="empty">
      <h1 tabindex="-1">${NO_DEVICE}</h1>
      <p>${WHAT_A_DEVICE_IS}</p>
      <div class="row">
        <button class="next" @click=${this.#add}>${ADD_DEVICE}</button>
        <button @click=${this.#scan}>${SCAN_A_CODE}</button>
        <button @click=${this.#try}>${TRY_SIMULATED}</button>
      </div>
      <a href="#/prepare">${HOW_TO_PREPARE}</a>
    </div>`;
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

function isFiltered(devices: readonly Device[]): boolean {
  return devices.length >= FILTER_FROM || devices.some(({ group }) => group !== null);
}

/** Until something was filtered. */
function everyone(): boolean {
  return true;
}

declare global {
  interface HTMLElementTagNameMap {
    'devices-view': DevicesView;
  }
}
