import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { Finding } from '../../state/device/doctor.ts';
import type { Remedy } from '../../model/diagnosis.ts';
import type { Device } from '../../model/device.ts';
import '../kit/copy-button.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import { needsYouShape } from '../kit/icons.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

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

  @property({ attribute: false }) app!: WholeApp;
  @property({ attribute: false }) device!: Device;
  readonly #doctor = new Watch(this, () => this.app.doctor.$doctor(this.device.id));
  readonly #offers = new Watch(this, () => this.app.host.$offers);

  /** The live region is always in the page, so that a screen reader hears what comes to stand in it. */
  protected override render(): TemplateResult {
    const view = this.#doctor.value;
    return html`<div aria-live="polite">
      ${view.kind === 'looking' ? html`<p class="small soft">Finding out why …</p>` : null}
      ${
        view.kind === 'allowing'
          ? html`<p class="small">The browser is asking. Nothing is sent until you have answered it.</p>`
          : null
      }
      ${view.kind === 'found' ? this.#found(view.finding) : null}
    </div>`;
  }

  #found(finding: Finding): TemplateResult {
    const { kind, sentence } = finding;
    return html`<div class="found">
      ${kind === 'answers' || sentence === '' ? null : needsYouShape}
      <div>
        ${sentence === '' ? null : html`<p>${sentence}</p>`} ${this.#remedy(finding)}
        ${
          kind !== 'answers' && this.#offers.value.pairing === 'needed'
            ? html`<p class="small soft">
                The host of this page may reach it, once this browser is paired: “More” tells how.
              </p>`
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
        return html`${hint === null ? null : html`<p class="small soft">${hint}</p>`}
          <pre tabindex="0" aria-label=${wherefore(remedy.kind)}>${remedy.text}</pre>
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

function button(label: string, press: () => unknown): TemplateResult {
  return html`<button class="next remedy" @click=${press}>${label}</button>`;
}

/** The remedies that are a text to copy. */
type Copied = Extract<Remedy['kind'], `copy-${string}` | 'run-host'>;

function wherefore(kind: Copied): string {
  switch (kind) {
    case 'copy-cors-lines':
    case 'copy-host-lines':
    case 'copy-loop-lines':
    case 'copy-ota-lines':
      return 'Lines for the device';
    case 'copy-policy':
      return 'Line for the policy';
    case 'run-host':
      return 'In the folder of Moult’s source, on a computer in the same network';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-doctor': DeviceDoctor;
  }
}
