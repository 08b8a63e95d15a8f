import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { UpdateView } from '../../../state/update/update-view.ts';
import type { Device } from '../../../model/device/device.ts';
import type { FirmwareName } from '../../../model/firmware/firmware-record.ts';
import { percentOf } from '../../../words/kit/quantities.ts';
import { DOES_NOT_FIT, GETS, VERSION_UNKNOWN } from '../../../words/device/list/device-list.ts';
import { moreLabel } from '../../../words/device/device-menu.ts';
import { versionText } from '../../../words/device/card/device-card.ts';
import '../../kit/action-menu.ts';
import type { MenuItem } from '../../kit/action-menu.ts';
import { chevronIcon } from '../../kit/style/icons.ts';
import { DeviceTarget } from '../../kit/device-target.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { Watch } from '../../kit/watch/watch.ts';
import { drawsDifferently, statusOf } from '../card-status.ts';
import '../card/device-card.ts';
import type { DeviceCardParts } from '../card/device-card.ts';
import { deviceMenu } from '../device-menu.ts';
import { rowStyles } from './row-styles.ts';
import { standingOf, type Standing } from '../standing.ts';
import { stateDot, stateDots, standingWord } from '../state-dot.ts';

export type DeviceRowParts = DeviceCardParts;

/** One device of many in one line; opened, its card is below. Fires "toggle". */
@customElement('device-row')
export class DeviceRow extends LitElement {
  static override styles = [base, buttons, stateDots, rowStyles];

  @property({ attribute: false }) app!: DeviceRowParts;
  @property({ attribute: false }) device!: Device;
  /** What is chosen to be sent; null: nothing. */
  @property({ attribute: false }) chosen: FirmwareName | null = null;
  @property({ type: Boolean, reflect: true }) open = false;
  /** Whether the tab key stops here. The arrow keys reach the others. */
  @property({ type: Boolean }) current = false;
  readonly target = new DeviceTarget(this, () => this.device);
  @query('.main') readonly main!: HTMLButtonElement | null;

  readonly #update = new Watch(
    this,
    () => this.app.updates.$update(this.device.id),
    (now, before) => drawsDifferently(now, before) || percent(now) !== percent(before),
  );
  readonly #check = new Watch(
    this,
    () => this.app.checks.$check(this.device.id),
    (now, before) => now.kind !== before.kind,
  );
  readonly #fits = new Watch(
    this,
    () => this.app.fits.$fits,
    (now, before) => now.get(this.device.id) !== before.get(this.device.id),
  );

  /** Where it opens at the foot of a phone its button comes into view: it is what the line was opened for. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!this.open || changed.get('open') !== false) return;
    // Its card is drawn by then.
    requestAnimationFrame(() => this.scrollIntoView({ block: 'nearest' }));
  }

  override focus(): void {
    this.main?.focus();
  }

  protected override render(): TemplateResult {
    const update = this.#update.value;
    const standing = standingOf(update, this.#check.value);
    const { name, group } = this.device;
    return html`<div class="line">
        <button
          class="main"
          aria-expanded=${this.open ? 'true' : 'false'}
          tabindex=${this.current ? 0 : -1}
          @click=${this.#toggle}
        >
          ${stateDot(standing)}
          <span class="words">
            <b class="name">${name}</b>
            <span class="second numbers">
              <span class="state ${standing}">${this.#state(update, standing)}</span>
              <span class="version">${this.#versions(update)}</span>
              <span class="group">${group ?? ''}</span>
            </span>
          </span>
          <span class="chevron">${chevronIcon}</span>
        </button>
        <action-menu .items=${this.#items} .label=${moreLabel(name)} ?passedOver=${!this.current}></action-menu>
      </div>
      ${this.open ? html`<device-card plain .app=${this.app} .device=${this.device}></device-card>` : null}`;
  }

  readonly #items = (): readonly MenuItem[] => {
    const { app, device } = this;
    const { id } = device;
    const seen = {
      update: app.updates.$update(id).get(),
      chosen: app.firmware.$chosen.get(),
      doctor: app.doctor.$doctor(id).get(),
      fit: app.fits.$fits.get().get(id) ?? null,
      files: app.library.$records.get(),
    };
    return deviceMenu(app, device, seen, this);
  };

  #state(update: UpdateView, standing: Standing): string {
    if (update.kind === 'rest') return standingWord(standing);
    const { title, far = '' } = statusOf(update);
    return update.kind === 'running' ? `${percent(update)} % ${title}` : title + far;
  }

  #versions(update: UpdateView): TemplateResult | string {
    const { runs } = this.device;
    const now = runs === null ? (this.app.checks.identity(this.device)?.version ?? VERSION_UNKNOWN) : versionText(runs);
    const isBusy = update.kind === 'running' || update.kind === 'preparing';
    const misfit = this.#fits.value.get(this.device.id)?.misfit ?? null;
    // What is wrong with the file itself is said once, where it was chosen.
    if (!isBusy && misfit !== null && misfit.of !== 'file') return `${now}, ${DOES_NOT_FIT}`;
    const sent = isBusy ? update.firmware : this.chosen;
    if (sent === null || sent.sha256 === runs?.sha256) return now;
    return html`<span class=${now === VERSION_UNKNOWN ? 'unknown' : ''}>${now} </span><span aria-hidden="true">→</span
      ><span class="off-screen">${GETS}</span> ${sent.version ?? sent.name}`;
  }

  #toggle(): void {
    this.dispatchEvent(new Event('toggle'));
  }
}

/** Whole percent; null where nothing is sent. */
function percent(view: UpdateView): number | null {
  if (view.kind !== 'running') return null;
  const { acknowledged, total } = view.state.progress;
  return Math.min(percentOf(acknowledged, total), 99);
}

declare global {
  interface HTMLElementTagNameMap {
    'device-row': DeviceRow;
  }
}
