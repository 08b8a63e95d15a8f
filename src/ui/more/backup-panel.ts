import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { BackupState } from '../../state/backup.ts';
import './backup-import.ts';
import { dated, saveFile } from '../kit/save-file.ts';
import { notExportedInWords } from '../../words/backup.ts';
import { counted } from '../../words/locale.ts';
import { base, buttons, fields } from '../kit/theme.ts';

/** Takes devices along to another browser: as a file, with tokens only under a passphrase. */
@customElement('backup-panel')
export class BackupPanel extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host,
      form {
        display: grid;
        gap: calc(3 * var(--u));
        justify-items: start;
      }
      form > div {
        width: min(100%, 320px);
      }
    `,
  ];

  @property({ attribute: false }) app!: WholeApp;
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
        <p>
          All devices and their groups as one file, to carry to another browser. Files that were sent and the history
          are not in it.
        </p>
        ${
          setup.secure
            ? html`<label class="choice">
                <input type="checkbox" .checked=${this.withTokens} @change=${this.#choose} />With the tokens, under a
                passphrase
              </label>`
            : html`<p class="hint">This page is not encrypted, so tokens cannot be sealed and stay out of the file.</p>`
        }
        ${this.withTokens ? this.#passphraseField() : null}
        <button ?disabled=${this.working}>Save as a file</button>
        <p class="small" role="status">${this.done}</p>
      </form>
      <backup-import .app=${this.app} .backup=${this.#backup}></backup-import>`;
  }

  #passphraseField(): TemplateResult {
    return html`<div>
      <label for="passphrase">Passphrase</label>
      <input
        id="passphrase"
        type="password"
        autocomplete="new-password"
        aria-invalid=${this.wrong === null ? 'false' : 'true'}
        aria-describedby="passphrase-hint"
      />
      <p id="passphrase-hint" class=${this.wrong === null ? 'hint' : 'error'}>
        ${this.wrong ?? 'At least 8 characters. Without it nobody can read the tokens in the file, and nor can you.'}
      </p>
    </div>`;
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
      this.wrong = result.ok ? null : notExportedInWords(result.why);
      if (!result.ok) return;
      saveFile(dated('devices', 'json', Date.now()), result.text, 'application/json');
      this.done = `Saved ${counted(result.devices, 'device', 'devices')}, ${result.tokens === 0 ? 'without tokens' : `with ${counted(result.tokens, 'token', 'tokens')}`}.`;
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
