import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { BackupState } from '../../state/backup.ts';
import './backup-import.ts';
import { PASSPHRASE } from '../../words/kit/fields.ts';
import {
  exportRefusalText,
  NO_TOKENS_HERE,
  PASSPHRASE_HINT,
  SAVE_AS_FILE,
  savedText,
  WHAT_IS_IN_IT,
  WITH_TOKENS,
} from '../../words/more/backup-panel.ts';
import { passphraseField } from '../kit/passphrase-field.ts';
import { dated, saveFile } from '../kit/save-file.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { stackedForm } from './form-style.ts';

/** What of the app the saving of devices draws from. */
export type BackupPanelParts = Pick<WholeApp, 'backup' | 'devices' | 'setup'>;

/** Takes devices along to another browser: as a file, with tokens only under a passphrase. */
@customElement('backup-panel')
export class BackupPanel extends LitElement {
  static override styles = [base, buttons, fields, stackedForm];

  @property({ attribute: false }) app!: BackupPanelParts;
  @state() withTokens = false;
  @state() wrong: string | null = null;
  @state() done = '';
  @state() working = false;
  @query('#passphrase') readonly passphrase!: HTMLInputElement | null;
  #backup: BackupState | null = null;

  protected override render(): TemplateResult {
    const { setup, devices, backup: tools } = this.app;
    this.#backup ??= new BackupState({ tools, devices });
    return html`<form novalidate @submit=${this.#export}>
        <p>${WHAT_IS_IN_IT}</p>
        ${
          setup.secure
            ? html`<label class="choice">
                <input type="checkbox" .checked=${this.withTokens} @change=${this.#choose} />${WITH_TOKENS}
              </label>`
            : html`<p class="hint">${NO_TOKENS_HERE}</p>`
        }
        ${this.withTokens ? passphraseField({ label: PASSPHRASE, fill: 'new-password', hint: PASSPHRASE_HINT, wrong: this.wrong }) : null}
        <button ?disabled=${this.working}>${SAVE_AS_FILE}</button>
        <p class="small" role="status">${this.done}</p>
      </form>
      <backup-import .backup=${this.#backup}></backup-import>`;
  }

  #choose(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    this.withTokens = event.currentTarget.checked;
    this.wrong = null;
  }

  async #export(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.#backup === null || this.working) return;
    this.working = true;
    this.done = '';
    try {
      const result = await this.#backup.export(this.withTokens ? (this.passphrase?.value ?? '') : null);
      this.wrong = result.kind === 'written' ? null : exportRefusalText(result.kind);
      if (result.kind !== 'written') return;
      saveFile(dated('devices', 'json', Date.now()), result.text, 'application/json');
      this.done = savedText(result.devices, result.tokens);
    } finally {
      this.working = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'backup-panel': BackupPanel;
  }
}
