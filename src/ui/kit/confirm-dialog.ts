import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import type { Question } from '../../state/questions.ts';
import { dialogs } from './dialog-styles.ts';
import { findingInWords } from '../../words/findings.ts';
import { counted } from '../../words/locale.ts';
import { bytesInWords } from '../../words/quantities.ts';
import { base, buttons, fields } from './theme.ts';

interface QuestionWords {
  readonly title: string;
  readonly text: string;
  /** The same verb as on the button that led here. */
  readonly verb: string;
  readonly dangerous: boolean;
  /** What has to be typed before the verb may be pressed. */
  readonly typed: string | null;
}

/** Asks what only the person can decide, in words that name the device. */
@customElement('confirm-dialog')
export class ConfirmDialog extends LitElement {
  static override styles = [base, buttons, fields, dialogs];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) question: Question | null = null;
  @state() typed = '';
  @query('dialog') readonly dialog!: HTMLDialogElement;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('question')) this.typed = '';
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('question')) return;
    if (this.question !== null && !this.dialog.open) this.dialog.showModal();
    if (this.question === null && this.dialog.open) this.dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog role="alertdialog" aria-labelledby="title" aria-describedby="text" @close=${this.#closed}>
      ${this.question === null ? null : this.#content(inWords(this.question))}
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
              <label for="typed">Type ${typed} to go on</label>
              <input id="typed" type="text" autocomplete="off" .value=${this.typed} @input=${this.#type} />
            </div>`
      }
      <div class="end">
        <button type="button" class="quiet" @click=${this.#no}>Leave it</button>
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

function inWords(question: Question): QuestionWords {
  switch (question.kind) {
    case 'remove-device':
      return {
        title: `Remove ${question.device.name}?`,
        text: 'Its address and token are forgotten here. The device itself stays as it is.',
        verb: 'Remove',
        dangerous: true,
        typed: null,
      };
    case 'remove-firmware':
      return {
        title: `Remove ${question.name}?`,
        text: 'The file is removed from this browser. Devices that run it stay as they are.',
        verb: 'Remove',
        dangerous: true,
        typed: null,
      };
    case 'forget-tokens':
      return {
        title: 'Forget the locked tokens?',
        text: 'Every token under the passphrase is removed from this browser, and the lock with them. The devices themselves stay as they are: type their tokens again, as they stand in their programs.',
        verb: 'Forget',
        dangerous: true,
        typed: null,
      };
    case 'clear-history':
      return {
        title: 'Clear the history?',
        text: 'Every line in it is removed from this browser, of every device. Save it as a file first to keep it.',
        verb: 'Clear',
        dangerous: true,
        typed: null,
      };
    case 'take-over': {
      const { writtenBytes, expectedSize } = question.session;
      const how =
        writtenBytes === null || expectedSize === null
          ? ''
          : ` ${bytesInWords(writtenBytes)} of ${bytesInWords(expectedSize)} are written.`;
      return {
        title: `Take over ${question.device.name}?`,
        text: `Another update is open on it.${how} Taking over throws that update away; if somebody is at it, theirs fails.`,
        verb: 'Take over',
        dangerous: true,
        typed: null,
      };
    }
    case 'no-micropython': {
      const { device, devices, firmware } = question;
      const [to, they] = device
        ? [device.name, 'it no longer runs']
        : [counted(devices, 'device', 'devices'), 'they no longer run'];
      return {
        title: `Send ${firmware} to ${to}?`,
        text: `The file shows no sign of MicroPython. If it has none, ${they} ViperHTTP afterwards, and only a cable reaches ${device ? 'it' : 'them'}. A build with frozen code may lack the sign all the same.`,
        verb: 'Send',
        dangerous: true,
        typed: null,
      };
    }
    case 'overrule':
      return {
        title: `Send ${question.firmware} to ${question.device.name} all the same?`,
        text: `${findingInWords(question.finding)} If that is right, the device may not start with it.`,
        verb: 'Send all the same',
        dangerous: true,
        typed: question.device.name,
      };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'confirm-dialog': ConfirmDialog;
  }
}
