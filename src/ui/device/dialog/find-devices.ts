import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../../state/app.ts';
import type { DiscoveryView } from '../../../state/device/discovery.ts';
import type { SaveFoundParts } from './save-found.ts';
import './save-found.ts';
import {
  ASKING_NETWORK,
  COULD_NOT_LOOK,
  FIND,
  FIND_AGAIN,
  FOUND_DEVICES,
  foundText,
  kindText,
  WHAT_FINDING_DOES,
} from '../../../words/device/dialog/find-devices.ts';
import { savedAlready, TICK_HINT, tickLabel } from '../../../words/device/dialog/save-found.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';
import { Watch } from '../../kit/watch/watch.ts';
import type { FoundDevice } from '../../../model/device/found-device.ts';

/** The one that was chosen. Heard by the dialog around. */
export class FoundDeviceEvent extends Event {
  static readonly type = 'moult-found-device';
  readonly found: FoundDevice;

  constructor(found: FoundDevice) {
    super(FoundDeviceEvent.type);
    this.found = found;
  }
}

export type FindDevicesParts = Pick<WholeApp, 'devices' | 'discovery' | 'host'> & SaveFoundParts;

/** Looks for devices on a tap, where the host can, and fills in the one that is chosen. */
@customElement('find-devices')
export class FindDevices extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      li {
        display: flex;
        align-items: center;
        gap: calc(2 * var(--u));
        border-top: 1px solid var(--line);
      }
      /* As large as a finger. */
      li label {
        display: grid;
        place-items: center;
        min-width: var(--target);
        min-height: var(--target);
      }
      li button {
        display: block;
        width: 100%;
        padding-block: calc(2 * var(--u));
        border-color: transparent;
        border-radius: 0;
        text-align: start;
      }
      li button span {
        display: block;
        overflow-wrap: anywhere;
      }
      p {
        margin-top: calc(2 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) app!: FindDevicesParts;
  /** Addresses of those that are to be saved together. */
  @state() ticked: ReadonlySet<string> = new Set();
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  readonly #offers = new Watch(this, () => this.app.host.$offers);
  readonly #discovery = new Watch(this, () => this.app.discovery.$discovery);

  protected override render(): TemplateResult | null {
    if (!this.#offers.value.discover) return null;
    const view = this.#discovery.value;
    return html`<button type="button" ?disabled=${view.kind === 'looking'} @click=${this.#look}>
        ${view.kind === 'found' || view.kind === 'failed' ? FIND_AGAIN : FIND}
      </button>
      <p class="small soft" role="status">${viewText(view)}</p>
      ${
        view.kind === 'found'
          ? html`<ul aria-label=${FOUND_DEVICES}>
                ${view.devices.map((found) => this.#found(found))}
              </ul>
              ${this.#together(view.devices)}`
          : null
      }`;
  }

  #found(found: FoundDevice): TemplateResult {
    // Asked for anew with each change of what is saved.
    const saved = this.#devices.value.length === 0 ? undefined : this.app.devices.findAt(found.address);
    return html`<li>
      <label
        ><input
          type="checkbox"
          aria-label=${tickLabel(found.name, found.address)}
          ?disabled=${saved !== undefined}
          .checked=${saved === undefined && this.ticked.has(found.address)}
          @change=${(event: Event & { readonly currentTarget: HTMLInputElement }) => this.#tick(found, event.currentTarget.checked)}
      /></label>
      <button type="button" @click=${() => this.dispatchEvent(new FoundDeviceEvent(found))}>
        <span>${found.name}</span>
        <span class="small soft"
          ><span class="mono">${found.address}</span>,
          ${kindText(found)}${saved === undefined ? '' : savedAlready(saved.name)}</span
        >
      </button>
    </li>`;
  }

  #together(devices: readonly FoundDevice[]): TemplateResult | null {
    if (devices.length < 2) return null;
    const ticked = devices.filter(({ address }) => this.ticked.has(address));
    if (ticked.length === 0) return html`<p class="small soft">${TICK_HINT}</p>`;
    return html`<save-found .app=${this.app} .ticked=${ticked}></save-found>`;
  }

  #tick({ address }: FoundDevice, isTicked: boolean): void {
    const others = [...this.ticked].filter((each) => each !== address);
    this.ticked = new Set(isTicked ? [...others, address] : others);
  }

  #look(): void {
    void this.app.discovery.look();
  }
}

function viewText(view: DiscoveryView): string {
  switch (view.kind) {
    case 'unasked':
      return WHAT_FINDING_DOES;
    case 'looking':
      return ASKING_NETWORK;
    case 'failed':
      return COULD_NOT_LOOK;
    case 'found':
      return foundText(view.devices.length);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'find-devices': FindDevices;
  }
}
