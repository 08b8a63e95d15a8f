import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import type { NewDevice } from '../kit/events.ts';
import { base, fields } from '../kit/theme.ts';
import { TokenTypedEvent } from './token-field.ts';

/** Characters of a short code, without its dash. */
const WHOLE = 8;

export type SealedTokenParts = Pick<App, 'setup'>;

/** For a device whose link holds its token sealed: takes the short code from the other phone, and opens it. */
@customElement('sealed-token')
export class SealedToken extends LitElement {
  static override styles = [base, fields];

  @property({ attribute: false }) app!: SealedTokenParts;
  @property({ attribute: false }) said!: NewDevice;
  @state() outcome: 'none' | 'opening' | 'opened' | 'wrong' = 'none';
  /** Resolves when nothing is being opened. */
  done: Promise<void> = Promise.resolve();
  #typed = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('said')) this.outcome = 'none';
  }

  protected override render(): TemplateResult {
    if (this.app.setup.handOver === undefined) {
      return html`<p>
        The link holds the token under a short code, which this page cannot open: it is not encrypted. Type the token,
        or open the link where Moult is on https.
      </p>`;
    }
    const { outcome } = this;
    return html`<label for="code">Short code</label>
      <input
        id="code"
        type="text"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        placeholder="XXXX-XXXX"
        aria-invalid=${outcome === 'wrong' ? 'true' : 'false'}
        aria-describedby="code-hint"
        @input=${this.#type}
      />
      <p id="code-hint" class=${outcome === 'wrong' ? 'error' : 'hint'} role="status">${WORDS[outcome]}</p>`;
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

const WORDS = {
  none: 'It stands beside the code on the other phone, and opens the token that came with the link.',
  opening: 'Opening the token.',
  opened: 'The token is filled in.',
  wrong: 'This does not open the token. Look at the other phone, and type it again.',
} as const;

declare global {
  interface HTMLElementTagNameMap {
    'sealed-token': SealedToken;
  }
}
