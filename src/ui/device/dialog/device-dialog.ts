import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import type { DeviceForm, FormField } from '../../../state/device/read-form.ts';
import { canBeAsked } from '../../../state/device/found-devices.ts';
import { routesFor } from '../../../state/device/told-in-form.ts';
import { selfToldInWords } from '../../../words/device/self-told.ts';
import { CANCEL, SAVE, SCAN_A_CODE } from '../../../words/kit/buttons.ts';
import { saveManyLabel } from '../../../words/device/dialog/save-found.ts';
import { DEVICE, savedAlreadyText } from '../../../words/device/dialog/device-dialog.ts';
import { deviceText, groupList, protocolField, type TextName } from './device-fields.ts';
import { firstField, formOf } from './device-form.ts';
import { EMPTY_FORM } from '../../../state/device/read-form.ts';
import { summaryOf, without, wrongFields, wrongsOf, type Wrongs } from './device-wrongs.ts';
import { OpenDeviceEvent, OpenSheetEvent, SavedDeviceEvent, type DialogSubject } from '../../kit/events.ts';
import { Autofill, type FormHost } from './autofill.ts';
import {
  isAdvanced,
  moreSettings,
  moreSettingsStyles,
  type MoreSettingsHost,
  type MoreSettingsParts,
} from './more-settings.ts';
import { openModal } from '../../kit/modal.ts';
import { submitByEnter } from '../../kit/text-field.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';
import './find-devices.ts';
import type { FindDevices, FindDevicesParts, FoundDeviceEvent, TickedEvent } from './find-devices.ts';
import { dialogs } from '../../kit/style/dialog-styles.ts';
import { asksUser, broughtToken, tokenField, userField, type SecretFieldsParts } from './secret-fields.ts';
import type { TokenTypedEvent } from './token-field.ts';
import { UnsavedToken, type UnsavedTokenHost } from './unsaved-token.ts';

export type DeviceDialogParts = Pick<App, 'askSelf' | 'checks' | 'devices' | 'questions' | 'updates'> &
  FindDevicesParts &
  MoreSettingsParts &
  SecretFieldsParts;

/** Adds a device, or changes one. What is wrong is said under each field, in words, and a new token is not lost unasked. */
@customElement('device-dialog')
export class DeviceDialog extends LitElement implements FormHost, MoreSettingsHost, UnsavedTokenHost {
  static override styles = [base, buttons, fields, dialogs, moreSettingsStyles];

  @property({ attribute: false }) app!: DeviceDialogParts;
  @property({ attribute: false }) subject: DialogSubject | null = null;
  @state() form: DeviceForm = EMPTY_FORM;
  @state() wrongs: Wrongs = {};
  @state() advanced = false;
  /** How many of those that were found are to be saved together; then there is no form for one. */
  @state() many = 0;
  @query('find-devices') readonly finder!: FindDevices | null;
  @query('dialog') readonly dialog!: HTMLDialogElement;

