import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import { takesToken } from '../../../state/device/found-devices.ts';
import { DEFAULT_PREFIX, DEFAULT_TOKEN_HEADER, LONGEST } from '../../../state/device/read-form.ts';
import type { FoundDevice } from '../../../model/device/found-device.ts';
import { notSaved, saveManyLabel, TOKEN_FOR_ALL, tokenForAllHint } from '../../../words/device/dialog/save-found.ts';
import { formProblemInWords } from '../../../words/device/dialog/form-problem.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
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

/** One token for all the devices that were ticked, and the button that saves them. */
@customElement('save-found')
export class SaveFound extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      form {
        display: grid;
        gap: calc(3 * var(--u));
        justify-items: start;
        padding: calc(3 * var(--u)) 0;
        border-bottom: 1px solid var(--line);
      }
      form > div {
        width: 100%;
      }
    `,
  ];

  @property({ attribute: false }) app!: SaveFoundParts;
  @property({ attribute: false }) ticked: readonly FoundDevice[] = [];
  @state() wrong: string | null = null;
  @state() saving = false;
  @query('input') readonly token!: HTMLInputElement | null;

  protected override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#save}>
      ${this.ticked.some(takesToken) ? this.#tokenForAll() : this.#wrong()}
      <button class="next" ?disabled=${this.saving}>${saveManyLabel(this.ticked.length)}</button>
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
        ${this.wrong ?? tokenForAllHint(this.ticked.every(takesToken))}
      </p>
    </div>`;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.saving) return;
    this.saving = true;
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
      this.saving = false;
    }
    if (this.wrong === null) this.dispatchEvent(new SavedFoundEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'save-found': SaveFound;
  }
}
