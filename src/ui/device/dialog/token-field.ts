import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import type { Device } from '../../../model/device/device.ts';
import { DEFAULT_TOKEN_HEADER, type DeviceForm } from '../../../state/device/read-form.ts';
import {
  KEEP_PLAIN,
  keepingText,
  KEPT_AS_IT_IS,
  NEW_TOKEN,
  PUT_LINES,
  secretWords,
  SHOW,
} from '../../../words/device/dialog/device-secrets.ts';
import './setup-lines.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';

/** What of the form changed. Heard by the dialog around. */
export class TokenTypedEvent extends Event {
  static readonly type = 'moult-token-typed';
  readonly part: Partial<Pick<DeviceForm, 'token' | 'keepPlain'>>;
  /** The token was made here, and is nowhere else. */
  readonly isNew: boolean;

  constructor(part: TokenTypedEvent['part'], isNew = false) {
    super(TokenTypedEvent.type);
    this.part = part;
    this.isNew = isNew;
  }
}

export type TokenFieldParts = Pick<App, 'devices' | 'setup' | 'tokenLock'>;

/** The token of the dialog "Device": typed, shown, or made anew with the lines that go on the device. */
@customElement('token-field')
export class TokenField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    fields,
    css`
      .token {
        display: flex;
        align-items: flex-end;
        gap: calc(2 * var(--u));
      }
      .token > :first-child {
        flex: 1;
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) app!: TokenFieldParts;
  /** Which opening of the dialog this is for; with another one everything starts anew. */
  @property({ attribute: false }) subject: unknown = null;
  /** Null: the one that is kept stays. */
  @property({ attribute: false }) token: string | null = null;
  @property({ type: Boolean }) kept = false;
  @property({ type: Boolean }) keepPlain = false;
  @property({ attribute: false }) wrong: string | null = null;
  @property({ attribute: false }) protocol: DeviceForm['protocol'] = 'automatic';
  /** What was found out of how it speaks; null: nothing yet. */
  @property({ attribute: false }) dialect: Device['dialect'] = null;
  @property({ attribute: false }) tokenHeader = '';
  @property({ attribute: false }) address = '';
  /** Of the update routes. */
  @property({ attribute: false }) path = '';
  @property({ type: Boolean }) withLogin = false;
  /** The token that was made here. */
  @state() made: string | null = null;
  @state() shown = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return;
    this.made = null;
    this.shown = false;
  }

  protected override render(): TemplateResult {
    const { wrong, made, protocol } = this;
    const header = this.tokenHeader.trim() || DEFAULT_TOKEN_HEADER;
    const { address, path: prefix, withLogin } = this;
    const form = { protocol, tokenHeader: header, address, prefix, withLogin };
    const lines = made === null ? null : this.app.setup.linesFor({ ...form, token: made });
    const { preferredKeeping, keepsPlain } = this.app.devices;
    const memory = preferredKeeping === 'memory';
    const words = secretWords(protocol, this.dialect);
    return html`<div class="token">
        <div>
          <label for="token">${words.label}</label>
          <input
            id="token"
            type=${this.shown ? 'text' : 'password'}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            placeholder=${this.kept && this.token === null ? KEPT_AS_IT_IS : ''}
            aria-invalid=${wrong === null ? 'false' : 'true'}
            aria-describedby="token-hint"
            .value=${this.token ?? ''}
            @input=${this.#typed}
          />
        </div>
        <button
          type="button"
          aria-label=${words.show}
          aria-pressed=${this.shown ? 'true' : 'false'}
          @click=${() => (this.shown = !this.shown)}
        >
          ${SHOW}
        </button>
      </div>
      <p id="token-hint" class=${wrong === null ? 'hint' : 'error'}>
        ${wrong ?? [words.hint, keepingText(preferredKeeping, keepsPlain, this.#canLockFirst)].filter(Boolean).join(' ')}
      </p>
      ${
        words.canBeMade ? html`<button type="button" class="link" @click=${this.#newToken}>${NEW_TOKEN}</button>` : null
      }
      ${
        memory && keepsPlain
          ? html`<label class="choice">
              <input type="checkbox" .checked=${this.keepPlain} @change=${this.#ticked} />${KEEP_PLAIN}
            </label>`
          : null
      }
      ${
        lines === null
          ? null
          : html`<p class="hint">${PUT_LINES.before} <code>app.run(…)</code>${PUT_LINES.after}</p>
              <setup-lines .lines=${lines}></setup-lines>`
      }`;
  }

  /** What is saved before the lock may outlive it in the browser's files. */
  get #canLockFirst(): boolean {
    const { devices, tokenLock } = this.app;
    return (
      devices.preferredKeeping === 'encrypted' && devices.$keeping.get().size === 0 && tokenLock.$lock.get() === 'none'
    );
  }

  #typed(event: InputEvent & { readonly currentTarget: HTMLInputElement }): void {
    this.dispatchEvent(new TokenTypedEvent({ token: event.currentTarget.value }));
  }

  #ticked(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    this.dispatchEvent(new TokenTypedEvent({ keepPlain: event.currentTarget.checked }));
  }

  #newToken(): void {
    const token = this.app.setup.newToken();
    this.dispatchEvent(new TokenTypedEvent({ token }, true));
    this.made = token;
    this.shown = true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'token-field': TokenField;
  }
}
