import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import { takesToken } from '../../../state/device/found-devices.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER, LONGEST } from '../../../state/device/read-form.ts';
import type { FoundDevice } from '../../../model/device/found-device.ts';
import { notSaved, TOKEN_FOR_ALL, tokenForAllHint } from '../../../words/device/dialog/save-found.ts';
import { formProblemInWords } from '../../../words/device/dialog/form-problem.ts';
import { base } from '../../kit/style/base.ts';
import { fields } from '../../kit/style/fields.ts';

/** What of the app found devices are saved to. */
export type SaveFoundParts = Pick<App, 'checks' | 'devices'>;

/** All that were ticked are saved. Heard by the dialog around. */
export class SavedFoundEvent extends Event {
  static readonly type = 'moult-saved-found';

  constructor() {
    super(SavedFoundEvent.type, { bubbles: true, composed: true });
  }
}

/** One token for all the devices that are ticked. They are saved by the dialog's button, or by Enter. */
@customElement('save-found')
export class SaveFound extends LitElement {
  static override styles = [
    base,
    fields,
    css`
      form {
        padding-block: calc(3 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) app!: SaveFoundParts;
  @property({ attribute: false }) found: readonly FoundDevice[] = [];
  @property({ attribute: false }) ticked: readonly FoundDevice[] = [];
  @state() wrong: string | null = null;
  #saving = false;
  @query('input') readonly token!: HTMLInputElement | null;

  protected override render(): TemplateResult {
    // For all that were found, not for those that are ticked: what comes and goes would move the boxes under the finger.
    return html`<form novalidate @submit=${this.#submitted}>
      ${this.found.some(takesToken) ? this.#tokenForAll() : this.#wrong()}
    </form>`;
  }

  #wrong(): TemplateResult {
    return html`<p class="error" role="status">${this.wrong}</p>`;
  }

  #tokenForAll(): TemplateResult {
    return html`<div>
      <label for="token">${TOKEN_FOR_ALL}</label>
      <input
        id="token"
        type="password"
        autocomplete="off"
        maxlength=${LONGEST.token}
        aria-invalid=${this.wrong === null ? 'false' : 'true'}
        aria-describedby="token-hint"
      />
      <p id="token-hint" class=${this.wrong === null ? 'hint' : 'error'} role="status">
        ${this.wrong ?? tokenForAllHint(this.found.every(takesToken))}
      </p>
    </div>`;
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault();
    void this.save();
  }

  async save(): Promise<void> {
    if (this.#saving || this.ticked.length === 0) return;
    this.#saving = true;
    this.wrong = null;
    try {
      const { devices, checks } = this.app;
      const usual = { protocol: 'automatic', prefix: DEFAULT_PREFIX, tokenHeader: DEFAULT_TOKEN_HEADER } as const;
      for (const found of this.ticked) {
        const { name, address, dialect } = found;
        if (devices.findAt(address) !== undefined) continue;
        // A PIN or a password is another secret, and belongs to one device.
        const token = takesToken(found) ? (this.token?.value ?? '') : '';
        const result = await devices.save({ name, address, dialect, token, keepPlain: false, chipId: null, ...usual });
        if (result.kind === 'saved') void checks.check(result.device.id);
        else this.wrong ??= notSaved(name, formProblemInWords(result.wrongs[0].problem));
      }
    } finally {
      this.#saving = false;
    }
    if (this.wrong === null) this.dispatchEvent(new SavedFoundEvent());
    // It stands above a long list, and the button below it.
    else this.token?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'save-found': SaveFound;
  }
}
