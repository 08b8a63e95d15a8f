import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { BackupState } from '../../state/backup.ts';
import { CANCEL, TO_DEVICES } from '../../words/kit/buttons.ts';
import {
  backupRefusalText,
  CHANGED_MEANWHILE,
  IMPORT_A_FILE,
  importedText,
  importLabel,
  NO_TOKENS,
  NOTHING_TO_IMPORT,
  OPEN_TOKENS,
  TOKENS_PASSPHRASE,
  tokensText,
  WHAT_CHANGES,
} from '../../words/more/backup-import.ts';
import {
  IMPORT_HINT,
  LOOK_AT_LINES,
  PASTED_EXAMPLE,
  PASTED_LINES,
  PASTE,
  PASTE_HINT,
} from '../../words/more/device-list.ts';
import { focusOn } from '../kit/keep-focus.ts';
import { fileInput } from '../kit/style/file-input.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import type { BackupPlan } from '../../model/page/backup.ts';
import { importStyles } from './import-styles.ts';
import { planLists } from './plan-lists.ts';

/** Reads a backup file, shows what it would change here, and does it on a tap. */
@customElement('backup-import')
export class BackupImport extends LitElement {
  static override styles = [base, buttons, fields, fileInput, importStyles];

  @property({ attribute: false }) backup!: BackupState;
  @state() file: Blob | null = null;
  @state() plan: BackupPlan | null = null;
  @state() wrong: string | null = null;
  @state() done = '';
  @state() imported = false;
  @state() working = false;
  @query('textarea') readonly pasted!: HTMLTextAreaElement;
  @query('#open') readonly passphrase!: HTMLInputElement | null;
  @query('.plan') readonly shown!: HTMLElement | null;
  @query('a') readonly next!: HTMLElement | null;

  protected override render(): TemplateResult {
    return html`<div class="file">
        <span aria-hidden="true">${IMPORT_A_FILE}</span>
        <input type="file" aria-label=${IMPORT_A_FILE} aria-describedby="import-hint" @change=${this.#choose} />
      </div>
      <p id="import-hint" class="small soft">${IMPORT_HINT}</p>
      <details>
        <summary>${PASTE}</summary>
        <form class="paste" novalidate @submit=${this.#paste}>
          <label for="pasted">${PASTED_LINES}</label>
          <textarea
            id="pasted"
            rows="5"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=${PASTED_EXAMPLE}
            aria-describedby="paste-hint"
          ></textarea>
          <p id="paste-hint" class="hint">${PASTE_HINT}</p>
          <button>${LOOK_AT_LINES}</button>
        </form>
      </details>
      ${this.wrong === null ? null : html`<p class="error" role="alert">${this.wrong}</p>`}
      ${this.plan === null ? null : this.#shown(this.plan)}
      <p class="small" role="status">${this.done}</p>
      ${this.imported ? html`<a href="#/devices">${TO_DEVICES}</a>` : null}`;
  }

  #shown(plan: BackupPlan): TemplateResult {
    const { add, change, tokens } = plan;
    const nothing = add.length === 0 && change.length === 0 && typeof tokens === 'string';
    return html`<section class="plan" aria-label=${WHAT_CHANGES}>
      ${planLists(plan)} ${this.#tokens(plan)}
      <div class="row">
        ${
          nothing
            ? html`<p>${NOTHING_TO_IMPORT}</p>`
            : html`<button class="next" ?disabled=${this.working} @click=${this.#import}>
                ${importLabel(tokens)}
              </button>`
        }
        <button class="quiet" @click=${this.#forget}>${CANCEL}</button>
      </div>
    </section>`;
  }

  #tokens({ tokens, add }: Pick<BackupPlan, 'tokens' | 'add'>): TemplateResult {
    if (tokens === 'none') return html`<p class="soft">${NO_TOKENS}</p>`;
    if (tokens !== 'locked') {
      const added = new Set(add.map(({ id }) => id));
      const isForKnown = [...tokens.keys()].some((id) => !added.has(id));
      return html`<p>${tokensText(tokens.size, isForKnown)}</p>`;
    }
    return html`<form novalidate @submit=${this.#open}>
      <div>
        <label for="open">${TOKENS_PASSPHRASE}</label>
        <input id="open" type="password" autocomplete="off" />
      </div>
      <button>${OPEN_TOKENS}</button>
    </form>`;
  }

  async #choose(event: Event & { readonly currentTarget: HTMLInputElement }): Promise<void> {
    const field = event.currentTarget;
    const [file] = field.files ?? [];
    if (file === undefined) return;
    this.#forget();
    this.file = file;
    await this.#read(null);
    // The same file may be chosen again after it was changed.
    field.value = '';
  }

  async #paste(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.#forget();
    this.file = new Blob([this.pasted.value]);
    await this.#read(null);
  }

  async #open(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    await this.#read(this.passphrase?.value ?? '');
  }

  async #read(passphrase: string | null): Promise<void> {
    const { file } = this;
    if (file === null || this.working) return;
    this.working = true;
    this.done = '';
    try {
      const result = await this.backup.read(file, passphrase);
      // Another file may have been chosen while this one was opened.
      if (file !== this.file) return;
      this.wrong = result.kind === 'read' ? null : backupRefusalText(result);
      // Only a wrong passphrase leaves something to go on with.
      if (result.kind === 'read') this.plan = result.plan;
      else if (result.kind !== 'wrong-passphrase') this.plan = null;
    } finally {
      this.working = false;
    }
    await this.updateComplete;
    // It stands below all that led to it.
    if (this.plan !== null && this.wrong === null && this.shown !== null) focusOn(this.shown);
  }

  async #import(): Promise<void> {
    if (this.plan === null || this.working) return;
    this.working = true;
    const result = await this.backup.import(this.plan).finally(() => (this.working = false));
    if (result.kind === 'changed-meanwhile') {
      await this.#read(null);
      this.done = CHANGED_MEANWHILE;
      return;
    }
    this.#forget();
    // Tokens stay on the screen no longer than they are needed.
    this.pasted.value = '';
    this.done = importedText(result.devices, result.tokens, result.without);
    this.imported = true;
    await this.updateComplete;
    this.next?.focus();
  }

  #forget(): void {
    this.file = null;
    this.plan = null;
    this.wrong = null;
    this.done = '';
    this.imported = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'backup-import': BackupImport;
  }
}
