import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { WholeApp } from '../../../state/app.ts';
import type { DiscoveryView } from '../../../state/device/discovery.ts';
import type { SaveFound, SaveFoundParts } from './save-found.ts';
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
import { allLabel, savedAlready, tickLabel } from '../../../words/device/dialog/save-found.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';
import { Watch } from '../../kit/watch/watch.ts';
import type { Device } from '../../../model/device/device.ts';
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

/** Other devices are ticked than before. Heard by the dialog around. */
export class TickedEvent extends Event {
  static readonly type = 'moult-ticked';
  readonly count: number;

  constructor(count: number) {
    super(TickedEvent.type);
    this.count = count;
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
      .all {
        display: flex;
        align-items: center;
        gap: calc(2 * var(--u));
        min-height: var(--target);
      }
      /* Its box stands over theirs. */
      .all input {
        margin-inline: calc((var(--target) - 20px) / 2);
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
  @query('save-found') readonly together!: SaveFound | null;
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
          ? html`${this.#together(view.devices)}
              <ul aria-label=${FOUND_DEVICES}>
                ${view.devices.map((found) => this.#found(found))}
              </ul>`
          : null
      }`;
  }

  /** Saves those that are ticked, and says what is wrong. */
  async save(): Promise<void> {
    await this.together?.save();
  }

  #found(found: FoundDevice): TemplateResult {
    const saved = this.#savedAs(found);
    return html`<li>
      <label
        ><input
          type="checkbox"
          aria-label=${tickLabel(found.name, found.address)}
          ?disabled=${saved !== undefined}
          .checked=${saved === undefined && this.ticked.has(found.address)}
          @change=${(event: Event & { readonly currentTarget: HTMLInputElement }) => this.#tick([found], event.currentTarget.checked)}
      /></label>
      <button type="button" @click=${() => this.#choose(found)}>
        <span>${found.name}</span>
        <span class="small soft mono">${found.address}</span>
        <span class="small soft">${kindText(found)}${saved === undefined ? '' : savedAlready(saved.name)}</span>
      </button>
    </li>`;
  }

  #savedAs({ address }: FoundDevice): Device | undefined {
    // Asked for anew with each change of what is saved.
    return this.#devices.value.length === 0 ? undefined : this.app.devices.findAt(address);
  }

  #together(devices: readonly FoundDevice[]): TemplateResult | null {
    if (devices.length < 2) return null;
    const ticked = devices.filter(({ address }) => this.ticked.has(address));
    const all = this.#all(devices);
    const whole = all.length > 0 && all.every(({ address }) => this.ticked.has(address));
    return html`<save-found .app=${this.app} .found=${devices} .ticked=${ticked}></save-found>
      <label class="all">
        <input
          type="checkbox"
          .checked=${whole}
          .indeterminate=${ticked.length > 0 && !whole}
          ?disabled=${all.length === 0}
          @change=${() => this.#tick(all, !whole)}
        />
        ${allLabel(all.length)}
      </label>`;
  }

  /** Not those that are saved, nor a printer, as long as anything else was found. */
  #all(devices: readonly FoundDevice[]): readonly FoundDevice[] {
    const free = devices.filter((found) => this.#savedAs(found) === undefined);
    const likely = free.filter(({ kind }) => kind !== 'web');
    return likely.length > 0 ? likely : free;
  }

  /** One alone is filled in; among several that are ticked it is one more. */
  #choose(found: FoundDevice): void {
    if (this.ticked.size === 0) this.dispatchEvent(new FoundDeviceEvent(found));
    else if (this.#savedAs(found) === undefined) this.#tick([found], !this.ticked.has(found.address));
  }

  #tick(devices: readonly FoundDevice[], isTicked: boolean): void {
    const addresses = devices.map(({ address }) => address);
    const others = [...this.ticked].filter((each) => !addresses.includes(each));
    this.ticked = new Set(isTicked ? [...others, ...addresses] : others);
    this.dispatchEvent(new TickedEvent(this.ticked.size));
  }

  #look(): void {
    // What is found anew may be others.
    this.ticked = new Set();
    this.dispatchEvent(new TickedEvent(0));
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
