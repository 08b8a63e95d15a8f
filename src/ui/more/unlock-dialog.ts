import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { PASSPHRASE } from '../../words/kit/fields.ts';
import { lockRefusalText, UNLOCK } from '../../words/more/lock-panel.ts';
import { CANCEL } from '../../words/kit/buttons.ts';
import { TOKENS_LOCKED, UNLOCK_HINT } from '../../words/more/unlock-dialog.ts';
import { dialogs } from '../kit/style/dialog-styles.ts';
import { openModal } from '../kit/modal.ts';
import { passphraseField } from '../kit/passphrase-field.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';

export type UnlockDialogParts = Pick<WholeApp, 'tokenLock'>;

/** Asks for the passphrase when something needs a token that is locked. Leaving it locked is an answer, too. */
@customElement('unlock-dialog')
export class UnlockDialog extends LitElement {
  static override styles = [base, buttons, fields, dialogs];

  @property({ attribute: false }) app!: UnlockDialogParts;
  @property({ type: Boolean }) wanted = false;
  @state() wrong: string | null = null;
  @query('dialog') readonly dialog!: HTMLDialogElement;
  @query('input') readonly input!: HTMLInputElement;
  #working = false;

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('wanted')) return;
    if (this.wanted && !this.dialog.open) {
      this.wrong = null;
      openModal(this.dialog);
    }
    if (!this.wanted && this.dialog.open) this.dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      ${this.wanted ? this.#content() : null}
    </dialog>`;
  }

  #content(): TemplateResult {
    return html`<form novalidate @submit=${this.#unlock}>
      <h2 id="title">${TOKENS_LOCKED}</h2>
      ${passphraseField({ label: PASSPHRASE, fill: 'current-password', hint: UNLOCK_HINT, wrong: this.wrong })}
      <div class="end">
        <button type="button" class="quiet" @click=${this.#leave}>${CANCEL}</button>
        <button class="next">${UNLOCK}</button>
      </div>
    </form>`;
  }

  async #unlock(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.#working) return;
    this.#working = true;
    const refusal = await this.app.tokenLock.unlock(this.input.value).finally(() => (this.#working = false));
    this.wrong = refusal === null ? null : lockRefusalText(refusal);
    if (refusal === null) return;
    this.input.focus();
    this.input.select();
  }

  #leave(): void {
    this.app.tokenLock.leaveLocked();
  }

  /** Escape closes a dialog by itself. The event comes late, and it may be wanted again by then. */
  #closed(): void {
    if (!this.dialog.open && this.wanted) this.#leave();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'unlock-dialog': UnlockDialog;
  }
}
