import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../../state/app.ts';
import type { CheckView } from '../../../state/device/check/check-view.ts';
import type { DoctorView, Finding } from '../../../state/device/doctor/doctor-view.ts';
import type { Fit } from '../../../state/device/fits.ts';
import type { Device } from '../../../model/device/device.ts';
import '../../kit/copy-button.ts';
import { OpenDeviceEvent } from '../../kit/events.ts';
import { needsAttentionShape } from '../../kit/style/icons.ts';
import {
  BROWSER_ASKS,
  copiedText,
  FINDING_OUT,
  HOST_MAY_REACH_IT,
  HOW_TO_PAIR_THIS,
  PAIRING_MAY_HELP,
  USE_THE_GATEWAY,
} from '../../../words/device/card/device-doctor.ts';
import { HOW_TO_PREPARE } from '../../../words/more/prepare-link.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { Watch } from '../../kit/watch/watch.ts';

export type DeviceDoctorParts = Pick<WholeApp, 'checks' | 'doctor' | 'fits' | 'host'>;

/** Why the device is not reached: one sentence, and one button or text. Nothing where there is nothing to explain. */
@customElement('device-doctor')
export class DeviceDoctor extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .found {
        display: flex;
        gap: calc(2 * var(--u));
      }
      .found svg {
        color: var(--amber);
      }
      .found > div {
        flex: 1;
        min-width: 0;
      }
      .found p {
        overflow-wrap: anywhere;
      }
      .remedy {
        margin-top: calc(2 * var(--u));
      }
      pre {
        margin: calc(2 * var(--u)) 0 calc(3 * var(--u));
        padding: calc(3 * var(--u));
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--paper);
        overflow-x: auto;
        font-family: var(--mono);
        font-size: var(--small);
        user-select: all;
      }
      .place {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
      }
      a.button {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
        padding: 0 calc(4 * var(--u));
        border: 1px solid var(--accent);
        border-radius: var(--radius);
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 500;
        text-decoration: none;
      }
    `,
  ];

  @property({ attribute: false }) app!: DeviceDoctorParts;
  @property({ attribute: false }) device!: Device;
  readonly #doctor = new Watch(this, () => this.app.doctor.$doctor(this.device.id));
  readonly #offers = new Watch(this, () => this.app.host.$offers);
  readonly #check = new Watch(this, () => this.app.checks.$check(this.device.id));
  readonly #fits = new Watch(
    this,
    () => this.app.fits.$fits,
    (now, before) => now.get(this.device.id) !== before.get(this.device.id),
  );

  /** The live region is always in the page, so that a screen reader hears what comes to stand in it. */
  protected override render(): TemplateResult {
    const view = this.#doctor.value;
    return html`<div aria-live="polite">
      ${view.kind === 'looking' ? html`<p class="small soft">${FINDING_OUT}</p>` : null}
      ${view.kind === 'allowing' ? html`<p class="small">${BROWSER_ASKS}</p>` : null}
      ${view.kind === 'found' ? this.#found(view.finding) : null}
      ${
        needsCable(view, this.#check.value, this.#fits.value.get(this.device.id) ?? null)
          ? html`<a class="place" href="#/prepare">${HOW_TO_PREPARE}</a>`
          : null
      }
    </div>`;
  }

  #found(finding: Finding): TemplateResult {
    const { kind, sentence, remedy } = finding;
    return html`<div class="found">
      ${kind === 'answers' || sentence === '' ? null : needsAttentionShape}
      <div>
        ${sentence === '' ? null : html`<p>${sentence}</p>`} ${this.#remedy(finding)}
        ${
          kind !== 'answers' && remedy.kind !== 'run-host' && this.#offers.value.pairing === 'needed'
            ? html`<p class="small soft">${PAIRING_MAY_HELP}</p>`
            : null
        }
      </div>
    </div>`;
  }

  #remedy({ remedy, button: label, hint }: Finding): TemplateResult {
    const { doctor } = this.app;
    const { id } = this.device;
    switch (remedy.kind) {
      case 'copy-cors-lines':
      case 'copy-host-lines':
      case 'copy-loop-lines':
      case 'copy-ota-lines':
      case 'copy-policy':
      case 'run-host':
        if (remedy.kind === 'run-host') {
          const { pairing, gateway } = this.#offers.value;
          // There is a host already. It may have let this browser in since the doctor looked.
          if (pairing === 'needed') {
            return html`<p class="small soft">${HOST_MAY_REACH_IT}</p>
              <a class="button remedy" href="#/more">${HOW_TO_PAIR_THIS}</a>`;
          }
          if (gateway) return button(USE_THE_GATEWAY, () => doctor.useGateway(id));
        }
        return html`${hint === null ? null : html`<p class="small soft">${hint}</p>`}
          <pre role="group" tabindex="0" aria-label=${copiedText(remedy.kind)}>${remedy.text}</pre>
          <copy-button .text=${remedy.text}>${label}</copy-button>`;
      case 'allow-local-network':
        return html`<p class="small soft">${hint}</p>
          ${button(label, () => doctor.allowLocalNetwork(id))}`;
      case 'site-settings':
        return html`<p class="small soft">${hint}</p>
          ${button(label, () => doctor.tryAgain(id))}`;
      case 'open-in-tab':
        return html`<a class="button remedy" href=${remedy.url} target="_blank" rel="noopener noreferrer">${label}</a>`;
      case 'use-gateway':
        return button(label, () => doctor.useGateway(id));
      case 'try-port':
        return button(label, () => doctor.moveTo(id, remedy.origin));
      case 'use-prefix':
        return button(label, () => doctor.usePrefix(id, remedy.prefix));
      case 'edit-device':
        return button(label, () =>
          this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device: this.device, field: remedy.field })),
        );
      case 'try-again':
        return button(label, () => doctor.tryAgain(id));
    }
  }
}

/** Whether one of them says something that only a cable can mend: slots, or ViperHTTP, are missing. */
function needsCable(doctor: DoctorView, check: CheckView, fit: Fit | null): boolean {
  if (doctor.kind === 'found' && CABLE.includes(doctor.finding.kind)) return true;
  if (check.kind === 'answered') return check.note !== null || check.status?.supported === false;
  const misfit = fit?.misfit ?? null;
  return misfit !== null && CABLE.includes(misfit.finding.reason);
}

const CABLE: readonly string[] = ['not-a-device', 'ota-off', 'unsupported', 'no-update-slot', 'only-slot-runs'];

function button(label: string, press: () => unknown): TemplateResult {
  return html`<button class="next remedy" @click=${press}>${label}</button>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'device-doctor': DeviceDoctor;
  }
}
