import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../../state/app.ts';
import { isInTab } from '../../../state/device/devices.ts';
import type { Device } from '../../../model/device/device.ts';
import '../../kit/copy-button.ts';
import {
  codeLabel,
  handOverText,
  handOverTitle,
  FOLLOW_TITLE,
  followCodeLabel,
  followText,
  HIDE_CODE,
  LOGIN_STAYS,
  scanningText,
  SHORT_CODE,
  SHOW_CODE,
  TOKEN_STAYS,
  TOKEN_TOO,
  tokenWarning,
  historyLabel,
} from '../../../words/device/dialog/device-sheet.ts';
import { COPY_AS_LINK } from '../../../words/kit/buttons.ts';
import { jobLink } from '../../shell/routes.ts';
import { shareLink } from './share-link.ts';
import { needsAttentionShape } from '../../kit/style/icons.ts';
import '../../kit/qr-code.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';
import { Watch } from '../../kit/watch/watch.ts';

export type DeviceSheetParts = Pick<WholeApp, 'devices' | 'setup' | 'tokenLock' | 'jobs' | 'updates'>;

/** What else there is to a device: its history, and handing it to another phone. */
@customElement('device-sheet')
export class DeviceSheet extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        display: grid;
        gap: calc(3 * var(--u));
      }
      h3 {
        font-size: var(--text);
      }
      .place {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
      }
      section {
        display: grid;
        gap: calc(3 * var(--u));
        justify-items: start;
        padding-top: calc(4 * var(--u));
        border-top: 1px solid var(--line);
      }
      .warning {
        display: flex;
        gap: calc(2 * var(--u));
      }
      .warning svg {
        color: var(--amber);
      }
      .short {
        display: block;
        font-size: var(--large);
      }
      qr-code {
        width: min(100%, 320px);
        justify-self: center;
      }
    `,
  ];

  @property({ attribute: false }) app!: DeviceSheetParts;
  @property({ attribute: false }) device!: Device;
  /** Once it was asked for. */
  @state() link: string | null = null;
  /** What opens the token in the link; null where there is none in it. */
  @state() shortCode: string | null = null;
  /** The person wants the token to go along. */
  @state() withToken = false;
  @state() working = false;
  /** What leads another phone to the update that the host runs; null: it runs none of this device. */
  @state() follow: string | null = null;
  readonly #update = new Watch(this, () => this.app.updates.$update(this.device.id));
  readonly #lock = new Watch(this, () => this.app.tokenLock.$lock);

  protected override willUpdate(): void {
    // Whoever locks the tokens does not want one to stay on the screen.
    if (this.#lock.value === 'locked' && this.shortCode !== null) this.#hide();
  }

  protected override render(): TemplateResult {
    const { id, name } = this.device;
    return html`<a class="place" href="#/history?device=${encodeURIComponent(id)}" @click=${this.#leave}
        >${historyLabel(name)}</a
      >
      ${this.#followed(name)} ${isInTab(this.device) ? null : this.#handOver(name)}`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.app.jobs.ref(this.device.id).then((ref) => {
      this.follow = ref === null ? null : jobLink(window.location.origin + window.location.pathname, ref);
    });
  }

  #followed(name: string): TemplateResult | null {
    const view = this.#update.value;
    if (this.follow === null || !('onHost' in view)) return null;
    return html`<section aria-labelledby="follow">
      <h3 id="follow">${FOLLOW_TITLE}</h3>
      <p>${followText(window.location.host)}</p>
      <qr-code .text=${this.follow} .label=${followCodeLabel(name)}></qr-code>
      <copy-button .text=${this.follow}>${COPY_AS_LINK}</copy-button>
    </section>`;
  }

  /** Not of a device that is in this tab only. */
  #handOver(name: string): TemplateResult {
    return html`<section aria-labelledby="hand-over">
      <h3 id="hand-over">${handOverTitle(name)}</h3>
      ${this.link === null ? this.#warning() : this.#code(this.link)}
    </section>`;
  }

  #warning(): TemplateResult {
    const { name } = this.device;
    const secret = this.app.devices.$keeping.get().has(this.device.id);
    return html`<p>${handOverText(name)}</p>
      ${secret ? this.#tokenToo(name) : null}
      ${this.app.devices.keepsLogin(this.device.id) ? html`<p>${LOGIN_STAYS}</p>` : null}
      <button ?disabled=${this.working} @click=${this.#show}>${SHOW_CODE}</button>`;
  }

  #tokenToo(name: string): TemplateResult {
    if (this.app.setup.handOver === undefined) {
      return html`<p>${TOKEN_STAYS}</p>`;
    }
    return html`<label class="choice">
        <input type="checkbox" .checked=${this.withToken} @change=${this.#tick} />${TOKEN_TOO}
      </label>
      ${this.withToken ? html`<p class="warning">${needsAttentionShape}<span>${tokenWarning(name)}</span></p>` : null}`;
  }

  #code(link: string): TemplateResult {
    const { name } = this.device;
    return html`<qr-code .text=${link} .label=${codeLabel(name)}></qr-code>
      <p class="small soft">${scanningText(window.location.host, this.withToken && this.shortCode === null)}</p>
      ${
        this.shortCode === null
          ? null
          : html`<p>${SHORT_CODE.before} <b class="mono short">${this.shortCode}</b> ${SHORT_CODE.after}</p>`
      }
      <div class="row">
        <copy-button .text=${link}>${COPY_AS_LINK}</copy-button>
        <button @click=${this.#hide}>${HIDE_CODE}</button>
      </div>`;
  }

  #tick(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    this.withToken = event.currentTarget.checked;
  }

  async #show(): Promise<void> {
    const { app, device } = this;
    this.working = true;
    try {
      const token = this.withToken ? await app.devices.token(device.id) : null;
      const sealed = token === null ? null : await app.setup.handOver?.seal(token, device);
      this.shortCode = sealed?.code ?? null;
      this.link = shareLink(window.location.origin + window.location.pathname, device, sealed?.sealed ?? null);
    } finally {
      this.working = false;
    }
  }

  #hide(): void {
    this.link = null;
    this.shortCode = null;
  }

  #leave(): void {
    this.dispatchEvent(new Event('close', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-sheet': DeviceSheet;
  }
}
