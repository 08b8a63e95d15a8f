import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { groupsOf } from '../../state/device/device-choice.ts';
import {
  DEFAULT_PREFIX,
  DEFAULT_TOKEN_HEADER,
  LONGEST,
  type DeviceForm,
  type FormField,
} from '../../state/device/devices.ts';
import { toldInWords } from '../../state/device/self-told.ts';
import { CANCEL, SAVE, SCAN_A_CODE } from '../../words/kit/buttons.ts';
import {
  ADDRESS,
  ADDRESS_EXAMPLE,
  ADDRESS_HINT,
  DEVICE,
  GROUP_EXAMPLE,
  GROUP_HINT,
  HEADER,
  MORE_SETTINGS,
  NAME,
  NAME_EXAMPLE,
  PATH,
  savedAlreadyText,
  TOKEN_IN_HISTORY,
} from '../../words/device/device-dialog.ts';
import { GROUP } from '../../words/kit/fields.ts';
import { chipField, patienceField, protocolField } from './device-fields.ts';
import { EMPTY_FORM, formOf } from './device-form.ts';
import { OpenDeviceEvent, OpenSheetEvent, type DialogSubject, type NewDevice } from '../kit/events.ts';
import { Autofill, type FormHost } from './autofill.ts';
import { openModal } from '../kit/modal.ts';
import { base, buttons, fields } from '../kit/theme.ts';
import './device-route.ts';
import type { DeviceRouteParts } from './device-route.ts';
import './find-devices.ts';
import type { FindDevicesParts, FoundDeviceEvent } from './find-devices.ts';
import { dialogs } from '../kit/dialog-styles.ts';
import './login-field.ts';
import type { LoginTypedEvent } from './login-field.ts';
import './sealed-token.ts';
import type { SealedTokenParts } from './sealed-token.ts';
import './token-field.ts';
import type { TokenFieldParts, TokenTypedEvent } from './token-field.ts';

export type DeviceDialogParts = Pick<App, 'askSelf' | 'checks' | 'devices' | 'setup' | 'updates'> &
  DeviceRouteParts &
  FindDevicesParts &
  SealedTokenParts &
  TokenFieldParts;

