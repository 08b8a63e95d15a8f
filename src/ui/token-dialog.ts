import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../state/app.ts';
import type { Device } from '../update/device.ts';
import { dialogs } from './dialog-styles.ts';
import { base, buttons, fields } from './theme.ts';

/** Asks for a device's token and nothing else: all other things about the device that served the page are known. */
@customElement('token-dialog')
export class TokenDialog extends LitElement {
  static override styles = [base, buttons, fields, dialogs];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) device!: Device;
  @state() wrong: string | null = null;
  @query('dialog') readonly dialog!: HTMLDialogElement;
  @query('#token') readonly token!: HTMLInputElement;
  @query('#plain') readonly plain!: HTMLInputElement | null;

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    const { preferredKeeping, keepsPlain } = this.app.devices;
    const memory = preferredKeeping === 'memory';
    const hint = memory
      ? 'It stands in the program on the device. It is forgotten when this page is closed.'
      : 'It stands in the program on the device. It is kept encrypted in this browser.';
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()}>
      <form novalidate @submit=${this.#save}>
        <h2 id="title">Token of ${this.device.name.toLowerCase()}</h2>
        <div>
          <label for="token">Token</label>
          <input
            id="token"
            type="password"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid=${this.wrong === null ? 'false' : 'true'}
            aria-describedby="hint"
          />
          <p id="hint" class=${this.wrong === null ? 'hint' : 'error'}>${this.wrong ?? hint}</p>
          ${
            memory && keepsPlain
              ? html`<label class="choice">
                  <input
                    id="plain"
                    type="checkbox"
                    ?checked=${this.app.devices.$keeping.get().get(this.device.id) === 'plain'}
                  />Keep it on this phone or computer without encryption
                </label>`
              : null
          }
        </div>
        <div class="end">
          <button type="button" class="quiet" @click=${() => this.dialog.close()}>Not now</button>
          <button class="next">Save</button>
        </div>
      </form>
    </dialog>`;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { id, name, typed, protocol, prefix, tokenHeader, chipId } = this.device;
    const form = { name, address: typed, protocol, prefix, tokenHeader, chipId };
    const keepPlain = this.plain?.checked === true;
    const result = await this.app.devices.save({ ...form, token: this.token.value, keepPlain }, id);
    if (result.saved) {
      this.dialog.close();
      void this.app.checks.check(id);
      return;
    }
    this.wrong = result.message;
    this.token.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'token-dialog': TokenDialog;
  }
}
