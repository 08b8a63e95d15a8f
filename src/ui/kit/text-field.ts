/** A field of one line with its label, and below it a hint or what is wrong. Drawn into the root of a form. */
import { html, nothing, type TemplateResult } from 'lit';

export interface TextField {
  /** Unique in its root. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly example: string;
  readonly hint: string;
  /** Stands in the hint's place. */
  readonly wrong: string | undefined;
  readonly longest: number;
  /** Its words begin with a capital on a phone's keyboard. */
  readonly isName?: boolean;
  /** The id of a `datalist`. */
  readonly list?: string;
  readonly type: (value: string) => void;
  /** Called once the value is complete. */
  readonly whole?: (() => void) | undefined;
}

export function textField(field: TextField): TemplateResult {
  const { id, wrong, whole } = field;
  const said = wrong ?? field.hint;
  return html`<div>
    <label for=${id}>${field.label}</label>
    <input
      id=${id}
      type="text"
      autocomplete="off"
      autocapitalize=${field.isName === true ? 'sentences' : 'off'}
      spellcheck="false"
      placeholder=${field.example}
      aria-invalid=${wrong === undefined ? 'false' : 'true'}
      aria-describedby="${id}-hint"
      maxlength=${field.longest}
      list=${field.list ?? nothing}
      .value=${field.value}
      @input=${({ currentTarget }: InputEvent & { readonly currentTarget: HTMLInputElement }) =>
        field.type(currentTarget.value)}
      @change=${whole ?? nothing}
    />
    <p id="${id}-hint" class=${wrong === undefined ? 'hint' : 'error'} ?hidden=${said === ''}>${said}</p>
  </div>`;
}

/** Heard at a form: a field in a shadow root of its own belongs to none, so that Enter in it would do nothing. */
export function submitByEnter(event: KeyboardEvent & { readonly currentTarget: HTMLFormElement }): void {
  const [field] = event.composedPath();
  if (event.key !== 'Enter' || event.isComposing || !(field instanceof HTMLInputElement)) return;
  if (field.form !== null || field.type === 'checkbox') return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
