import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { EVERY_DEVICE, groupsOf, passes, type DeviceFilter } from '../../../state/device/device-choice.ts';
import type { Device } from '../../../model/device/device.ts';
import { FilteredEvent, FILTER_FROM } from '../../kit/events.ts';
import { ALL_GROUPS, SEARCH_EXAMPLE, shownCount } from '../../../words/device/list/device-filter.ts';
import { GROUP, NO_GROUP, SEARCH } from '../../../words/kit/fields.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';

/** Finds devices among many: by words, and by their group. */
@customElement('device-filter')
export class DeviceFilterElement extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(2 * var(--u));
        margin-bottom: calc(4 * var(--u));
      }
      .search {
        flex: 1 1 200px;
        max-width: 420px;
      }
      .search input {
        margin: 0;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: calc(2 * var(--u));
      }
      .chips button {
        max-width: 100%;
        border-radius: calc(var(--target) / 2);
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property({ attribute: false }) devices: readonly Device[] = [];
  @state() filter: DeviceFilter = EVERY_DEVICE;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The group may be gone with its last device; then nothing would be shown, and no chip to take it back.
    const { group } = this.filter;
    if (changed.has('devices') && group !== null && !groupsOf(this.devices).includes(group)) {
      this.filter = { ...this.filter, group: null };
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { filter } = this;
    // Only what the person changed: a device that learned something leaves the cards as they are.
    if (!changed.has('filter') || changed.get('filter') === undefined) return;
    this.dispatchEvent(new FilteredEvent((device) => passes(device, filter)));
  }

  protected override render(): TemplateResult {
    const { devices, filter } = this;
    const groups = groupsOf(devices);
    const shown = devices.filter((device) => passes(device, filter)).length;
    return html`${
        devices.length < FILTER_FROM
          ? null
          : html`<div class="search">
              <label class="off-screen" for="search">${SEARCH}</label>
              <input
                id="search"
                type="search"
                placeholder=${SEARCH_EXAMPLE}
                .value=${filter.wanted}
                @input=${this.#search}
              />
            </div>`
      }
      ${
        groups.length === 0
          ? null
          : html`<div class="chips" role="group" aria-label=${GROUP}>
              ${this.#chip(null, ALL_GROUPS)}
              ${groups.map((group) => this.#chip(group, group === '' ? NO_GROUP : group))}
            </div>`
      }
      <p class="small soft numbers" role="status">${shownCount(shown, devices.length)}</p>`;
  }

  #chip(group: string | null, words: string): TemplateResult {
    const pressed = this.filter.group === group;
    return html`<button aria-pressed=${pressed ? 'true' : 'false'} @click=${() => this.#want({ group })}>
      ${words}
    </button>`;
  }

  #search(event: InputEvent & { readonly currentTarget: HTMLInputElement }): void {
    this.#want({ wanted: event.currentTarget.value });
  }

  #want(part: Partial<DeviceFilter>): void {
    this.filter = { ...this.filter, ...part };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-filter': DeviceFilterElement;
  }
}
