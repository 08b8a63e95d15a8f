import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import type { Question } from '../../model/update/question.ts';
import { dialogs } from './style/dialog-styles.ts';
import { CANCEL } from '../../words/kit/buttons.ts';
import type { QuestionWords } from '../../words/kit/host-questions.ts';
import { describeQuestion, typeToGoOn } from '../../words/kit/questions.ts';
import { openModal } from './modal.ts';
import { base } from './style/base.ts';
import { buttons } from './style/buttons.ts';
import { fields } from './style/fields.ts';

export type ConfirmDialogParts = Pick<App, 'questions'>;

/** Asks what only the person can decide, in words that name the device. */
@customElement('confirm-dialog')
export class ConfirmDialog extends LitElement {
  static override styles = [base, buttons, fields, dialogs];

  @property({ attribute: false }) app!: ConfirmDialogParts;
  @property({ attribute: false }) question: Question | null = null;
  @state() typed = '';
  @query('dialog') readonly dialog!: HTMLDialogElement;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('question')) this.typed = '';
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('question')) return;
    if (this.question !== null && !this.dialog.open) openModal(this.dialog);
    if (this.question === null && this.dialog.open) this.dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog role="alertdialog" aria-labelledby="title" aria-describedby="text" @close=${this.#closed}>
      ${this.question === null ? null : this.#content(describeQuestion(this.question))}
    </dialog>`;
  }

  #content({ title, text, verb, dangerous, typed }: QuestionWords): TemplateResult {
    const held = typed !== null && this.typed.trim() !== typed;
    return html`<form @submit=${this.#yes}>
      <h2 id="title">${title}</h2>
      <p id="text">${text}</p>
      ${
        typed === null
          ? null
          : html`<div>
              <label for="typed">${typeToGoOn(typed)}</label>
              <input id="typed" type="text" autocomplete="off" .value=${this.typed} @input=${this.#type} />
            </div>`
      }
      <div class="end">
        <button type="button" class="quiet" @click=${this.#no}>${CANCEL}</button>
        <button class=${dangerous ? 'danger' : 'next'} ?disabled=${held}>${verb}</button>
      </div>
    </form>`;
  }

  #type(event: InputEvent & { readonly currentTarget: HTMLInputElement }): void {
    this.typed = event.currentTarget.value;
  }

  #yes(event: SubmitEvent): void {
    event.preventDefault();
    this.app.questions.answer(true);
  }

  #no(): void {
    this.app.questions.answer(false);
  }

  /** Escape closes a dialog by itself: that is a no. The event comes late, and the next question may be up by then. */
  #closed(): void {
    if (!this.dialog.open && this.question !== null) this.#no();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'confirm-dialog': ConfirmDialog;
  }
}
