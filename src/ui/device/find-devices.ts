import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { DiscoveryView } from '../../state/device/discovery.ts';
import {
  ASKING_NETWORK,
  COULD_NOT_LOOK,
  FIND,
  FIND_AGAIN,
  FOUND_DEVICES,
  foundText,
  SOME_WEB_SERVER,
  WHAT_FINDING_DOES,
} from '../../words/find-devices.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';
import type { FoundDevice } from '../../model/page-ports.ts';

/** The one that was chosen. Heard by the dialog around. */
export class FoundDeviceEvent extends Event {
  static readonly type = 'moult-found-device';
  readonly found: FoundDevice;

  constructor(found: FoundDevice) {
    super(FoundDeviceEvent.type);
    this.found = found;
  }
}

export type FindDevicesParts = Pick<WholeApp, 'discovery' | 'host'>;

/** Looks for devices on a tap, where the host can, and fills in the one that is chosen. */
@customElement('find-devices')
export class FindDevices extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      li button {
        display: block;
        width: 100%;
        padding-block: calc(2 * var(--u));
        border-color: transparent;
        border-top-color: var(--line);
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
            </ul>`
          : null
      }`;
  }

  #found(found: FoundDevice): TemplateResult {
    return html`<li>
      <button type="button" @click=${() => this.dispatchEvent(new FoundDeviceEvent(found))}>
        <span>${found.name}</span>
        <span class="small soft"><span class="mono">${found.address}</span>${found.viper ? '' : SOME_WEB_SERVER}</span>
      </button>
    </li>`;
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
