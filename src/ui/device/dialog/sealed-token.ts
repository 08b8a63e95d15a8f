import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import type { NewDevice } from '../../kit/events.ts';
import {
  CANNOT_OPEN_TOKEN,
  OPENING_WORDS,
  SHORT_CODE_EXAMPLE,
  SHORT_CODE_LABEL,
  type Opening,
} from '../../../words/device/dialog/device-secrets.ts';
import { base } from '../../kit/style/base.ts';
import { fields } from '../../kit/style/fields.ts';
import { TokenTypedEvent } from './token-field.ts';

/** Characters of a short code, without its dash. */
const WHOLE = 8;

export type SealedTokenParts = Pick<App, 'setup'>;

/** For a device whose link holds its token sealed: takes the short code from the other phone, and opens it. */
@customElement('sealed-token')
export class SealedToken extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, fields];

  @property({ attribute: false }) app!: SealedTokenParts;
  @property({ attribute: false }) said!: NewDevice;
  @state() outcome: Opening = 'none';
  /** Resolves when nothing is being opened. */
  done: Promise<void> = Promise.resolve();
  #typed = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('said')) this.outcome = 'none';
  }

  protected override render(): TemplateResult {
    if (this.app.setup.handOver === undefined) {
      return html`<p>${CANNOT_OPEN_TOKEN}</p>`;
    }
    const { outcome } = this;
    return html`<label for="code">${SHORT_CODE_LABEL}</label>
      <input
        id="code"
        type="text"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        placeholder=${SHORT_CODE_EXAMPLE}
        aria-invalid=${outcome === 'wrong' ? 'true' : 'false'}
        aria-describedby="code-hint"
        @input=${this.#type}
      />
      <p id="code-hint" class=${outcome === 'wrong' ? 'error' : 'hint'} role="status">${OPENING_WORDS[outcome]}</p>`;
  }

  #type(event: InputEvent & { readonly currentTarget: HTMLInputElement }): void {
    this.#typed = event.currentTarget.value;
    const isWhole = this.#typed.replace(/[^0-9A-Za-z]/g, '').length === WHOLE;
    if (isWhole) this.done = this.#open(this.#typed);
    else this.outcome = 'none';
  }

  async #open(code: string): Promise<void> {
    const { said } = this;
    this.outcome = 'opening';
    const token = (await this.app.setup.handOver?.open(said.sealed ?? '', code, said.address)) ?? null;
    // Typed on meanwhile, or another link was opened.
    if (code !== this.#typed || said !== this.said) return;
    this.outcome = token === null ? 'wrong' : 'opened';
    if (token !== null) this.dispatchEvent(new TokenTypedEvent({ token }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sealed-token': SealedToken;
  }
}
