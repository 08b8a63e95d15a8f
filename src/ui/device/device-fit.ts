import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Chip } from '../../model/firmware/inspection.ts';
import type { App } from '../../state/app.ts';
import type { Device } from '../../model/device/device.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import {
  chipAnswersLabel,
  chipQuestion,
  NO,
  NO_TOKEN,
  sameFileText,
  unknownChipText,
  wrongChipText,
  yesLabel,
} from '../../words/device/device-fit.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

export type DeviceFitParts = Pick<App, 'devices' | 'firmware' | 'setup'>;

/** What the person should know before pressing "Update": the wrong chip, an unknown one, the same file, no token. */
@customElement('device-fit')
export class DeviceFit extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      p {
        margin-top: calc(3 * var(--u));
        font-size: var(--small);
        color: var(--ink-soft);
      }
      p.needs {
        padding-inline-start: calc(2 * var(--u));
        border-inline-start: 3px solid var(--amber-mark);
        color: var(--ink);
      }
    `,
  ];

  @property({ attribute: false }) app!: DeviceFitParts;
  @property({ attribute: false }) device!: Device;
  readonly #chosen = new Watch(
    this,
    () => this.app.firmware.$chosen,
    (now, before) => now.kind !== before.kind || now.kind === 'ready',
  );
  readonly #keeping = new Watch(this, () => this.app.devices.$keeping);

  protected override render(): (TemplateResult | null)[] {
    return [this.#firmware(), this.#token()];
  }

  #firmware(): TemplateResult | null {
    const chosen = this.#chosen.value;
    if (chosen.kind !== 'ready') return null;
    const { sha256, inspection } = chosen.firmware;
    if (inspection.verdict === 'refuse' && inspection.finding.reason !== 'esp8266') return null;
    if (this.device.runs?.sha256 === sha256) {
      return html`<p>${sameFileText(this.device.runs.proven)}</p>`;
    }
    const { chip } = inspection;
    if (chip === null) return null;
    const { chipId } = this.device;
    if (chipId === null) return this.#question(chip);
    if (chipId === chip.id) return null;
    const mine = this.app.setup.chips.find(({ id }) => id === chipId)?.name ?? null;
    return html`<p class="needs">${wrongChipText(chip.name, mine, chipId)}</p>`;
  }

  /** Asked before "Update", which counts as a yes for that one time; a good update proves the chip. */
  #question(chip: Chip): TemplateResult | null {
    if (chip.id < 0) return null;
    if (!chip.known) {
      return html`<p>${unknownChipText(chip.name)}</p>`;
    }
    return html`<p>${chipQuestion(chip.name)}</p>
      <div class="row" role="group" aria-label=${chipAnswersLabel(chip.name)}>
        <button @click=${() => this.app.devices.learn(this.device.id, { chipId: chip.id })}>
          ${yesLabel(chip.name)}
        </button>
        <button class="quiet" @click=${this.#no}>${NO}</button>
      </div>`;
  }

  /** The person chooses the chip; a file for another one is then refused. */
  #no(): void {
    this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device: this.device, field: 'chip' }));
  }

  #token(): TemplateResult | null {
    if (this.#keeping.value.has(this.device.id)) return null;
    return html`<p>${NO_TOKEN}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-fit': DeviceFit;
  }
}
