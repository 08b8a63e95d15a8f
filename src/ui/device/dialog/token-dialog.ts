import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import type { FormField, Wrong } from '../../../state/device/read-form.ts';
import type { Device } from '../../../model/device/device.ts';
import { CANCEL, SAVE } from '../../../words/kit/buttons.ts';
import { HEADER, MORE_SETTINGS, PATH } from '../../../words/device/dialog/device-dialog.ts';
import { TOKEN } from '../../../words/device/dialog/device-secrets.ts';
import { KEEP_PLAIN_HERE, tokenHint, tokenTitle } from '../../../words/device/dialog/token-dialog.ts';
import { formProblemInWords } from '../../../words/device/dialog/form-problem.ts';
import { dialogs } from '../../kit/style/dialog-styles.ts';
import { openModal } from '../../kit/modal.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';

export type TokenDialogParts = Pick<App, 'checks' | 'devices' | 'updates'>;

/**
 * Asks for a device's token, and below that for what rarely differs from the default. The rest is known: the device
 * served the page.
 */
@customElement('token-dialog')
export class TokenDialog extends LitElement {
  static override styles = [base, buttons, fields, dialogs];

  @property({ attribute: false }) app!: TokenDialogParts;
  @property({ attribute: false }) device!: Device;
  @state() wrongs: readonly Wrong[] = [];
  @query('dialog') readonly dialog!: HTMLDialogElement;
  @query('#plain') readonly plain!: HTMLInputElement | null;

  protected override firstUpdated(): void {
    openModal(this.dialog);
  }

  protected override render(): TemplateResult {
    const { device } = this;
    const { preferredKeeping, keepsPlain } = this.app.devices;
    const memory = preferredKeeping === 'memory';
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()}>
      <form novalidate @submit=${this.#save}>
        <h2 id="title">${tokenTitle(device.name)}</h2>
        <div>
          ${this.#field('token', TOKEN, 'password', '', tokenHint(this.#isKept, memory))}
          ${
            memory && keepsPlain
              ? html`<label class="choice">
                  <input
                    id="plain"
                    type="checkbox"
                    ?checked=${this.app.devices.$keeping.get().get(this.device.id) === 'plain'}
                  />${KEEP_PLAIN_HERE}
                </label>`
              : null
          }
        </div>
        <details ?open=${this.wrongs.some(({ field }) => field !== 'token')}>
          <summary>${MORE_SETTINGS}</summary>
          ${this.#field('prefix', PATH, 'text', device.prefix)}
          ${this.#field('tokenHeader', HEADER, 'text', device.tokenHeader)}
        </details>
        <div class="end">
          <button type="button" class="quiet" @click=${() => this.dialog.close()}>${CANCEL}</button>
          <button class="next">${SAVE}</button>
        </div>
      </form>
    </dialog>`;
  }

  #field(id: FormField, label: string, type: string, value: string, hint = ''): TemplateResult {
    const found = this.wrongs.find(({ field }) => field === id);
    const wrong = found === undefined ? null : formProblemInWords(found.problem);
    return html`<label for=${id}>${label}</label>
      <input
        id=${id}
        type=${type}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        value=${value}
        aria-invalid=${wrong === null ? 'false' : 'true'}
        aria-describedby="${id}-hint"
      />
      <p id="${id}-hint" class=${wrong === null ? 'hint' : 'error'}>${wrong ?? hint}</p>`;
  }

  get #isKept(): boolean {
    return this.app.devices.$keeping.get().has(this.device.id);
  }

  #typed(field: FormField): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${field}`)?.value ?? '';
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { id, name, typed, protocol, chipId } = this.device;
    const token = this.#typed('token');
    const result = await this.app.devices.save(
      {
        ...{ name, address: typed, protocol, chipId },
        prefix: this.#typed('prefix'),
        tokenHeader: this.#typed('tokenHeader'),
        token: token === '' && this.#isKept ? null : token,
        keepPlain: this.plain?.checked === true,
      },
      id,
    );
    if (result.kind === 'saved') {
      this.dialog.close();
      this.app.updates.dropEarlyFailure(id);
      void this.app.checks.check(id);
      return;
    }
    this.wrongs = result.wrongs;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'token-dialog': TokenDialog;
  }
}
