import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Chip } from '../../model/inspection.ts';
import type { App } from '../../state/app.ts';
import type { Device } from '../../model/device.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

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

  @property({ attribute: false }) app!: App;
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
      const what = this.device.runs.proven ? 'runs' : 'took last';
      return html`<p>The chosen file is the same as what it ${what}.</p>`;
    }
    const { chip } = inspection;
    if (chip === null) return null;
    const { chipId } = this.device;
    if (chipId === null) return this.#question(chip);
    if (chipId === chip.id) return null;
    const mine = this.app.setup.chips.find(({ id }) => id === chipId)?.name ?? `chip ${chipId}`;
    return html`<p class="needs">The file is for ${chip.name}; this device is an ${mine}.</p>`;
  }

  /** Asked before "Update", which counts as a yes for that one time; a good update proves the chip. */
  #question(chip: Chip): TemplateResult | null {
    if (chip.id < 0) return null;
    if (!chip.known) {
      return html`<p>The file is for an ${chip.name}. Whether this device is one is not known yet.</p>`;
    }
    return html`<p>Is this device an ${chip.name}? The file is for one. “Update” counts as yes.</p>
      <div class="row" role="group" aria-label="Is it an ${chip.name}?">
        <button @click=${() => this.app.devices.learn(this.device.id, { chipId: chip.id })}>
          Yes, it is an ${chip.name}
        </button>
        <button class="quiet" @click=${this.#no}>No</button>
      </div>`;
  }

  /** The person chooses the chip; a file for another one is then refused. */
  #no(): void {
    this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device: this.device, field: 'chip' }));
  }

  #token(): TemplateResult | null {
    if (this.#keeping.value.has(this.device.id)) return null;
    return html`<p>No token of it is here. If the device asks for one, add it under “Edit”.</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-fit': DeviceFit;
  }
}
