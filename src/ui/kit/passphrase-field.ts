/** A field for a passphrase, and below it a hint or what is wrong. Drawn into the root of a form. */
import { html, type TemplateResult } from 'lit';

export interface PassphraseField {
  readonly label: string;
  /** Whether there is one already, which a password manager may know. */
  readonly fill: 'current-password' | 'new-password';
  readonly hint: string;
  /** Stands in the hint's place; null: nothing is wrong. */
  readonly wrong: string | null;
}

export function passphraseField({ label, fill, hint, wrong }: PassphraseField): TemplateResult {
  return html`<div>
    <label for="passphrase">${label}</label>
    <input
      id="passphrase"
      type="password"
      autocomplete=${fill}
      aria-invalid=${wrong === null ? 'false' : 'true'}
      aria-describedby="passphrase-hint"
    />
    <p id="passphrase-hint" class=${wrong === null ? 'hint' : 'error'}>${wrong ?? hint}</p>
  </div>`;
}
