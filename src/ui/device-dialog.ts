import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../state/app.ts';
import { groupsOf } from '../state/device-choice.ts';
import {
  DEFAULT_PREFIX,
  DEFAULT_TOKEN_HEADER,
  LONGEST,
  PATIENCES_MS,
  USUAL_PATIENCE_MS,
  type DeviceForm,
  type FormField,
} from '../state/devices.ts';
import { EMPTY, formOf } from './device-form.ts';
import { OpenDeviceEvent, OpenSheetEvent, type DialogSubject } from './events.ts';
import { durationInWords } from './quantities.ts';
import { base, buttons, fields } from './theme.ts';
import './device-route.ts';
import './find-devices.ts';
import type { FoundDeviceEvent } from './find-devices.ts';
import { dialogs } from './dialog-styles.ts';
import './token-field.ts';
import type { TokenTypedEvent } from './token-field.ts';

const PROTOCOLS = [
  { value: 'automatic', words: 'Automatic' },
  { value: 'documented', words: 'ViperHTTP as documented' },
  { value: 'shipped', words: 'ViperHTTP as shipped' },
] as const;

/** Adds a device, or changes one. What is wrong is said under its field, in words. */
@customElement('device-dialog')
export class DeviceDialog extends LitElement {
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

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) subject: DialogSubject | null = null;
  @state() form: DeviceForm = EMPTY;
  @state() wrong: { readonly field: FormField; readonly message: string } | null = null;
  @state() advanced = false;
  @state() saving = false;
  @query('dialog') readonly dialog!: HTMLDialogElement;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('subject') || this.subject === null) return;
    this.form = formOf(this.subject, this.app.devices.$keeping.get());
    this.wrong = null;
    this.advanced = this.subject.kind === 'saved' && this.subject.field === 'chip';
    this.saving = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('subject')) return;
    if (this.subject !== null && !this.dialog.open) {
      this.dialog.showModal();
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
    return html`<form novalidate @submit=${this.#save}>
      <h2 id="title">Device</h2>
      ${
        subject.kind === 'new'
          ? html`<div class="row">
              <button type="button" @click=${this.#scan}>Scan a code</button>
              <find-devices .app=${this.app} @moult-found-device=${this.#fillIn}></find-devices>
            </div>`
          : null
      }
      ${
        subject.kind === 'saved' && subject.said !== undefined
          ? html`<p>
              This device is saved here already, as ${subject.device.name}. Save takes over what the link says.
            </p>`
          : null
      }
      ${this.#text('name', 'Name', 'Kitchen sensor', '')}
      ${this.#text('address', 'Address', '192.168.1.50', 'As it stands in its log or on its label. Port 8080 unless you type another.')}
      ${this.#token(subject)} ${this.#group()}
      <fieldset>
        <legend>Protocol</legend>
        ${PROTOCOLS.map(
          ({ value, words }) =>
            html`<label class="choice">
              <input
                id=${this.form.protocol === value ? 'protocol' : nothing}
                type="radio"
                name="protocol"
                value=${value}
                .checked=${this.form.protocol === value}
                @change=${() => this.#change({ protocol: value })}
              />${words}
            </label>`,
        )}
      </fieldset>
      <details ?open=${this.advanced} @toggle=${this.#toggled}>
        <summary>More settings</summary>
        ${this.advanced ? this.#advancedFields(subject) : null}
      </details>
      <div class="end">
        <button type="button" class="quiet" @click=${this.#close}>Cancel</button>
        <button class="next" ?disabled=${this.saving}>Save</button>
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
      ${this.#text('prefix', 'Path of the update routes', DEFAULT_PREFIX, '')}
      ${this.#text('tokenHeader', 'Header (as shipped only)', DEFAULT_TOKEN_HEADER, '')}
      <div>
        <label for="chip">Chip</label>
        <select id="chip" @change=${this.#chooseChip}>
          <option value="" ?selected=${this.form.chipId === null}>Not known; learned from a good update</option>
          ${this.app.setup.chips.map(
            ({ id, name }) => html`<option value=${id} ?selected=${this.form.chipId === id}>${name}</option>`,
          )}
        </select>
      </div>
      <div>
        <label for="patience">Look for it after a restart for</label>
        <select id="patience" @change=${this.#choosePatience}>
          ${this.#patiences().map(
            (ms) =>
              html`<option value=${ms} ?selected=${ms === (this.form.patienceMs ?? USUAL_PATIENCE_MS)}>
                ${durationInWords(ms / 1000)}
              </option>`,
          )}
        </select>
      </div>
    </div>`;
  }

  /** With the device's own, which a backup may have brought. */
  #patiences(): readonly number[] {
    const { patienceMs } = this.form;
    return patienceMs === undefined || PATIENCES_MS.includes(patienceMs) ? PATIENCES_MS : [...PATIENCES_MS, patienceMs];
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
      .wrong=${this.wrong?.field === 'token' ? this.wrong.message : null}
      ?kept=${subject.kind === 'saved' && this.app.devices.$keeping.get().has(subject.device.id)}
      ?keepPlain=${this.form.keepPlain}
      @moult-token-typed=${({ part }: TokenTypedEvent) => this.#change(part)}
    ></token-field>`;
  }

  #group(): TemplateResult {
    const groups = groupsOf(this.app.devices.$devices.get()).filter((group) => group !== '');
    return html`${this.#text('group', 'Group', 'House', 'To find it by, and to update many at once. Leave it empty for none.')}
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
        @input=${(event: InputEvent) => this.#change({ [field]: valueOf(event) })}
      />
      <p id="${field}-hint" class=${wrong === null ? 'hint' : 'error'} ?hidden=${said === ''}>${said}</p>
    </div>`;
  }

  /** What was wrong with a field is not said of what stands in it now. */
  #change(part: Partial<DeviceForm>): void {
    this.form = { ...this.form, ...part };
    if (this.wrong !== null && this.wrong.field in part) this.wrong = null;
  }

  #chooseChip(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    const { value } = event.currentTarget;
    this.#change({ chipId: value === '' ? null : Number(value) });
  }

  #choosePatience(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    this.#change({ patienceMs: Number(event.currentTarget.value) });
  }

  #toggled(event: Event & { readonly currentTarget: HTMLDetailsElement }): void {
    this.advanced = event.currentTarget.open;
  }

  #scan(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'scan' }));
  }

  #fillIn({ found: { name, address } }: FoundDeviceEvent): void {
    const device = this.app.devices.findAt(address);
    if (device !== undefined) {
      this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device }));
      return;
    }
    this.#change({ name, address });
    this.renderRoot.querySelector<HTMLElement>('#token')?.focus();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { subject } = this;
    if (subject === null || this.saving) return;
    this.saving = true;
    try {
      const result = await this.app.devices.save(this.form, subject.kind === 'saved' ? subject.device.id : undefined);
      if (result.saved) {
        this.#close();
        this.app.updates.edited(result.device.id);
        void this.app.checks.check(result.device.id);
        return;
      }
      this.wrong = result;
      this.advanced ||= result.field === 'prefix' || result.field === 'tokenHeader';
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

function valueOf(event: InputEvent): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}

declare global {
  interface HTMLElementTagNameMap {
    'device-dialog': DeviceDialog;
  }
}
