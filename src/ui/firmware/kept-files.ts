import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { nameOf } from '../../state/firmware/library.ts';
import { versionOf } from '../../state/update/update-view.ts';
import { KEPT_FILES } from '../../words/firmware/firmware-panel.ts';
import { bytesInWords } from '../../words/kit/quantities.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';

/** Kept files offered for one tap where nothing is chosen; the rest is in the library. */
const RECENT = 3;

/** What of the app the kept files are drawn from. */
export type KeptFilesParts = Pick<App, 'firmware' | 'library'>;

/** The files that were kept last, each to be chosen by one tap. */
@customElement('kept-files')
export class KeptFiles extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      li {
        border-top: 1px solid var(--line);
      }
      button.link {
        width: 100%;
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: calc(3 * var(--u));
        text-decoration: none;
        color: var(--ink);
      }
      b {
        font-weight: 500;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) app!: KeptFilesParts;
  readonly #library = new Watch(this, () => this.app.library.$records);

  protected override render(): TemplateResult | null {
    const records = this.#library.value.slice(0, RECENT);
    if (records.length === 0) return null;
    return html`<ul aria-label=${KEPT_FILES}>
      ${records.map(
        (record) =>
          html`<li>
            <button class="link" @click=${() => this.app.firmware.chooseFromLibrary(record.sha256)}>
              <b>${nameOf(record)}</b>
              <span class="small soft numbers">${versionOf(record.inspection) ?? bytesInWords(record.size)}</span>
            </button>
          </li>`,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'kept-files': KeptFiles;
  }
}
