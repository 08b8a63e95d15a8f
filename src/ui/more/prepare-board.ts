import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Device } from '../../model/device/device.ts';
import type { App } from '../../state/app.ts';
import type { LinesAsked } from '../../state/tools.ts';
import { boardProgram } from '../../words/more/board-commands.ts';
import {
  CHECK_IT,
  FIRST_UPDATE,
  NOT_ON_A_BOARD,
  PREPARE_INTRO,
  PROGRAM,
  STAYS,
  STEPS,
  UNNAMED_BOARD,
} from '../../words/more/prepare-board.ts';
import '../device/card/device-check.ts';
import type { DeviceCheckParts } from '../device/card/device-check.ts';
import { EMPTY_FORM } from '../../state/device/read-form.ts';
import '../device/dialog/setup-lines.ts';
import { NEW_DEVICE, OpenDeviceEvent } from '../kit/events.ts';
import { typed, UP_TO_THE_PROGRAM } from './board-steps.ts';
import { PREPARE_BOARD } from '../../words/more/prepare-link.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the guide and the elements in it draw from. */
export type PrepareBoardParts = Pick<App, 'devices' | 'setup' | 'tokenLock'> & DeviceCheckParts;

/** Stands in the lines for a token that is not shown. */
const NO_TOKEN = '…';