  readonly #autofill = new Autofill(this);
  readonly #unsavedToken = new UnsavedToken(this);
  #saving = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return;
    this.#autofill.reset();
    this.#unsavedToken.made = null;
    if (this.subject === null) return;
    this.form = formOf(this.subject, this.app.devices.$keeping.get());
    this.wrongs = {};
    this.many = 0;
    this.advanced = this.subject.kind === 'saved' && isAdvanced(this.subject.field);
    this.#saving = false;
    if (this.form.name !== '') this.#autofill.noteTyped('name');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return;
    if (this.subject !== null && !this.dialog.open) {
      openModal(this.dialog);
      const first = firstField(this.subject);
      // The token's field is drawn a moment after the dialog around it.
      if (first !== undefined) requestAnimationFrame(() => this.#focus(first));
    }
    if (this.subject === null && this.dialog.open) this.dialog.close();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @cancel=${this.#cancelled} @close=${this.#closed}>
      ${this.subject === null ? null : this.#content(this.subject)}
    </dialog>`;
  }

  #content(subject: DialogSubject): TemplateResult {
    const { told } = this.#autofill;
    const said = told === null ? '' : selfToldInWords(told, routesFor(told, this.form.prefix));
    return html`<form novalidate @submit=${this.#save} @keydown=${submitByEnter}>
      <h2 id="title">${DEVICE}</h2>
      ${subject.kind === 'new' ? this.#otherWays() : null}
      ${
        subject.kind === 'saved' && subject.said !== undefined
          ? html`<p>${savedAlreadyText(subject.device.name)}</p>`
          : null
      }
      <div class="parts" ?hidden=${this.many > 0}>
        ${this.text('name')} ${this.text('address')}
        <p class="hint" role="status" ?hidden=${said === ''}>${said}</p>
        ${broughtToken(this, subject.kind === 'new' ? subject : subject.said)} ${userField(this, subject)}
        ${tokenField(this, subject)} ${this.text('group')} ${groupList(this.app.devices.$devices.get())}
        ${protocolField(this.form.protocol, (protocol) => this.change({ protocol }))} ${moreSettings(this, subject)}
      </div>
      <div class="end">
        <p class="error" role="alert">${summaryOf(this.wrongs)}</p>
        <button type="button" class="quiet" @click=${this.#close}>${CANCEL}</button>
        <button class="next">${this.many > 0 ? saveManyLabel(this.many) : SAVE}</button>
      </div>
    </form>`;
  }

  /** Ways to a new device other than typing all of it. */
  #otherWays(): TemplateResult {
    return html`<div class="row">
      <button type="button" @click=${this.#scan}>${SCAN_A_CODE}</button>
      <find-devices
        .app=${this.app}
        @moult-found-device=${this.#found}
        @moult-ticked=${({ count }: TickedEvent) => (this.many = count)}
        @moult-saved-found=${this.#close}
      ></find-devices>
    </div>`;
  }

  text(name: TextName): TemplateResult {
    const type = (value: string): void => this.#type(name, value);
    const whole = name === 'address' ? (): void => this.#lookUp() : undefined;
    return deviceText(name, { value: this.form[name] ?? '', wrong: this.wrongs[name], type, whole });
  }

  #type(field: FormField, value: string): void {
    this.change({ [field]: value });
    this.#autofill.noteTyped(field);
  }

  /** A saved device has its name and path already. */
  #lookUp(): void {
    if (this.subject?.kind === 'new') this.#autofill.lookUp();
  }

  fillIn(part: Partial<DeviceForm>): void {
    this.change(part);
  }

  takeToken({ part, isNew }: TokenTypedEvent): void {
    if (isNew) this.#unsavedToken.made = part.token ?? null;
    this.change(part);
  }

  change(part: Partial<DeviceForm>): void {
    this.form = { ...this.form, ...part };
    this.wrongs = without(this.wrongs, part);
  }

  async #scan(): Promise<void> {
    if (await this.#unsavedToken.mayGo()) this.dispatchEvent(new OpenSheetEvent({ kind: 'scan' }));
  }

  async #found({ found }: FoundDeviceEvent): Promise<void> {
    const { name, address, dialect } = found;
    const device = this.app.devices.findAt(address);
    if (device !== undefined) {
      if (await this.#unsavedToken.mayGo()) this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device }));
      return;
    }
    this.#type('address', address);
    this.#type('name', name);
    this.change({ dialect });
    // It has announced all that it would be asked for.
    if (canBeAsked(found)) this.#lookUp();
    this.#focus('token');
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { subject } = this;
    if (subject === null || this.#saving) return;
    this.#saving = true;
    try {
      if (this.many > 0) {
        await this.finder?.save();
        return;
      }
      // Its name may be on the way.
      if (this.form.name.trim() === '') await this.#autofill.settled();
      // So may the token.
      await this.renderRoot.querySelector('sealed-token')?.done;
      const result = await this.app.devices.save(this.form, subject.kind === 'saved' ? subject.device.id : undefined);
      if (result.kind === 'saved') {
        this.#unsavedToken.made = null;
        this.dialog.close();
        this.app.updates.dropEarlyFailure(result.device.id);
        void this.app.checks.check(result.device.id);
        if (subject.kind === 'new') this.dispatchEvent(new SavedDeviceEvent(result.device.id));
        return;
      }
      this.wrongs = wrongsOf(result.wrongs);
    } finally {
      this.#saving = false;
    }
    const wrong = wrongFields(this.wrongs);
    // Its user stands beside its password, above.
    this.advanced ||= wrong.some((field) => isAdvanced(field) && !(field === 'login' && asksUser(this, subject)));
    await this.updateComplete;
    if (wrong[0] !== undefined) this.#focus(wrong[0]);
  }

  #focus(id: string): void {
    this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus();
  }

  async #close(): Promise<void> {
    if (await this.#unsavedToken.mayGo()) this.dialog.close();
  }

  /** By Escape, or a phone's Back. */
  #cancelled(event: Event): void {
    if (!this.#unsavedToken.isThere) return;
    event.preventDefault();
    void this.#close();
  }

  #closed(): void {
    // The event comes late: the dialog may have been opened again.
    if (this.dialog.open) return;
    // A browser lets no page hold a dialog open that is closed twice in a row, and others close it without asking.
    if (this.#unsavedToken.isThere) {
      openModal(this.dialog);
      void this.#close();
      return;
    }
    this.dispatchEvent(new Event('close'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-dialog': DeviceDialog;
  }
}
