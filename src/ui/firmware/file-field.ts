import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { CHANGE, CHANGE_FILE, CHOOSE_A_FILE, CHOOSE_ANOTHER } from '../../words/firmware/firmware-panel.ts';
import { fileInput } from '../kit/style/file-input.ts';
import { arrowDownIcon } from '../kit/style/icons.ts';
import { base } from '../kit/style/base.ts';

/** `first`: nothing is chosen. `another`: what was chosen is no firmware yet. `change`: beside what was chosen. */
export type FileFieldUse = 'first' | 'another' | 'change';

const WORDS: Readonly<Record<FileFieldUse, string>> = {
  first: CHOOSE_A_FILE,
  another: CHOOSE_ANOTHER,
  change: CHANGE,
};

/** What of the app a file is chosen for. */
export type FileFieldParts = Pick<App, 'firmware'>;

/** Where a firmware file is chosen: by a picker; dropping one is the whole window's. */
@customElement('file-field')
export class FileField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    fileInput,
    css`
      .first {
        min-height: 72px;
        border-style: dashed;
      }
      svg {
        color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) app!: FileFieldParts;
  @property() use: FileFieldUse = 'first';

  /** No `accept`: some Android pickers hide .bin files then. */
  protected override render(): TemplateResult {
    const { use } = this;
    return html`<label class="file ${use}">
      ${use === 'first' ? arrowDownIcon : null}${WORDS[use]}
      <input type="file" multiple aria-label=${use === 'change' ? CHANGE_FILE : nothing} @change=${this.#choose} />
    </label>`;
  }

  #choose(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    const files = [...(event.currentTarget.files ?? [])];
    // The same file may be chosen again after it was built anew.
    event.currentTarget.value = '';
    if (files.length > 0) void this.app.firmware.choose(files);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'file-field': FileField;
  }
}