/** The way of a board from the drawer to its first update over the air. */
@customElement('prepare-board')
export class PrepareBoard extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        max-width: 68ch;
      }
      h1 {
        font-size: var(--title);
      }
      h2 {
        font-size: var(--large);
        margin: calc(7 * var(--u)) 0 calc(2 * var(--u));
      }
      h3 {
        font-size: var(--text);
        margin-top: calc(5 * var(--u));
      }
      p,
      .row {
        margin-top: calc(2 * var(--u));
      }
      dt {
        margin-top: calc(2 * var(--u));
        font-weight: 500;
      }
      .note {
        padding-inline-start: calc(2 * var(--u));
        border-inline-start: 3px solid var(--amber-mark);
      }
      .place {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
      }
      label {
        margin-top: calc(3 * var(--u));
      }
      setup-lines {
        --ground: var(--sheet);
      }
    `,
  ];

  @property({ attribute: false }) app!: PrepareBoardParts;
  /** The saved device that the program is for; empty: one that is new. Null: nothing was chosen yet. */
  @state() chosenId: string | null = null;
  /** The token that stands in the lines, and the device that it is of; empty: one that is new. */
  @state() shown: { readonly deviceId: string; readonly token: string } | null = null;
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  readonly #keeping = new Watch(this, () => this.app.devices.$keeping);
  readonly #lock = new Watch(this, () => this.app.tokenLock.$lock);
  /** The devices as they were drawn last: one that is added to them is taken for the board. */
  #known: ReadonlySet<string> | null = null;

  protected override willUpdate(): void {
    const ids = this.#devices.value.map(({ id }) => id);
    const added = this.#known === null ? undefined : ids.find((id) => this.#known?.has(id) === false);
    if (added !== undefined && this.#device === null) this.chosenId = added;
    this.#known = new Set(ids);
    // Whoever locks the tokens does not want one to stay on the screen.
    if (this.#lock.value === 'locked' && this.shown !== null && this.shown.deviceId !== '') this.shown = null;
  }

  protected override render(): TemplateResult {
    return html`<h1 tabindex="-1">${PREPARE_BOARD}</h1>
      <p>${PREPARE_INTRO}</p>
      <p class="note small">${NOT_ON_A_BOARD}</p>
      ${UP_TO_THE_PROGRAM} ${this.#program()}
      <p>${PROGRAM.copyN16R8}</p>
      ${typed('COPY_PROGRAM_N16R8')}
      <p class="note small">${PROGRAM.usb}</p>
      <p>${PROGRAM.copyOther}</p>
      ${typed('COPY_PROGRAM')}
      <p>${PROGRAM.address}</p>
      <h2>${STEPS.stays}</h2>
      <p>${STAYS.files}</p>
      <p class="note">${STAYS.ends}</p>
      <h2>${STEPS.check}</h2>
      ${this.#check()}
      <h2>${STEPS.update}</h2>
      <p>${FIRST_UPDATE.file}</p>
      <p><a class="place" href="#/devices">${FIRST_UPDATE.devices}</a></p>`;
  }

  get #device(): Device | null {
    const devices = this.#devices.value;
    if (this.chosenId === null) return devices[0] ?? null;
    return devices.find(({ id }) => id === this.chosenId) ?? null;
  }

  /** The token in the lines, where it is of the device that they are for. */
  get #token(): string | null {
    return this.shown !== null && this.shown.deviceId === (this.#device?.id ?? '') ? this.shown.token : null;
  }

  #program(): TemplateResult {
    const device = this.#device;
    const { devices } = this.app;
    const token = this.#token ?? NO_TOKEN;
    const asked =
      device === null
        ? { ...EMPTY_FORM, token }
        : {
            token,
            protocol: device.protocol,
            tokenHeader: device.tokenHeader,
            address: device.typed,
            prefix: device.prefix,
            withLogin: devices.keepsLogin(device.id),
          };
    return html`${this.#choice(device)} ${this.#tokenOf(device)}
      <setup-lines .lines=${this.#linesFor(device, asked)}></setup-lines>`;
  }

  async #linesFor(device: Device | null, asked: LinesAsked): Promise<string> {
    return boardProgram(device?.name ?? UNNAMED_BOARD, await this.app.setup.linesFor(asked));
  }

  #choice(chosen: Device | null): TemplateResult | null {
    const devices = this.#devices.value;
    if (devices.length === 0) return null;
    return html`<label for="device">${PROGRAM.device}</label>
      <select id="device" @change=${this.#choose}>
        ${devices.map(({ id, name }) => html`<option value=${id} .selected=${id === chosen?.id}>${name}</option>`)}
        <option value="" .selected=${chosen === null}>${PROGRAM.newDevice}</option>
      </select>`;
  }

  #tokenOf(device: Device | null): TemplateResult {
    if (device !== null && !this.#keeping.value.has(device.id)) {
      return html`<p>${PROGRAM.noToken}</p>
        <p><button @click=${this.#edit}>${PROGRAM.editDevice}</button></p>`;
    }
    const isShown = this.#token !== null;
    const label = isShown ? PROGRAM.hideToken : device === null ? PROGRAM.newToken : PROGRAM.savedToken;
    return html`<p><button @click=${isShown ? this.#hide : this.#show}>${label}</button></p>
      ${isShown && device === null ? html`<p>${PROGRAM.madeToken}</p>` : null}`;
  }

  #check(): TemplateResult {
    const device = this.#device;
    return device === null
      ? html`<p>${CHECK_IT.add}</p>
          <p><button @click=${this.#add}>${CHECK_IT.addDevice}</button></p>`
      : html`<p>${CHECK_IT.ask}</p>
          <h3>${device.name}</h3>
          <device-check .app=${this.app} .device=${device}></device-check>`;
  }

  #choose(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    this.chosenId = event.currentTarget.value;
  }

  async #show(): Promise<void> {
    const device = this.#device;
    const token = device === null ? this.app.setup.newToken() : await this.app.devices.token(device.id);
    if (token !== null) this.shown = { deviceId: device?.id ?? '', token };
  }

  #hide(): void {
    this.shown = null;
  }

  #edit(): void {
    const device = this.#device;
    if (device !== null) this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device, field: 'token' }));
  }

  /** With the token that stands in the program by now. */
  #add(): void {
    const token = this.#token;
    this.dispatchEvent(
      new OpenDeviceEvent(token === null ? NEW_DEVICE : { kind: 'new', name: '', address: '', token }),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'prepare-board': PrepareBoard;
  }
}
