import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DeviceForm } from '../../../state/device/read-form.ts';
import { LONGEST_LOGIN } from '../../../state/device/secrets/secrets.ts';
import {
  FORGET_LOGIN,
  KEPT_AS_IT_IS,
  LOGIN,
  LOGIN_FORGOTTEN,
  LOGIN_HINT,
  PASSWORD,
  USER,
} from '../../../words/device/dialog/device-secrets.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';

/** What was typed; all empty: none is wanted any more. Heard by the dialog around. */
export class LoginTypedEvent extends Event {
  static readonly type = 'moult-login-typed';
  readonly login: NonNullable<DeviceForm['login']>;

  constructor(login: LoginTypedEvent['login']) {
    super(LoginTypedEvent.type);
    this.login = login;
  }
}

const NONE = { user: '', password: '' } as const;

/** The user and password of the dialog "Device", for a device that asks for them before it looks at the token. */
@customElement('login-field')
export class LoginField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    fields,
    css`
      fieldset {
        display: grid;
        gap: calc(2 * var(--u));
      }
    `,
  ];

  /** Which opening of the dialog this is for; with another one everything starts anew. */
  @property({ attribute: false }) subject: unknown = null;
  /** Null: what is kept stays. */
  @property({ attribute: false }) login: DeviceForm['login'] = null;
  @property({ type: Boolean }) kept = false;
  @property({ attribute: false }) wrong: string | null = null;
  @state() forgotten = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('subject')) this.forgotten = false;
  }

  protected override render(): TemplateResult {
    const { wrong, kept, login } = this;
    const untouched = kept && (login ?? null) === null;
    return html`<fieldset>
      <legend>${LOGIN}</legend>
      ${this.#input('user', USER, 'text', untouched)} ${this.#input('password', PASSWORD, 'password', untouched)}
      <p id="login-hint" class=${wrong === null ? 'hint' : 'error'}>${wrong ?? this.#hint()}</p>
      ${untouched ? html`<button type="button" class="link" @click=${this.#forget}>${FORGET_LOGIN}</button>` : null}
    </fieldset>`;
  }

  #hint(): string {
    return this.forgotten ? LOGIN_FORGOTTEN : LOGIN_HINT;
  }

  #input(part: 'user' | 'password', label: string, type: string, untouched: boolean): TemplateResult {
    return html`<div>
      <label for=${part}>${label}</label>
      <input
        id=${part}
        type=${type}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        maxlength=${LONGEST_LOGIN[part]}
        placeholder=${untouched ? KEPT_AS_IT_IS : ''}
        aria-invalid=${this.wrong === null ? 'false' : 'true'}
        aria-describedby="login-hint"
        .value=${this.login?.[part] ?? ''}
        @input=${(event: InputEvent & { readonly currentTarget: HTMLInputElement }) =>
          this.#tell({ ...(this.login ?? NONE), [part]: event.currentTarget.value })}
      />
    </div>`;
  }

  #forget(): void {
    this.forgotten = true;
    this.#tell(NONE);
  }

  #tell(login: LoginTypedEvent['login']): void {
    if (login !== NONE) this.forgotten = false;
    this.dispatchEvent(new LoginTypedEvent(login));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-field': LoginField;
  }
}
