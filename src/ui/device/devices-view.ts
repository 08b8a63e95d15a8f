import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../../state/app.ts';
import { isInTab } from '../../state/device/devices.ts';
import type { Device } from '../../model/device/device.ts';
import type { DeviceCardParts } from './card/device-card.ts';
import { FILTER_FROM, NEW_DEVICE, OpenDeviceEvent, type FilteredEvent } from '../kit/events.ts';
import { plusIcon } from '../kit/style/icons.ts';
import type { ChipQuestionParts } from './chip-question.ts';
import type { DeviceListParts } from './list/device-list.ts';
import './no-device.ts';
import type { NoDeviceParts } from './no-device.ts';
import type { SimulatedNoteParts } from './simulated-note.ts';
import { ADD_DEVICE } from '../../words/kit/buttons.ts';
import { LOAD_AGAIN_FOR_DEVICE, UPDATE_MANY } from '../../words/device/devices-view.ts';
import { DEVICES } from '../../words/kit/places.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';

/** From this many devices on each one is a line: as cards they would no longer be seen at a glance. */
const LIST_FROM = 5;

export type DevicesViewParts = Pick<App, 'devices' | 'host' | 'rollouts' | 'setup'> &
  ChipQuestionParts &
  NoDeviceParts &
  DeviceCardParts &
  DeviceListParts &
  SimulatedNoteParts;

/** The saved devices: few as cards, many as a list; or how to get a first one. */
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
      .top a {
        padding: calc(3 * var(--u)) 0;
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
    `,
  ];

  @property({ attribute: false }) app!: DevicesViewParts;
  @state() shows: (device: Device) => boolean = everyone;
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  readonly #asked = new Watch(this, () => this.app.fits.$chipAsked);
  readonly #loaded = new Watch(this, () => this.app.devices.$loaded);

  protected override render(): TemplateResult | null {
    if (!this.#loaded.value) return null;
    const devices = this.#devices.value;
    if (devices.length === 0) {
      return this.app.setup.addsDevices === false
        ? html`<p>${LOAD_AGAIN_FOR_DEVICE}</p>`
        : html`<no-device .app=${this.app}></no-device>`;
    }
    return html`<div class="top">
        <h1 tabindex="-1">${DEVICES}</h1>
        ${this.app.rollouts === null || devices.length < 2 ? null : html`<a href="#/rollout">${UPDATE_MANY}</a>`}
        ${
          this.app.setup.addsDevices === false
            ? null
            : html`<button @click=${this.#add}>${plusIcon}${ADD_DEVICE}</button>`
        }
      </div>
      ${this.#simulated(devices)}${this.#chips()}${devices.length < LIST_FROM ? this.#cards(devices) : this.#list(devices)}`;
  }

  /** Loaded once there is a device: the empty page needs none of them. */
  #cards(devices: readonly Device[]): TemplateResult {
    void import('./card/device-card.ts');
    return html`${this.#filter(devices)}
      <div class="grid">
        ${repeat(
          this.#shown(devices),
          ({ id }) => id,
          (device) => html`<device-card data-device=${device.id} .app=${this.app} .device=${device}></device-card>`,
        )}
      </div>`;
  }

  /** Loaded only where there are many. */
  #list(devices: readonly Device[]): TemplateResult {
    void import('./list/device-list.ts');
    return html`<device-list .app=${this.app} .devices=${this.#shown(devices)} .total=${devices.length}
      >${this.#filter(devices)}</device-list
    >`;
  }

  /** Loaded only where there is something to say it of. */
  #simulated(devices: readonly Device[]): TemplateResult | null {
    if (!devices.some(isInTab)) return null;
    void import('./simulated-note.ts');
    return html`<simulated-note .app=${this.app}></simulated-note>`;
  }

  /** Of a single device its card asks. */
  #chips(): TemplateResult | null {
    if (this.#asked.value?.atOnce !== true) return null;
    void import('./chip-question.ts');
    return html`<chip-question .app=${this.app}></chip-question>`;
  }

  /** Loaded only where there is something to find. */
  #filter(devices: readonly Device[]): TemplateResult | null {
    if (!isFiltered(devices)) return null;
    void import('./list/device-filter.ts');
    return html`<device-filter .devices=${devices} @moult-filtered=${this.#filtered}></device-filter>`;
  }

  #shown(devices: readonly Device[]): readonly Device[] {
    return isFiltered(devices) ? devices.filter(this.shows) : devices;
  }

  #filtered({ shows }: FilteredEvent): void {
    this.shows = shows;
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
