import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Chip } from '../../../model/firmware/inspection.ts';
import type { App } from '../../../state/app.ts';
import type { Learned } from '../../../state/device/devices.ts';
import { type Fit, mayNeedToken } from '../../../state/device/fits.ts';
import type { Device } from '../../../model/device/device.ts';
import { OpenDeviceEvent } from '../../kit/events.ts';
import {
  chipAnswersLabel,
  chipQuestion,
  DONT_KNOW,
  NO,
  NO_TOKEN,
  SAME_FILE,
  unknownChipText,
  yesLabel,
} from '../../../words/device/card/device-fit.ts';
import { chipName } from '../../../words/firmware/chip-name.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { Watch } from '../../kit/watch/watch.ts';

export type DeviceFitParts = Pick<App, 'devices' | 'firmware' | 'fits' | 'updates'>;

/** What the person should know before pressing "Update": why it is off, an unknown chip, the same file, no token. */
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
      .row {
        margin-top: var(--u);
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
  /** Whether the card's button says "Update" now, which counts as a yes to the chip. */
  @property({ type: Boolean }) updates = false;
  readonly #keeping = new Watch(this, () => this.app.devices.$keeping);

  readonly #fits = new Watch(
    this,
    () => this.app.fits.$fits,
    (now, before) => now.get(this.device.id) !== before.get(this.device.id),
  );
  readonly #asked = new Watch(this, () => this.app.fits.$chipAsked);
  readonly #update = new Watch(
    this,
    () => this.app.updates.$update(this.device.id),
    (now, before) => now.kind !== before.kind,
  );
  /**
   * Whether an update of it was tried: only then is the reason read aloud. For a file that was merely chosen, every
   * card would read it.
   */
  #isTried = false;

  protected override render(): TemplateResult {
    const { kind } = this.#update.value;
    const isBusy = kind === 'running' || kind === 'preparing';
    this.#isTried ||= isBusy;
    const fit = isBusy ? null : (this.#fits.value.get(this.device.id) ?? null);
    const misfit = fit?.misfit ?? null;
    return html`<div aria-live=${this.#isTried ? 'polite' : 'off'}>
        ${misfit === null ? null : html`<p class="needs" tabindex="-1">${this.app.firmware.misfitInWords(misfit)}</p>`}
      </div>
      ${fit === null ? null : this.#remarks(fit, kind === 'ended')} ${isBusy ? null : this.#token()}`;
  }

  /** @param isSaid whether the end of an update with this file is still drawn, which says what came of it */
  #remarks({ has, misfit, unknownChip }: Fit, isSaid: boolean): TemplateResult | null {
    if (has !== null) return isSaid ? null : html`<p>${SAME_FILE[has]}</p>`;
    // Of several devices it is asked once, above them.
    const isAskedAbove = this.#asked.value?.atOnce === true;
    return unknownChip === null || misfit !== null || isAskedAbove ? null : this.#question(unknownChip);
  }

  /** Asked before "Update", which counts as a yes for that one time; a good update proves the chip. */
  #question(chip: Chip): TemplateResult | null {
    const name = chipName(chip.id);
    if (!chip.known || this.device.chipLeftOpen) {
      return html`<p>${unknownChipText(name)}</p>`;
    }
    return html`<p>${chipQuestion(name, this.updates)}</p>
      <div class="row" role="group" aria-label=${chipAnswersLabel(name)}>
        <button @click=${() => this.#learn({ chipId: chip.id })}>${yesLabel(name)}</button>
        <button class="quiet" @click=${this.#no}>${NO}</button>
        <button class="quiet" @click=${() => this.#learn({ chipLeftOpen: true })}>${DONT_KNOW}</button>
      </div>`;
  }

  #learn(learned: Learned): void {
    void this.app.devices.learn(this.device.id, learned);
  }

  /** The person chooses the chip; a file for another one is then refused. */
  #no(): void {
    this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device: this.device, field: 'chip' }));
  }

  #token(): TemplateResult | null {
    if (this.#keeping.value.has(this.device.id) || !mayNeedToken(this.device)) return null;
    return html`<p>${NO_TOKEN}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-fit': DeviceFit;
  }
}