/** Adds a device, or changes one. What is wrong is said under its field, in words. */
@customElement('device-dialog')
export class DeviceDialog extends LitElement implements FormHost {
  static override styles = [
    base,
    buttons,
    fields,
    dialogs,
    css`
      .advanced {
        display: grid;
        gap: calc(3 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) app!: DeviceDialogParts;
  @property({ attribute: false }) subject: DialogSubject | null = null;
  @state() form: DeviceForm = EMPTY_FORM;
  @state() wrong: { readonly field: FormField; readonly message: string } | null = null;
  @state() advanced = false;
  @state() saving = false;
  @query('dialog') readonly dialog!: HTMLDialogElement;

  readonly #autofill = new Autofill(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return;
    this.#autofill.reset();
    if (this.subject === null) return;
    this.form = formOf(this.subject, this.app.devices.$keeping.get());
    this.wrong = null;
    this.advanced = this.subject.kind === 'saved' && isAdvanced(this.subject.field);
    this.saving = false;
    if (this.form.name !== '') this.#autofill.noteTyped('name');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return;
    if (this.subject !== null && !this.dialog.open) {
      openModal(this.dialog);
      const first = this.subject.kind === 'saved' ? this.subject.field : undefined;
      // The token's field is drawn a moment after the dialog around it.
      if (first !== undefined)
        requestAnimationFrame(() => this.renderRoot.querySelector<HTMLElement>(`#${first}`)?.focus());
    }
    if (this.subject === null && this.dialog.open) this.dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      ${this.subject === null ? null : this.#content(this.subject)}
    </dialog>`;
  }

  #content(subject: DialogSubject): TemplateResult {
    const { told } = this.#autofill;
    const said = told === null ? '' : toldInWords(told, this.form.prefix);
    return html`<form novalidate @submit=${this.#save}>
      <h2 id="title">${DEVICE}</h2>
      ${
        subject.kind === 'new'
          ? html`<div class="row">
              <button type="button" @click=${this.#scan}>${SCAN_A_CODE}</button>
              <find-devices
                .app=${this.app}
                @moult-found-device=${this.#found}
                @moult-saved-found=${this.#close}
              ></find-devices>
            </div>`
          : null
      }
      ${
        subject.kind === 'saved' && subject.said !== undefined
          ? html`<p>${savedAlreadyText(subject.device.name)}</p>`
          : null
      }
      ${this.#text('name', NAME, NAME_EXAMPLE, '')} ${this.#text('address', ADDRESS, ADDRESS_EXAMPLE, ADDRESS_HINT)}
      <p class="hint" role="status" ?hidden=${said === ''}>${said}</p>
      ${this.#brought(subject.kind === 'new' ? subject : subject.said)} ${this.#token(subject)} ${this.#group()}
      ${protocolField(this.form.protocol, (protocol) => this.#change({ protocol }))}
      <details ?open=${this.advanced} @toggle=${this.#toggled}>
        <summary>${MORE_SETTINGS}</summary>
        ${this.advanced ? this.#advancedFields(subject) : null}
      </details>
      <div class="end">
        <button type="button" class="quiet" @click=${this.#close}>${CANCEL}</button>
        <button class="next" ?disabled=${this.saving}>${SAVE}</button>
      </div>
    </form>`;
  }

  #advancedFields(subject: DialogSubject): TemplateResult {
    return html`<div class="advanced">
      ${
        subject.kind === 'saved'
          ? html`<device-route .app=${this.app} .deviceId=${subject.device.id}></device-route>`
          : null
      }
      ${this.#text('prefix', PATH, DEFAULT_PREFIX, '')} ${this.#text('tokenHeader', HEADER, DEFAULT_TOKEN_HEADER, '')}
      <login-field
        id="login"
        .subject=${subject}
        .login=${this.form.login}
        .wrong=${this.wrong?.field === 'login' ? this.wrong.message : null}
        ?kept=${this.#keepsLogin(subject)}
        @moult-login-typed=${({ login }: LoginTypedEvent) => this.#change({ login })}
      ></login-field>
      ${chipField(this.app.setup.chips, this.form.chipId, (chipId) => this.#change({ chipId }))}
      ${patienceField(this.form.patienceMs, (patienceMs) => this.#change({ patienceMs }))}
    </div>`;
  }

  /** About the token that a link brought. */
  #brought(said: NewDevice | undefined): TemplateResult | null {
    if (said?.inHistory === true) {
      return html`<p>${TOKEN_IN_HISTORY}</p>`;
    }
    if (said?.sealed === undefined) return null;
    return html`<sealed-token
      .app=${this.app}
      .said=${said}
      @moult-token-typed=${({ part }: TokenTypedEvent) => this.#change(part)}
    ></sealed-token>`;
  }

  #token(subject: DialogSubject): TemplateResult {
    return html`<token-field
      id="token"
      .app=${this.app}
      .subject=${subject}
      .token=${this.form.token}
      .protocol=${this.form.protocol}
      .tokenHeader=${this.form.tokenHeader}
      .address=${this.form.address}
      .path=${this.form.prefix}
      ?withLogin=${this.form.login ? this.form.login.password !== '' : this.#keepsLogin(subject)}
      .wrong=${this.wrong?.field === 'token' ? this.wrong.message : null}
      ?kept=${subject.kind === 'saved' && this.app.devices.$keeping.get().has(subject.device.id)}
      ?keepPlain=${this.form.keepPlain}
      @moult-token-typed=${({ part }: TokenTypedEvent) => this.#change(part)}
    ></token-field>`;
  }

  #keepsLogin(subject: DialogSubject): boolean {
    return subject.kind === 'saved' && this.app.devices.keepsLogin(subject.device.id);
  }

  #group(): TemplateResult {
    const groups = groupsOf(this.app.devices.$devices.get()).filter((group) => group !== '');
    return html`${this.#text('group', GROUP, GROUP_EXAMPLE, GROUP_HINT)}
      <datalist id="groups">${groups.map((group) => html`<option value=${group}></option>`)}</datalist>`;
  }

  #text(
    field: 'name' | 'address' | 'group' | 'prefix' | 'tokenHeader',
    label: string,
    example: string,
    hint: string,
  ): TemplateResult {
    const wrong = this.wrong?.field === field ? this.wrong.message : null;
    const said = wrong ?? hint;
    return html`<div>
      <label for=${field}>${label}</label>
      <input
        id=${field}
        type="text"
        autocomplete="off"
        autocapitalize=${field === 'name' ? 'sentences' : 'off'}
        spellcheck="false"
        placeholder=${example}
        aria-invalid=${wrong === null ? 'false' : 'true'}
        aria-describedby="${field}-hint"
        maxlength=${LONGEST[field]}
        list=${field === 'group' ? 'groups' : nothing}
        .value=${this.form[field] ?? ''}
        @input=${(event: InputEvent) => this.#type(field, valueOf(event))}
        @change=${field === 'address' ? () => this.#lookUp() : nothing}
      />
      <p id="${field}-hint" class=${wrong === null ? 'hint' : 'error'} ?hidden=${said === ''}>${said}</p>
    </div>`;
  }

  #type(field: FormField, value: string): void {
    this.#change({ [field]: value });
    this.#autofill.noteTyped(field);
  }

  /** A saved device has its name and path already. */
  #lookUp(): void {
    if (this.subject?.kind === 'new') this.#autofill.lookUp();
  }

  fillIn(part: Partial<DeviceForm>): void {
    this.#change(part);
  }

  /** What was wrong with a field is not said of what stands in it now. */
  #change(part: Partial<DeviceForm>): void {
    this.form = { ...this.form, ...part };
    if (this.wrong !== null && this.wrong.field in part) this.wrong = null;
  }

  #toggled(event: Event & { readonly currentTarget: HTMLDetailsElement }): void {
    this.advanced = event.currentTarget.open;
  }

  #scan(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'scan' }));
  }

  #found({ found: { name, address } }: FoundDeviceEvent): void {
    const device = this.app.devices.findAt(address);
    if (device !== undefined) {
      this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device }));
      return;
    }
    this.#type('address', address);
    this.#type('name', name);
    this.#lookUp();
    this.renderRoot.querySelector<HTMLElement>('#token')?.focus();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { subject } = this;
    if (subject === null || this.saving) return;
    this.saving = true;
    try {
      // Its name may be on the way.
      if (this.form.name.trim() === '') await this.#autofill.settled();
      // So may the token.
      await this.renderRoot.querySelector('sealed-token')?.done;
      const result = await this.app.devices.save(this.form, subject.kind === 'saved' ? subject.device.id : undefined);
      if (result.saved) {
        this.#close();
        this.app.updates.edited(result.device.id);
        void this.app.checks.check(result.device.id);
        return;
      }
      this.wrong = result;
      this.advanced ||= isAdvanced(result.field);
    } finally {
      this.saving = false;
    }
    const { field } = this.wrong;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#${field}`)?.focus();
  }

  #close(): void {
    this.dialog.close();
  }

  #closed(): void {
    // The event comes late: the dialog may have been opened again.
    if (this.dialog.open) return;
    this.dispatchEvent(new Event('close'));
  }
}

/** Whether it stands under "More settings". */
function isAdvanced(field: string | undefined): boolean {
  return ['chip', 'prefix', 'tokenHeader', 'login'].includes(field ?? '');
}

function valueOf(event: InputEvent): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}

declare global {
  interface HTMLElementTagNameMap {
    'device-dialog': DeviceDialog;
  }
}
